// Settings of the sandbox's Orchestrator.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_OPTIONS_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace relais::sandbox::robot {

// Somebody who signs in with a password, as Orchestrator allowed up to version 17.
struct Account {
  std::string tenancy = "default";
  std::string user = "admin";
  std::string password = "admin-password";
};

// An external application: it gets tokens for the scopes that it was granted.
struct Application {
  std::string id = "relais";
  std::string secret = "relais-secret";
  // Separated by blanks. Empty: all.
  std::string scopes;
};

struct Options {
  std::vector<Account> accounts = {{}};
  std::vector<Application> applications = {{}};
  std::vector<std::string> tokens = {"rt_demo-token"};  // personal access tokens; never expire
  bool any_token = false;                               // takes every bearer token
  absl::Duration token_life = absl::Hours(1);
  // Robot programs sign in with the licence key of their machine and this.
  std::string machine_secret = "machine-secret";

  // 9 (of 2019.10), 11, 16, 18 or 20: what `api-supported-versions` says, which fields and headers
  // are required, whether a PUT answers with a body, what StartJobs knows and whether it refuses
  // what it does not know, whether there are environments and password logins.
  int version = 20;
  // Refuses what is merely tolerated elsewhere.
  bool strict = false;

  // Where robot logs are kept: with Elasticsearch every row has the Id 0, only the first 10 000
  // rows of a result can be reached, and counts end there.
  bool elasticsearch = true;
  absl::Duration log_lag{};  // from a row's time until it can be read

  absl::Duration start_time = absl::Seconds(1);  // of a job, from its creation
  absl::Duration job_time = absl::Seconds(5);
  absl::Duration stop_time = absl::Seconds(1);

  // Generated beside what is built in: robots spread over folders, log rows of one robot.
  int generated_folders = 0;
  int generated_robots = 0;
  std::int64_t generated_logs = 0;

  std::int64_t default_page_size = 100;
  std::int64_t max_page_size = 1000;
  int job_lists_per_minute = 0;  // GET Jobs beyond get 429; 0: no limit
};

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_OPTIONS_H_

// Settings of the sandbox's job queue.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_OPTIONS_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_OPTIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sandbox/upstreams/jobqueue/queue/job.h"

namespace relais::sandbox::jobqueue {

// Each includes the ones before it.
enum class Permission { kRead, kWrite, kAdmin };

struct Account {
  std::string user;
  std::string password;
  Permission permission = Permission::kRead;
};

// What a caller without credentials is offered. Passwords and bearer tokens are both taken
// whatever is offered; kAnonymous takes everybody for the first account.
enum class SignIn { kBasic, kBearer, kAnonymous };

// A client that may ask the token endpoint for the tokens of `user`.
struct OidcClient {
  std::string id;
  std::string secret;
  std::string user;
};

// How dates are written: 2026-11-21T09:30:00.1234567 followed by Z, +00:00 or nothing.
enum class DateStyle { kZ, kOffset, kNaive };

// A job that nobody submitted. It has no input and stays in its state until somebody changes it.
struct JobSeed {
  std::string name = "Seeded job";
  std::string description;
  std::string type = "ExcelImportJob";  // may be one nobody knows
  JobStatus status = JobStatus::kSucceeded;
  std::string submitter = "demo";
};

struct Options {
  std::vector<Account> accounts = {{"demo", "demo-password", Permission::kAdmin},
                                   {"writer", "writer-password", Permission::kWrite},
                                   {"reader", "reader-password", Permission::kRead}};
  SignIn sign_in = SignIn::kBasic;
  std::map<std::string, std::string> bearer_tokens;  // token to user; these never expire
  std::vector<OidcClient> oidc_clients = {{"relais", "relais-secret", "demo"}};
  std::map<std::string, std::string> refresh_tokens = {{"demo-refresh-token", "demo"}};
  bool rotate_refresh_tokens = false;  // a refresh token is good for one use
  absl::Duration access_token_life = absl::Minutes(10);

  std::string version = "26.1";  // 24.2, 25.1, 25.2 or 26.1
  int concurrency = 1;           // jobs that run at once; 0: none starts
  absl::Duration polling_interval = absl::Milliseconds(50);  // of an idle queue for due jobs
  absl::Duration job_time{};                                 // how long a job runs
  absl::Duration purge_age = absl::Hours(30 * 24);
  absl::Duration purge_interval = absl::Hours(24);
  absl::Duration upload_life = absl::Hours(1);  // of an uploaded file no job has taken
  uint64_t max_upload_bytes = uint64_t{2} << 30;
  DateStyle date_style = DateStyle::kZ;
  std::string state_file;  // SQLite; files go to STATE_FILE.files/. Empty: nothing is kept
  std::vector<JobSeed> jobs;
};

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_OPTIONS_H_

// Settings of the sandbox's RecordSql server.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_OPTIONS_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace relais::sandbox::recordsql {

struct Account {
  std::string user = "DEMO";
  std::string password = "demo-password";
  std::string domain;  // empty: none
  std::string environment = "ERP";
  std::string dossier = "998";  // the company file read when a request names none
};

// Which keys <perf>1 answers with: the two generations of the service, or the new one with its
// stages.
enum class PerfKeys { kOld, kNew, kStaged };

struct Options {
  std::vector<Account> accounts = {Account{}};
  std::string directory;  // dictionaries, allow-list and rows to serve instead of the built-in ones
  absl::Duration token_life = absl::Minutes(45);
  int max_count = 1000;            // the row cap of one reply
  int64_t movement_rows = 300000;  // size of the generated table MOUV
  PerfKeys perf_keys = PerfKeys::kNew;
  std::string rest_version = "3.05";
  // Fill ExpireMinutes, Env, User and Domain of <infostoken>1, which the service leaves "0" and "".
  bool full_token_info = false;
};

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_OPTIONS_H_

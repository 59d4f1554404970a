// The `infos` of a reply: the diagnostics a request's tags ask for, as JSON inside a string.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_CATALOGUE_INFOS_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_CATALOGUE_INFOS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "sandbox/upstreams/recordsql/token.h"

namespace relais::sandbox::recordsql {

// What happened while a request ran.
struct RunFacts {
  std::string dictionary;  // "gtrstab.dhoq"
  std::string record_sql;
  absl::Duration authentication;
  absl::Duration load;
  absl::Duration sql;
  absl::Duration total;
  int rows = 0;
  bool context_loaded = false;  // the dossier named by the request was new to this user
  std::string changed_dossier;  // empty: the request names none
};

class InfosWriter {
 public:
  explicit InfosWriter(const Options& options) : options_(options) {}

  void Perf(const RunFacts& facts, bool with_memory);
  void Version(bool debug);
  void Context(const RunFacts& facts);
  void Token(const TokenClaims& claims, absl::Time now);

  // "" when nothing was written.
  std::string Take();

 private:
  void Open(std::string_view key);

  const Options& options_;
  std::string json_;
};

// The raw trace of <debugenv>1: repeated keys and unescaped text, as the service sends it.
std::string EnvironmentTrace(std::string_view environment);

// True when the tag is present with a value other than "0".
bool IsSet(const std::vector<std::pair<std::string, std::string>>& tags, std::string_view tag);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_CATALOGUE_INFOS_H_

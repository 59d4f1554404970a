// Bodies of Authent/Auth and RecordSql/Execute, decoded as leniently and as strictly as the service
// does.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_REQUEST_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_REQUEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace relais::sandbox::recordsql {

struct AuthRequest {
  std::string domain;
  std::string user;
  std::string password;
  std::string environment;
  std::string infos;
};

struct NamedItem {  // {name, parameters} or {name, condition}
  std::string name;
  std::string text;
};

struct Filter {
  std::string commands;  // the string form
  std::vector<NamedItem> where;
  bool any_of = false;  // operator_where = OR
  std::vector<NamedItem> created;
  std::vector<NamedItem> added;
  std::vector<std::string> removed;
  std::vector<std::string> joins_off;

  bool HasConditions() const { return !where.empty() || !created.empty() || !added.empty(); }
};

struct ExecuteRequest {
  std::string dhoq;
  std::string recordsql;
  std::string access_token;
  std::string parameters;
  std::string fields;
  std::string where;
  std::string where_parameters;
  int64_t offset = 0;
  int64_t count = 0;
  std::string orderby;
  std::string having;
  std::string having_parameters;
  Filter filter;
  std::string infos;
};

// Refuses (failure.h) what is no JSON object, keys with stray blanks, values of a wrong type and
// negative pages. Strings come back trimmed; unknown keys are ignored.
absl::StatusOr<AuthRequest> ReadAuthRequest(std::string_view body);
absl::StatusOr<ExecuteRequest> ReadExecuteRequest(std::string_view body);

std::string Trim(std::string_view text);
// The pieces between `;`, trimmed, empty ones dropped.
std::vector<std::string> SplitList(std::string_view text);

// `<tag>value<tag>value…`: tag names in lower case, values trimmed.
std::vector<std::pair<std::string, std::string>> ReadTags(std::string_view text);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_REQUEST_H_

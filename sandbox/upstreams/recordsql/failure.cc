#include "sandbox/upstreams/recordsql/failure.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"

namespace relais::sandbox::recordsql {
namespace {
constexpr char kPayload[] = "relais.sandbox.recordsql.error";
}

absl::Status Fail(ErrorCode code, std::string_view text) {
  absl::Status status = absl::InvalidArgumentError(std::string(text));
  status.SetPayload(kPayload, absl::Cord(std::to_string(static_cast<int>(code))));
  return status;
}

int CodeOf(const absl::Status& status) {
  int code = static_cast<int>(ErrorCode::kSqlFailed);
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayload);
  if (payload.has_value()) (void)absl::SimpleAtoi(std::string(*payload), &code);
  return code;
}

}  // namespace relais::sandbox::recordsql

// What an ERP means by the number in `error`. The vendor's list is not public, so all but one come
// from the configuration.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_ERROR_CODES_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_ERROR_CODES_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/services/recordsql/codec/codec.h"
#include "server/services/recordsql/config.pb.h"

namespace relais::recordsql {

enum class CodeMeaning {
  kDictionaryNotAuthorized,
  kSessionEnded,
  kInvalid,
  kNotFound,
  kDenied,
  kUnavailable,
};

using ErrorCodes = std::map<std::int64_t, CodeMeaning>;

// Of the keys `…_error_codes` of `erp`. The error names the key, below that of the ERP, and the
// number that has two meanings.
absl::StatusOr<ErrorCodes> ErrorCodesOf(const relais::config::v1::Erp& erp);

// What callers are told; with the upstream's number and words.
absl::Status ErrorOfMeaning(CodeMeaning meaning, const ReplyHead& head);
absl::Status ErrorWithoutMeaning(const ReplyHead& head);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_ERROR_CODES_H_

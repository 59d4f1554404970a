#include "server/services/recordsql/backend/error_codes.h"

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"

namespace relais::recordsql {
namespace {

// The only code that the vendor documents.
constexpr int kDocumented = 54;

Error Said(absl::StatusCode code, Reason reason, const ReplyHead& head) {
  return Error(code, reason)
      .With("upstreamCode", std::to_string(head.error))
      .Localized("fr", head.text);
}

}  // namespace

absl::StatusOr<ErrorCodes> ErrorCodesOf(const relais::config::v1::Erp& erp) {
  ErrorCodes codes = {{kDocumented, CodeMeaning::kDictionaryNotAuthorized}};
  absl::Status status;
  const auto add = [&](const char* key, const auto& numbers, CodeMeaning meaning) {
    for (const int number : numbers) {
      if (codes.emplace(number, meaning).second || !status.ok()) continue;
      status = absl::InvalidArgumentError(
          absl::StrCat(key, ": ", number,
                       number == kDocumented ? " means that a dictionary is not authorized."
                                             : " stands here or in another list already."));
    }
  };
  add("session_error_codes", erp.session_error_codes(), CodeMeaning::kSessionEnded);
  add("invalid_error_codes", erp.invalid_error_codes(), CodeMeaning::kInvalid);
  add("not_found_error_codes", erp.not_found_error_codes(), CodeMeaning::kNotFound);
  add("denied_error_codes", erp.denied_error_codes(), CodeMeaning::kDenied);
  add("unavailable_error_codes", erp.unavailable_error_codes(), CodeMeaning::kUnavailable);
  if (!status.ok()) return status;
  return codes;
}

absl::Status ErrorOfMeaning(CodeMeaning meaning, const ReplyHead& head) {
  switch (meaning) {
    case CodeMeaning::kDictionaryNotAuthorized:
      return Said(absl::StatusCode::kPermissionDenied, Reason::kDictionaryNotAuthorized, head)
             << "The dictionary is not in the upstream's list of authorized dictionaries; its "
                "administrator can add it.";
    case CodeMeaning::kSessionEnded:
      return Said(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected, head)
             << "The upstream does not accept the gateway's session.";
    case CodeMeaning::kInvalid:
      return Said(absl::StatusCode::kInvalidArgument, Reason::kUpstreamRejectedRequest, head)
             << "The upstream does not take the query; its own words are attached.";
    case CodeMeaning::kNotFound:
      return Said(absl::StatusCode::kNotFound, Reason::kResourceNotFound, head)
             << "The upstream does not have what the query names; its own words are attached.";
    case CodeMeaning::kDenied:
      return Said(absl::StatusCode::kPermissionDenied, Reason::kAccessDenied, head)
             << "The gateway's account may not do that in the upstream; its own words are "
                "attached.";
    case CodeMeaning::kUnavailable:
      return Said(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable, head)
             << "The upstream cannot answer now; its own words are attached.";
  }
  return ErrorWithoutMeaning(head);
}

absl::Status ErrorWithoutMeaning(const ReplyHead& head) {
  return Said(absl::StatusCode::kUnknown, Reason::kUpstreamErrorCode, head)
         << "The upstream refused the query with code " << head.error
         << ", whose meaning is not documented; its own words are attached.";
}

}  // namespace relais::recordsql

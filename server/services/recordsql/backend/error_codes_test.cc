#include "server/services/recordsql/backend/error_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/core/base/error.h"

namespace relais::recordsql {
namespace {

using ::relais::config::v1::Erp;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ErrorCodes, KnowTheDocumentedOneAndWhatIsConfigured) {
  Erp erp;
  erp.add_session_error_codes(1);
  erp.add_invalid_error_codes(2);
  erp.add_invalid_error_codes(3);
  erp.add_not_found_error_codes(4);
  erp.add_denied_error_codes(5);
  erp.add_unavailable_error_codes(-6);
  const ErrorCodes expected = {{-6, CodeMeaning::kUnavailable},
                               {1, CodeMeaning::kSessionEnded},
                               {2, CodeMeaning::kInvalid},
                               {3, CodeMeaning::kInvalid},
                               {4, CodeMeaning::kNotFound},
                               {5, CodeMeaning::kDenied},
                               {54, CodeMeaning::kDictionaryNotAuthorized}};
  EXPECT_EQ(ErrorCodesOf(erp).value(), expected);
}

TEST(ErrorCodes, HaveOneMeaningEach) {
  Erp twice;
  twice.add_session_error_codes(7);
  twice.add_denied_error_codes(7);
  EXPECT_THAT(std::string(ErrorCodesOf(twice).status().message()),
              HasSubstr("denied_error_codes: 7 stands"));
  Erp documented;
  documented.add_not_found_error_codes(54);
  EXPECT_THAT(std::string(ErrorCodesOf(documented).status().message()),
              HasSubstr("not_found_error_codes: 54 means"));
}

TEST(ErrorCodes, BecomeStatusAndReasonWithTheUpstreamsWords) {
  struct Case {
    CodeMeaning meaning;
    absl::StatusCode code;
    Reason reason;
  };
  for (const Case& one :
       {Case{CodeMeaning::kDictionaryNotAuthorized, absl::StatusCode::kPermissionDenied,
             Reason::kDictionaryNotAuthorized},
        Case{CodeMeaning::kSessionEnded, absl::StatusCode::kInternal,
             Reason::kGatewayCredentialRejected},
        Case{CodeMeaning::kInvalid, absl::StatusCode::kInvalidArgument,
             Reason::kUpstreamRejectedRequest},
        Case{CodeMeaning::kNotFound, absl::StatusCode::kNotFound, Reason::kResourceNotFound},
        Case{CodeMeaning::kDenied, absl::StatusCode::kPermissionDenied, Reason::kAccessDenied},
        Case{CodeMeaning::kUnavailable, absl::StatusCode::kUnavailable,
             Reason::kUpstreamUnavailable}}) {
    ReplyHead head;
    head.error = 4711;
    head.text = "refusé";
    const absl::Status status = ErrorOfMeaning(one.meaning, head);
    EXPECT_EQ(status.code(), one.code);
    EXPECT_TRUE(HasReason(status, one.reason));
    EXPECT_EQ(DetailsOf(status).localized_message, "refusé");
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("refusé")));
  }
}

}  // namespace
}  // namespace relais::recordsql

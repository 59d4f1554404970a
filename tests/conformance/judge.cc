#include "tests/conformance/judge.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "relais/error/v1/reason.pb.h"
#include "tests/integration/failure.h"

namespace relais::conformance {
namespace {

constexpr std::size_t kMaxMessage = 512;

// One sentence in one line, to be shown to people.
std::string FlawOfMessage(const std::string& message) {
  if (message.size() > kMaxMessage) return "its message is too long";
  if (message != absl::StripAsciiWhitespace(message)) return "its message begins or ends blank";
  for (const char c : message) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) return "its message is not one line";
  }
  return "";
}

}  // namespace

bool IsOfTheClient(const grpc::Status& status) {
  const bool may_be =
      status.error_code() == grpc::CANCELLED || status.error_code() == grpc::DEADLINE_EXCEEDED;
  return may_be && status.error_details().empty();
}

bool IsOfTheServersLibrary(const grpc::Status& status) {
  return status.error_code() == grpc::INTERNAL && status.error_details().empty() &&
         status.error_message() == "Unable to parse request";
}

std::string FlawOf(const grpc::Status& status, const Method& method,
                   const std::string& request_id) {
  const integration::Failure failure = integration::FailureOf(status);
  const auto form = integration::Fails(status, status.error_code(), failure.reason);
  if (!form) return form.message();
  error::v1::Reason reason{};
  const bool known = error::v1::Reason_Parse(failure.reason, &reason);
  if (!known || reason == error::v1::REASON_UNSPECIFIED) return "its reason is not known";
  const auto& metadata = failure.metadata;
  const std::string& service = metadata.at("service");
  const bool there = !method.entry().through.empty() && service == method.entry().through &&
                     metadata.at("connection") == "sandbox";
  if (service != method.service_word() && !there) return "it names another service";
  if (metadata.at("method") != method.name()) return "it names another method";
  if (metadata.at("callId") != request_id) {
    return absl::StrCat("it has the request id ", metadata.at("callId"), " for ", request_id);
  }
  return FlawOfMessage(status.error_message());
}

}  // namespace relais::conformance

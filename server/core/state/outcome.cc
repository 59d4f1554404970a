#include "server/core/state/outcome.h"

#include <optional>
#include <string>
#include <string_view>

#include "server/core/base/error.h"

namespace relais::state {
namespace {

std::optional<std::string> MetadataOf(const ErrorDetails& details, std::string_view key) {
  for (const auto& [name, value] : details.metadata) {
    if (name == key) return value;
  }
  return std::nullopt;
}

// A gateway in front of the upstream answers 5xx also when it has lost the upstream's own reply.
bool IsRefusal(const std::string& http_status) {
  return (http_status.size() == 3 && http_status[0] == '4' && http_status != "408") ||
         http_status == "501";
}

// Of an error that says nothing else: whether its reason is one that comes up after sending.
bool ComesAfterSending(Reason reason) {
  switch (reason) {
    case Reason::kCallerDeadline:
    case Reason::kCallerCancelled:
    case Reason::kGatewayInternal:
    case Reason::kUpstreamFailed:
    case Reason::kUpstreamUnavailable:
    case Reason::kUpstreamTimeout:
    case Reason::kUpstreamMalformedResponse:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool MayHaveHappened(const absl::Status& failure) {
  const ErrorDetails details = DetailsOf(failure);
  if (const auto outcome = MetadataOf(details, "outcome")) return *outcome != "none";
  if (MetadataOf(details, "requestSent")) return true;
  const auto status = MetadataOf(details, "httpStatus");
  if (status && status->front() != '2') return !IsRefusal(*status);
  const auto attempts = MetadataOf(details, "attempts");
  if (attempts == "0") return false;
  // The transport's word for a request that it could not even begin to send.
  if (attempts && details.reason == Reason::kGatewayInternal) return false;
  return ComesAfterSending(details.reason);
}

}  // namespace relais::state

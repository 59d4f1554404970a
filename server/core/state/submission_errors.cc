#include "server/core/state/submission_errors.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"

namespace relais::state {
namespace {

constexpr char kMarkers[] = "markers";  // metadata between finders and submissions

}  // namespace

absl::Status KeepsNoMarkers() {
  return Error(absl::StatusCode::kUnimplemented, Reason::kUpstreamUnsupported)
             .With(kMarkers, "none")
         << "The upstream keeps no marks by which submissions could be found.";
}

bool IsKeepsNoMarkers(const absl::Status& status) {
  if (status.ok()) return false;
  const ErrorDetails details = DetailsOf(status);
  return std::any_of(details.metadata.begin(), details.metadata.end(),
                     [](const auto& entry) { return entry.first == kMarkers; });
}

absl::Status Reused() {
  return Error(absl::StatusCode::kInvalidArgument, Reason::kRequestIdReused)
         << "The request id was used before with other arguments; take a new one.";
}

absl::Status InProgress() {
  return Error(absl::StatusCode::kAborted, Reason::kRequestInProgress).RetryAfter(absl::Seconds(1))
         << "A call with the same request id is under way; call again for its answer.";
}

absl::Status NothingSubmitted(const absl::Status& failure, absl::Duration retry_after) {
  ErrorDetails details = DetailsOf(failure);
  std::erase_if(details.metadata, [](const auto& entry) { return entry.first == "outcome"; });
  details.metadata.emplace_back("outcome", "none");
  // An upstream that failed of itself will most likely fail again.
  const bool may_pass = details.reason != Reason::kUpstreamFailed;
  if (may_pass && !details.retry_after) details.retry_after = retry_after;
  absl::Status status(may_pass ? absl::StatusCode::kUnavailable : failure.code(),
                      absl::StrCat(failure.message(), " Nothing was submitted",
                                   may_pass ? "; the call may be repeated." : "."));
  SetDetails(status, details);
  return status;
}

absl::Status OutcomeUnknown(const std::string& request_id, const absl::Status& cause,
                            std::optional<absl::Duration> ask_again) {
  ErrorDetails details;
  details.reason = Reason::kSubmissionOutcomeUnknown;
  details.metadata = DetailsOf(cause).metadata;
  std::erase_if(details.metadata, [](const auto& entry) {
    return entry.first == "outcome" || entry.first == kMarkers;
  });
  details.metadata.emplace_back("outcome", "unknown");
  details.metadata.emplace_back("submissionRequestId", request_id);
  details.retry_after = ask_again;
  details.localized_locale = DetailsOf(cause).localized_locale;
  details.localized_message = DetailsOf(cause).localized_message;
  absl::Status status(absl::StatusCode::kUnknown,
                      ask_again
                          ? "Whether the upstream has taken the submission cannot be known now; "
                            "call again with the same request id to ask it anew."
                          : "Whether the upstream has taken the submission cannot be known: "
                            "look there before you submit it under another request id.");
  SetDetails(status, details);
  return status;
}

}  // namespace relais::state

#include "server/services/campaign/backend/problem.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/view.h"
#include "server/json/tidy.h"

namespace relais::campaign {
namespace {

using Code = absl::StatusCode;

struct KnownProblem {
  std::string_view family;
  std::string_view code;  // empty: any other
  Code status;
  Reason reason;
  std::string_view message;
};

constexpr KnownProblem kProblems[] = {
    {"value", "unknown_command", Code::kUnimplemented, Reason::kUpstreamUnsupported,
     "The upstream does not know the command."},
    {"value", "arguments", Code::kInvalidArgument, Reason::kUpstreamRejectedRequest,
     "The upstream does not accept an argument."},
    {"value", "", Code::kInternal, Reason::kUpstreamMalformedResponse,
     "The upstream's own library could not read the reply of the server."},
    {"command", "connection", Code::kUnavailable, Reason::kUpstreamUnreachable,
     "The server behind the upstream's library could not be reached."},
    {"command", "logon", Code::kInternal, Reason::kGatewayCredentialRejected,
     "The upstream refused the gateway's account; an operator must correct it."},
    {"command", "session", Code::kInternal, Reason::kGatewayCredentialRejected,
     "The upstream does not accept the gateway's session."},
    {"command", "forbidden", Code::kPermissionDenied, Reason::kAccessDenied,
     "The upstream forbids this operation to the gateway's account."},
    {"command", "not_found", Code::kNotFound, Reason::kResourceNotFound,
     "The upstream does not know the resource, or hides it from the gateway's account."},
    {"command", "exists", Code::kAlreadyExists, Reason::kResourceExists,
     "The upstream has another one of that name already."},
    {"command", "state", Code::kFailedPrecondition, Reason::kPreconditionFailed,
     "The resource is not in a state that allows the operation."},
    {"command", "", Code::kUnknown, Reason::kUpstreamErrorCode,
     "The upstream refused the command without a reason that is known."},
    {"action", "", Code::kAborted, Reason::kActionFailed,
     "The upstream accepted the action, but its work failed before it had an id."},
};

// What goes into metadata: a word.
std::string WordIn(const std::string& text) {
  constexpr std::size_t kLongest = 64;
  std::string word = text.substr(0, kLongest);
  std::replace_if(
      word.begin(), word.end(), [](char c) { return !absl::ascii_isalnum(c) && c != '_'; }, '_');
  return word;
}

const KnownProblem* Find(const Problem& problem) {
  for (const KnownProblem& known : kProblems) {
    if (known.family == problem.family && (known.code.empty() || known.code == problem.code))
      return &known;
  }
  return nullptr;
}

}  // namespace

absl::Status MeaningOf(const CommandReply& reply) {
  if (!reply.refusal.ok()) return reply.refusal;
  absl::StatusOr<std::optional<Problem>> problem = DecodeProblem(reply.body);
  // A refusal in the words of an old code page is one all the same; a result is not looked at so.
  if (!problem.ok()) {
    auto recoded = DecodeProblem(json::ToUtf8(reply.body));
    if (!recoded.ok() || !recoded->has_value()) return problem.status();
    problem = std::move(recoded);
  }
  return *problem ? MeaningOf(**problem) : absl::OkStatus();
}

absl::Status MeaningOf(const Problem& problem) {
  const KnownProblem* const known = Find(problem);
  ErrorDetails details;
  details.reason = known == nullptr ? Reason::kUpstreamMalformedResponse : known->reason;
  // The library lost its server, maybe after it had sent the command.
  if (problem.sent || details.reason == Reason::kUpstreamUnreachable)
    details.metadata.emplace_back("requestSent", "true");
  details.metadata.emplace_back("upstreamCode",
                                absl::StrCat(WordIn(problem.family), "/", WordIn(problem.code)));
  if (!problem.message.empty()) {
    details.localized_locale = "fr";
    details.localized_message = problem.message;
  }
  absl::Status status(known == nullptr ? Code::kInternal : known->status,
                      known == nullptr ? "The upstream tells an error of a kind that is not known."
                                       : View(known->message));
  SetDetails(status, details);
  return status;
}

}  // namespace relais::campaign

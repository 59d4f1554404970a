#include "server/services/campaign/backend/problem.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
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
    {"command", "not_found", Code::kNotFound, Reason::kResourceNotFound, ""},  // see NotFound
    {"command", "exists", Code::kAlreadyExists, Reason::kResourceExists,
     "The upstream has another one of that name already."},
    {"command", "state", Code::kFailedPrecondition, Reason::kPreconditionFailed,
     "The resource is not in a state that allows the operation."},
    {"command", "", Code::kUnknown, Reason::kUpstreamErrorCode,
     "The upstream refused the command without a reason that is known."},
    {"action", "", Code::kAborted, Reason::kActionFailed,
     "The upstream accepted the action, but its work failed before it had an id."},
};

// What a command names. The upstream says that something of it is not there, and not what.
struct Named {
  std::string_view command;
  std::string_view things;
};

constexpr Named kNamed[] = {
    {"get_message_from_name", "message or its model"},
    {"delete_campaign", "campaign"},
    {"last_answer_date_for_campaign", "campaign"},
    {"list_answer", "campaign"},
    {"get_answer", "answer"},
    {"delete_answer", "answer"},
    {"get_qst_sent", "questionnaire"},
    {"close_qst", "questionnaire"},
    {"get_action_status", "run of an action"},
    {"get_action_log", "run of an action"},
    {"get_polling_log", "polling"},
    {"insert_user", "model or the group of a model"},
    {"edit_user", "user, a model or the group of a model"},
    {"delete_user", "user"},
    {"action_campaign_launch", "action or the message"},
    {"action_restitution_launch", "action or the message"},
    {"action_reporting", "action or the message"},
    {"action_reporting_qst", "action or the message"},
    {"action_campaign_close", "campaign, the action or the message"},
    {"action_campaign_followup", "campaign, the message or an entity"},
    {"action_campaign_integration", "action"},
    {"action_sql", "action"},
    {"action_combined", "action"},
    {"action_create_users", "action"},
    {"action_remove_answer_rights", "action"},
    {"action_open_close_qst", "action"},
};

std::string NotFound(std::string_view command) {
  const auto* const named =
      std::find_if(std::begin(kNamed), std::end(kNamed),
                   [command](const Named& each) { return each.command == command; });
  const std::string_view things = named == std::end(kNamed) ? "resource" : named->things;
  return absl::StrCat("The upstream does not know the ", View(things),
                      ", or hides it from the gateway's account.");
}

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

absl::Status MeaningOf(const CommandReply& reply, std::string_view command) {
  if (!reply.refusal.ok()) return reply.refusal;
  absl::StatusOr<std::optional<Problem>> problem = DecodeProblem(reply.body);
  // A refusal in the words of an old code page is one all the same; a result is not looked at so.
  if (!problem.ok()) {
    auto recoded = DecodeProblem(json::ToUtf8(reply.body));
    if (!recoded.ok() || !recoded->has_value()) return problem.status();
    problem = std::move(recoded);
  }
  return *problem ? MeaningOf(**problem, command) : absl::OkStatus();
}

absl::Status MeaningOf(const Problem& problem, std::string_view command) {
  const KnownProblem* const known = Find(problem);
  ErrorDetails details;
  details.reason = known == nullptr ? Reason::kUpstreamMalformedResponse : known->reason;
  // The library lost its server, maybe after it had sent the command.
  if (problem.sent || details.reason == Reason::kUpstreamUnreachable)
    details.metadata.emplace_back("requestSent", "true");
  details.metadata.emplace_back("upstreamCode",
                                absl::StrCat(WordIn(problem.family), "/", WordIn(problem.code)));
  if (!problem.message.empty()) {
    details.localized_locale = "und";  // the library has French texts and English ones
    details.localized_message = problem.message;
  }
  absl::Status status(Code::kInternal, "The upstream tells an error of a kind that is not known.");
  if (known != nullptr) {
    status = absl::Status(known->status,
                          known->message.empty() ? NotFound(command) : std::string(known->message));
  }
  SetDetails(status, details);
  return status;
}

}  // namespace relais::campaign

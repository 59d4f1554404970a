#include "server/services/robot/backend/problem.h"

#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/number.h"
#include "server/core/base/text/view.h"
#include "server/core/upstream/http_status.h"
#include "server/services/robot/codec/codec.h"

namespace relais::robot {
namespace {

using Code = absl::StatusCode;

constexpr std::int64_t kNameUsed = 1001;
constexpr std::int64_t kInvalidRequest = 1000;

struct Meaning {
  Code code;
  Reason reason;
  std::string_view message;
};

std::optional<Meaning> MeaningOfCode(std::int64_t code) {
  switch (code) {
    case kNameUsed:
      return Meaning{Code::kAlreadyExists, Reason::kResourceExists,
                     "The upstream has another one of that name already."};
    case 1002:
      return Meaning{Code::kNotFound, Reason::kResourceNotFound, ""};
    case 1017:
      return Meaning{Code::kPermissionDenied, Reason::kAccessDenied,
                     "The upstream forbids this operation in the folder to the gateway's account."};
    case 1024:
      return Meaning{Code::kFailedPrecondition, Reason::kPreconditionFailed,
                     "The upstream does not let the field be changed now; is the robot busy?"};
    case 1100:
      return Meaning{Code::kNotFound, Reason::kResourceNotFound,
                     "The upstream has no such folder, or the gateway's account may not use it."};
    case 1101:
      return Meaning{Code::kFailedPrecondition, Reason::kPreconditionFailed,
                     "The upstream wants to be told a folder for this operation."};
    case 1500:
      return Meaning{Code::kFailedPrecondition, Reason::kPreconditionFailed,
                     "The upstream wants a password with the user name."};
    case 4502:
      return Meaning{Code::kResourceExhausted, Reason::kUpstreamRateLimited,
                     "The upstream's daily quota of such calls is used up."};
    default:
      return std::nullopt;
  }
}

std::optional<Meaning> Particular(const HttpReply& reply, const UpstreamProblem& problem,
                                  bool changes_robot) {
  if (absl::StrContains(reply.body, "max_result_window")) {
    return Meaning{Code::kOutOfRange, Reason::kRequestOutOfRange,
                   "The upstream reaches only the first rows of so large a result; narrow the "
                   "times, or tail the logs."};
  }
  const bool refused = reply.status == 400 || reply.status == 409;
  const std::int64_t code = ParseNumber(problem.code).value_or(0);
  if (refused || reply.status == 403 || reply.status == 404) {
    if (auto meaning = MeaningOfCode(code)) return meaning;
  }
  if (reply.status == 409) {
    return Meaning{Code::kFailedPrecondition, Reason::kPreconditionFailed,
                   "The resource is not in a state that allows the operation."};
  }
  const bool bare = problem.code.empty() || problem.code == "0" || code == kInvalidRequest;
  if (changes_robot && reply.status == 400 && bare) {
    return Meaning{Code::kFailedPrecondition, Reason::kPreconditionFailed,
                   "The upstream does not let this robot be changed; robots of modern folders come "
                   "from their users."};
  }
  return std::nullopt;
}

bool IsPage(const HttpReply& reply) {
  const std::string type(reply.Header("content-type").value_or(""));
  return absl::StartsWithIgnoreCase(type, "text/html") ||
         absl::StripLeadingAsciiWhitespace(reply.body).substr(0, 1) == "<";
}

}  // namespace

absl::Status MeaningOf(const HttpReply& reply, absl::Time now, bool changes_robot,
                       std::string_view subject) {
  absl::Status status = StatusOfReply(reply, now);
  if (status.ok()) {
    if (!IsPage(reply)) return status;
    return Error(Code::kInternal, Reason::kUpstreamMalformedResponse)
               .With("httpStatus", absl::StrCat(reply.status))
           << "The upstream answered with a page instead of data; the base URL of the connection "
              "may "
              "be wrong.";
  }
  NameTheMissing(subject, status);
  const UpstreamProblem problem = DecodeProblem(reply.body);
  ErrorDetails details = DetailsOf(status);
  if (const auto meaning = Particular(reply, problem, changes_robot)) {
    details.reason = meaning->reason;
    status = absl::Status(meaning->code, View(meaning->message));
  }
  if (!problem.code.empty()) details.metadata.emplace_back("upstreamCode", problem.code);
  if (!problem.trace_id.empty())
    details.metadata.emplace_back("upstreamRequestId", problem.trace_id);
  // The header goes before.
  if (reply.status == 429 && problem.retry_after && !reply.Header("retry-after"))
    details.retry_after = problem.retry_after;
  if (!problem.message.empty()) {
    details.localized_locale = "und";  // users have cultures
    details.localized_message = problem.message;
  }
  SetDetails(status, details);
  if (status.message().empty()) NameTheMissing(subject, status);
  return status;
}

}  // namespace relais::robot

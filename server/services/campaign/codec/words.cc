#include "server/services/campaign/codec/words.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "server/core/base/view.h"

namespace relais::campaign {
namespace {

using v1::ActionRun;
using v1::Answer;
using v1::Campaign;
using v1::Polling;
using v1::User;

template <typename Enum>
struct KnownWord {
  Enum value;
  std::string_view word;
};

constexpr KnownWord<ActionRun::State> kActionStates[] = {
    {ActionRun::STATE_UNSPECIFIED, "NONE"},
    {ActionRun::STATE_QUEUED, "QUEUED"},
    {ActionRun::STATE_RUNNING, "RUNNING"},
    {ActionRun::STATE_SUCCEEDED, "SUCCEEDED"},
    {ActionRun::STATE_SUCCEEDED_WITH_WARNINGS, "SUCCEEDED_WITH_WARNINGS"},
    {ActionRun::STATE_FAILED, "FAILED"},
    {ActionRun::STATE_CANCELLED, "CANCELLED"},
};
constexpr KnownWord<Campaign::State> kCampaignStates[] = {{Campaign::STATE_OPEN, "open"},
                                                          {Campaign::STATE_CLOSED, "closed"}};
constexpr KnownWord<Answer::Status> kStatuses[] = {{Answer::STATUS_NOT_ANSWERED, "not_answered"},
                                                   {Answer::STATUS_WAITING, "waiting"},
                                                   {Answer::STATUS_VALIDATED, "validated"},
                                                   {Answer::STATUS_INVALIDATED, "invalidated"}};
constexpr KnownWord<User::Privilege> kPrivileges[] = {
    {User::PRIVILEGE_NONE, "NONE"},
    {User::PRIVILEGE_DEVELOPER, "DEVELOPER"},
    {User::PRIVILEGE_ADMINISTRATOR, "ADMINISTRATOR"}};
constexpr KnownWord<Polling::State> kPollingEnds[] = {
    {Polling::STATE_SUCCEEDED, "SUCCEEDED"},
    {Polling::STATE_SUCCEEDED_WITH_WARNINGS, "SUCCEEDED_WITH_WARNINGS"},
    {Polling::STATE_FAILED, "FAILED"}};

template <typename Enum, std::size_t N>
Enum Find(const KnownWord<Enum> (&words)[N], std::string_view word, Enum none, Enum other) {
  if (word.empty()) return none;
  for (const auto& known : words) {
    if (absl::EqualsIgnoreCase(View(known.word), View(word))) return known.value;
  }
  return other;
}

}  // namespace

ActionRun::State ActionStateOf(std::string_view word) {
  return Find(kActionStates, word, ActionRun::STATE_UNSPECIFIED, ActionRun::STATE_OTHER);
}

Campaign::State CampaignStateOf(std::string_view word) {
  return Find(kCampaignStates, word, Campaign::STATE_UNSPECIFIED, Campaign::STATE_OTHER);
}

Answer::Status AnswerStatusOf(std::string_view word) {
  return Find(kStatuses, word, Answer::STATUS_UNSPECIFIED, Answer::STATUS_OTHER);
}

User::Privilege PrivilegeOf(std::string_view word) {
  return Find(kPrivileges, word, User::PRIVILEGE_UNSPECIFIED, User::PRIVILEGE_OTHER);
}

// A polling that has ended without a word has ended all the same.
Polling::State PollingEndOf(std::string_view word) {
  return Find(kPollingEnds, word, Polling::STATE_OTHER, Polling::STATE_OTHER);
}

std::string_view WordOf(User::Privilege privilege) {
  for (const auto& known : kPrivileges) {
    if (known.value == privilege) return known.word;
  }
  return {};
}

bool HasEnded(ActionRun::State state) {
  return state == ActionRun::STATE_SUCCEEDED || state == ActionRun::STATE_SUCCEEDED_WITH_WARNINGS ||
         state == ActionRun::STATE_FAILED || state == ActionRun::STATE_CANCELLED;
}

}  // namespace relais::campaign

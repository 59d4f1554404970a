#include "server/services/campaign/codec/words.h"

#include "server/gateway/messages/words.h"

namespace relais::campaign {
namespace {

using gateway::ValueOf;
using gateway::Word;
using v1::ActionRun;
using v1::Answer;
using v1::Campaign;
using v1::Polling;
using v1::User;

constexpr Word<ActionRun::State> kActionStates[] = {
    {ActionRun::STATE_UNSPECIFIED, "NONE"},
    {ActionRun::STATE_QUEUED, "QUEUED"},
    {ActionRun::STATE_RUNNING, "RUNNING"},
    {ActionRun::STATE_SUCCEEDED, "SUCCEEDED"},
    {ActionRun::STATE_SUCCEEDED_WITH_WARNINGS, "SUCCEEDED_WITH_WARNINGS"},
    {ActionRun::STATE_FAILED, "FAILED"},
    {ActionRun::STATE_CANCELLED, "CANCELLED"},
};
constexpr Word<Campaign::State> kCampaignStates[] = {{Campaign::STATE_OPEN, "open"},
                                                     {Campaign::STATE_CLOSED, "closed"}};
constexpr Word<Answer::Status> kStatuses[] = {{Answer::STATUS_NOT_ANSWERED, "not_answered"},
                                              {Answer::STATUS_WAITING, "waiting"},
                                              {Answer::STATUS_VALIDATED, "validated"},
                                              {Answer::STATUS_INVALIDATED, "invalidated"}};
constexpr Word<User::Privilege> kPrivileges[] = {{User::PRIVILEGE_NONE, "NONE"},
                                                 {User::PRIVILEGE_DEVELOPER, "DEVELOPER"},
                                                 {User::PRIVILEGE_ADMINISTRATOR, "ADMINISTRATOR"}};
constexpr Word<Polling::State> kPollingEnds[] = {
    {Polling::STATE_SUCCEEDED, "SUCCEEDED"},
    {Polling::STATE_SUCCEEDED_WITH_WARNINGS, "SUCCEEDED_WITH_WARNINGS"},
    {Polling::STATE_FAILED, "FAILED"}};

}  // namespace

ActionRun::State ActionStateOf(std::string_view word) {
  return ValueOf(kActionStates, word, ActionRun::STATE_OTHER);
}

Campaign::State CampaignStateOf(std::string_view word) {
  return ValueOf(kCampaignStates, word, Campaign::STATE_OTHER);
}

Answer::Status AnswerStatusOf(std::string_view word) {
  return ValueOf(kStatuses, word, Answer::STATUS_OTHER);
}

User::Privilege PrivilegeOf(std::string_view word) {
  return ValueOf(kPrivileges, word, User::PRIVILEGE_OTHER);
}

// A polling that has ended without a word has ended all the same.
Polling::State PollingEndOf(std::string_view word) {
  return word.empty() ? Polling::STATE_OTHER : ValueOf(kPollingEnds, word, Polling::STATE_OTHER);
}

std::string_view WordOf(User::Privilege privilege) {
  return gateway::WordOf(kPrivileges, privilege);
}

bool HasEnded(ActionRun::State state) {
  return state == ActionRun::STATE_SUCCEEDED || state == ActionRun::STATE_SUCCEEDED_WITH_WARNINGS ||
         state == ActionRun::STATE_FAILED || state == ActionRun::STATE_CANCELLED;
}

}  // namespace relais::campaign

#include "server/services/campaign/backend/problem.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "absl/strings/match.h"
#include "server/core/base/error.h"
#include "server/core/state/outcome.h"
#include "tests/support/metadata.h"

namespace relais::campaign {
namespace {

using Code = absl::StatusCode;

// Each family and code, and whether an action that was refused so may run all the same.
TEST(CampaignProblem, EachHasItsStatusAndReason) {
  struct Case {
    const char* family;
    const char* code;
    Code status;
    Reason reason;
    bool may_have_happened;
  };
  for (const Case& each : std::initializer_list<Case>{
           {"value", "unknown_command", Code::kUnimplemented, Reason::kUpstreamUnsupported, false},
           {"value", "arguments", Code::kInvalidArgument, Reason::kUpstreamRejectedRequest, false},
           {"value", "reply", Code::kInternal, Reason::kUpstreamMalformedResponse, true},
           {"value", "", Code::kInternal, Reason::kUpstreamMalformedResponse, true},
           {"command", "connection", Code::kUnavailable, Reason::kUpstreamUnreachable, true},
           {"command", "logon", Code::kInternal, Reason::kGatewayCredentialRejected, false},
           {"command", "session", Code::kInternal, Reason::kGatewayCredentialRejected, false},
           {"command", "forbidden", Code::kPermissionDenied, Reason::kAccessDenied, false},
           {"command", "not_found", Code::kNotFound, Reason::kResourceNotFound, false},
           {"command", "exists", Code::kAlreadyExists, Reason::kResourceExists, false},
           {"command", "state", Code::kFailedPrecondition, Reason::kPreconditionFailed, false},
           {"command", "E42", Code::kUnknown, Reason::kUpstreamErrorCode, false},
           {"action", "failed", Code::kAborted, Reason::kActionFailed, false},
           {"new", "", Code::kInternal, Reason::kUpstreamMalformedResponse, true}}) {
    const std::string which = std::string(each.family) + "/" + each.code;
    absl::Status status = MeaningOf(Problem{each.family, each.code, "Texte"}, "action_sql");
    EXPECT_EQ(status.code(), each.status) << which;
    EXPECT_TRUE(HasReason(status, each.reason)) << which;
    EXPECT_EQ(Metadata(status, "upstreamCode"), which);
    EXPECT_EQ(DetailsOf(status).localized_message, "Texte");
    AddMetadata(status, "httpStatus", "200");
    EXPECT_EQ(state::MayHaveHappened(status), each.may_have_happened) << which;
  }
}

TEST(CampaignProblem, IsOneInTheWordsOfAnOldCodePageToo) {
  const absl::Status status = MeaningOf(
      {.body = "{\"error\":{\"family\":\"command\",\"code\":7,\"message\":\"Refus\xe9\"}}"},
      "list_user");
  EXPECT_EQ(DetailsOf(status).localized_message, "Refusé");
  EXPECT_EQ(Metadata(status, "upstreamCode"), "command/");
  EXPECT_TRUE(HasReason(MeaningOf({.body = "{\"result\":{\"name\":\"\xe9\"}}"}, "list_user"),
                        Reason::kUpstreamMalformedResponse));
}

// A library's exception: its type and text may be those of a refusal, but do not prove one.
TEST(CampaignProblem, WhatWasSentMayHaveHappenedWhateverItsCode) {
  for (const char* code : {"logon", "session", "forbidden", "not_found", "exists", "failed"}) {
    Problem problem{"command", code, "Connexion perdue (login admin)"};
    EXPECT_FALSE(state::MayHaveHappened(MeaningOf(problem, "action_sql"))) << code;
    problem.sent = true;
    EXPECT_TRUE(state::MayHaveHappened(MeaningOf(problem, "action_sql"))) << code;
  }
}

TEST(CampaignProblem, WhatIsNotFoundHasItsNoun) {
  struct Case {
    const char* command;
    const char* things;
  };
  for (const Case& each :
       std::initializer_list<Case>{{"get_action_status", "run of an action"},
                                   {"get_polling_log", "polling"},
                                   {"close_qst", "questionnaire"},
                                   {"get_message_from_name", "message or its model"},
                                   {"list_answer", "campaign"},
                                   {"delete_user", "user"},
                                   {"edit_user", "user, a model or the group of a model"},
                                   {"action_campaign_launch", "action or the message"},
                                   {"action_sql", "action"},
                                   {"list_project", "resource"}}) {
    const absl::Status status =
        MeaningOf(Problem{"command", "not_found", "introuvable"}, each.command);
    EXPECT_EQ(status.message(), "The upstream does not know the " + std::string(each.things) +
                                    ", or hides it from the gateway's account.");
    EXPECT_EQ(DetailsOf(status).localized_message, "introuvable");
    EXPECT_EQ(DetailsOf(status).localized_locale, "und") << "the library speaks two languages";
  }
}

// No command that names something is left out.
TEST(CampaignProblem, EveryActionHasItsNoun) {
  v1::LaunchCampaignRequest launch;
  launch.set_message("instances/i/models/m/messages/x");
  v1::RemindCampaignRequest reminder;
  reminder.set_name("instances/i/campaigns/m~20260101~collect");
  reminder.set_message("instances/i/models/m/messages/x");
  for (const Command& command :
       {EncodeAction(launch), EncodeAction(reminder), EncodeAction(v1::RunSqlActionRequest()),
        EncodeAction(v1::RunCombinedActionRequest()), EncodeAction(v1::RunUserCreationRequest()),
        EncodeAction(v1::RemoveAnswerRightsRequest()),
        EncodeAction(v1::OpenCloseQuestionnairesRequest())}) {
    EXPECT_FALSE(absl::StrContains(
        MeaningOf(Problem{"command", "not_found", ""}, command.name).message(), "the resource"))
        << command.name;
  }
}

TEST(CampaignProblem, ACodeIsAWordWhateverTheUpstreamWrites) {
  const absl::Status status =
      MeaningOf(Problem{"command", "a b\n" + std::string(200, 'x'), ""}, "action_sql");
  EXPECT_EQ(Metadata(status, "upstreamCode"), "command/a_b_" + std::string(60, 'x'));
  EXPECT_EQ(DetailsOf(status).localized_message, "");
}

TEST(CampaignProblem, WhatTheTransportRefusesGoesBefore) {
  CommandReply reply{.body = R"({"result":{}})"};
  EXPECT_TRUE(MeaningOf(reply, "list_user").ok());
  reply.refusal = Error(Code::kUnavailable, Reason::kUpstreamUnavailable) << "Out of service.";
  EXPECT_TRUE(HasReason(MeaningOf(reply, "list_user"), Reason::kUpstreamUnavailable));
  EXPECT_TRUE(HasReason(MeaningOf(CommandReply{.body = "<html>"}, "list_user"),
                        Reason::kUpstreamMalformedResponse));
}

}  // namespace
}  // namespace relais::campaign

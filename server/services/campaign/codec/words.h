// The upstream's words for states, and their meaning.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_CODEC_WORDS_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_CODEC_WORDS_H_

#include <string_view>

#include "relais/campaign/v1/campaign.pb.h"

namespace relais::campaign {

// Compared without regard to case; OTHER for a word that nobody knows, UNSPECIFIED for none.
v1::ActionRun::State ActionStateOf(std::string_view word);
v1::Campaign::State CampaignStateOf(std::string_view word);
v1::Answer::Status AnswerStatusOf(std::string_view word);
v1::User::Privilege PrivilegeOf(std::string_view word);
// How a polling has ended.
v1::Polling::State PollingEndOf(std::string_view word);

// Empty: there is none.
std::string_view WordOf(v1::User::Privilege privilege);

// Whether it will not change any more.
bool HasEnded(v1::ActionRun::State state);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_CODEC_WORDS_H_

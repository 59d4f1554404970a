// What a refusal of an instance of campaigns means.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_PROBLEM_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_PROBLEM_H_

#include <string_view>

#include "absl/status/status.h"
#include "server/services/campaign/backend/commands.h"
#include "server/services/campaign/codec/codec.h"

namespace relais::campaign {

// The error that a reply to `command` is, by its transport or by what it says; OK when it has a
// result.
absl::Status MeaningOf(const CommandReply& reply, std::string_view command);

// Of a problem that the upstream tells. A NOT_FOUND says what the command names. Has metadata
// `upstreamCode`, "FAMILY/CODE", and the upstream's text as localized message.
absl::Status MeaningOf(const Problem& problem, std::string_view command);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_PROBLEM_H_

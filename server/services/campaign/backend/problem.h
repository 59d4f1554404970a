// What a refusal of an instance of campaigns means.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_PROBLEM_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_PROBLEM_H_

#include "absl/status/status.h"
#include "server/services/campaign/backend/commands.h"
#include "server/services/campaign/codec/codec.h"

namespace relais::campaign {

// The error that a reply is, by its transport or by what it says; OK when it has a result.
absl::Status MeaningOf(const CommandReply& reply);

// Of a problem that the upstream tells. Has metadata `upstreamCode`, "FAMILY/CODE", and the
// upstream's text as localized message.
absl::Status MeaningOf(const Problem& problem);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_PROBLEM_H_

// How relais.campaign.v1.CampaignService is served: the methods of each noun, and what they share.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_API_SERVICE_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_API_SERVICE_H_

#include "server/gateway/method.h"
#include "server/gateway/mutation.h"
#include "server/services/campaign/backend/connection.h"
#include "server/services/campaign/names.h"

namespace relais::campaign {

template <typename Name>
using Target = gateway::Target<Connection, Name>;
using Methods = gateway::Methods<Connection>;

// Each adds the methods of one file.
void AddInstanceMethods(Methods& methods);
void AddCampaignMethods(Methods& methods);
void AddActionMethods(Methods& methods);
void AddWorkMethods(Methods& methods);
void AddAnswerMethods(Methods& methods);
void AddFileMethods(Methods& methods);
void AddUserMethods(Methods& methods);
void AddWatchMethods(Methods& methods);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_API_SERVICE_H_

// CampaignService as the rest of the gateway knows it.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_MODULE_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_MODULE_H_

#include "server/gateway/module.h"

namespace relais::campaign {

gateway::Module ModuleOf();

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_MODULE_H_

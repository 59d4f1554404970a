// The sandbox's own routes for campaigns, under /sandbox/campaign/.

#ifndef RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_ADMIN_H_
#define RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_ADMIN_H_

#include "sandbox/http/message.h"
#include "sandbox/upstreams/campaign/instance.h"

namespace relais::sandbox::campaign {

HttpReply AdministerCampaigns(const HttpRequest& request, Instance& instance);

}  // namespace relais::sandbox::campaign

#endif  // RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_ADMIN_H_

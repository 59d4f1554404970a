// The operations of campaigns.

#ifndef RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_OPERATIONS_H_
#define RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_OPERATIONS_H_

#include "sandbox/http/operation.h"

namespace relais::sandbox::campaign {

struct CampaignOperation {
  static constexpr Operation kLogon{"campaign/logon"};
  static constexpr Operation kRead{"campaign/read"};
  static constexpr Operation kChange{"campaign/change"};
  static constexpr Operation kAction{"campaign/action"};
  static constexpr Operation kStatus{"campaign/status"};
  static constexpr Operation kLog{"campaign/log"};
  static constexpr Operation kFile{"campaign/file"};
  static constexpr Operation kPolling{"campaign/polling"};

  static constexpr Operation kAll[] = {kLogon,  kRead, kChange, kAction,
                                       kStatus, kLog,  kFile,   kPolling};
};

}  // namespace relais::sandbox::campaign

#endif  // RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_OPERATIONS_H_

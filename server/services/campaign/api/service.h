// relais.campaign.v1.CampaignService: checks names and fields, picks the connection, replies.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_API_SERVICE_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_API_SERVICE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "relais/campaign/v1/campaign.grpc.pb.h"
#include "server/core/state/submissions.h"
#include "server/rpc/host.h"
#include "server/services/campaign/backend/connection.h"

namespace relais::campaign {

class Service {
 public:
  // `submissions` outlives the service.
  Service(std::vector<std::unique_ptr<Connection>> connections, state::Submissions& submissions);

  // Adds the service to `host`. The service outlives the host.
  void AddTo(rpc::Host& host);

  const std::vector<std::unique_ptr<Connection>>& connections() const { return connections_; }
  state::Submissions& submissions() const { return submissions_; }

  // The connection called {instance}.
  absl::StatusOr<Connection*> Find(std::string_view instance) const;

 private:
  // Messages of streams are made once for all readers, or handed on as they are.
  using Base = v1::CampaignService::AsyncService;
  using WithAnswer = v1::CampaignService::WithRawMethod_DownloadAnswer<Base>;
  using WithQuestionnaire = v1::CampaignService::WithRawMethod_DownloadQuestionnaire<WithAnswer>;
  using WithRunLog = v1::CampaignService::WithRawMethod_ReadActionRunLog<WithQuestionnaire>;
  using WithPollingLog = v1::CampaignService::WithRawMethod_ReadPollingLog<WithRunLog>;
  using WithRun = v1::CampaignService::WithRawMethod_WatchActionRun<WithPollingLog>;
  using Async = v1::CampaignService::WithRawMethod_WatchPolling<WithRun>;

  // Each adds the methods of one file.
  void AddInstanceMethods(rpc::Host& host);
  void AddCampaignMethods(rpc::Host& host);
  void AddActionMethods(rpc::Host& host);
  void AddWorkMethods(rpc::Host& host);
  void AddAnswerMethods(rpc::Host& host);
  void AddFileMethods(rpc::Host& host);
  void AddUserMethods(rpc::Host& host);
  void AddWatchMethods(rpc::Host& host);

  absl::StatusOr<v1::ListInstancesResponse> ListInstances(
      const v1::ListInstancesRequest& request) const;

  const std::vector<std::unique_ptr<Connection>> connections_;  // by name
  state::Submissions& submissions_;
  Async async_;
};

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_API_SERVICE_H_

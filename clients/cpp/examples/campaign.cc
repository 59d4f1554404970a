// Launches a campaign and follows the log of its run.
#include <iostream>

#include "relais/client.h"

namespace campaign = relais::campaign::v1;
using relais::campaign::v1::CampaignService;

int main(int argc, char** argv) {
  auto client = relais::client::Connect(argc > 1 ? argv[1] : "localhost:50051");
  if (!client.ok()) return std::cerr << client.status() << "\n", 1;

  campaign::LaunchCampaignRequest request;
  request.set_parent("instances/sandbox");
  request.set_action("Lancer");
  request.set_message("instances/sandbox/models/Edit-Pays-Ville/messages/launch");
  auto run = client->campaign().Run(
      &CampaignService::Stub::LaunchCampaign, request, absl::Minutes(5),
      [](const campaign::LogLine& line) { std::cout << line.text() << "\n"; });
  if (relais::client::ReasonOf(run.status()) == relais::error::v1::SUBMISSION_OUTCOME_UNKNOWN) {
    return std::cerr << "ask again with the id "
                     << relais::client::ErrorOf(run.status())->request_id << "\n",
           2;
  }
  if (!run.ok()) return std::cerr << run.status() << "\n", 1;
  std::cout << run->name()
            << (run->succeeded() ? " succeeded\n" : " failed: " + run->error() + "\n");
}

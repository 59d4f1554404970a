#include "tests/integration/campaign/client.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/campaign/options.h"

namespace relais::integration {

void CampaignTest::StartOver(CampaignTransport transport, std::vector<std::string> settings) {
  GatewayOptions options;
  options.sandbox.Of<sandbox::campaign::Options>().action_time = absl::Milliseconds(300);
  options.sandbox.Of<sandbox::campaign::Options>().queued_time = absl::Milliseconds(50);
  options.sandbox.Of<sandbox::campaign::Options>().polling_time = absl::Milliseconds(200);
  options.campaigns_over_tcp =
      transport == CampaignTransport::kTcp || transport == CampaignTransport::kTls;
  options.instance = {"poll_interval=0.1s", "idle_poll_interval=0.1s"};
  if (transport == CampaignTransport::kTls) {
    options.instance.emplace_back("use_tls=true");
    options.instance.push_back(absl::StrCat("tls.ca_file=", certificate_.pem_file()));
    options.sandbox.Of<sandbox::campaign::Options>().certificate_file = certificate_.pem_file();
    options.sandbox.Of<sandbox::campaign::Options>().key_file = certificate_.key_file();
  }
  if (transport == CampaignTransport::kBridge) {
    setenv("PYTHONPATH", "tests/campaign_bridge", /*overwrite=*/1);
    options.instance.insert(
        options.instance.end(),
        {"codec=vendor_bridge", "bridge.module=gt_stand_in",
         absl::StrCat("bridge.program=", std::filesystem::current_path().string(),
                      "/deploy/campaign-bridge/relais_campaign_bridge.py")});
  }
  options.instance.insert(options.instance.end(), settings.begin(), settings.end());
  gateway_ = std::make_unique<Gateway>(std::move(options));
}

Gateway& CampaignTest::gateway() {
  if (gateway_ == nullptr) StartOver(CampaignTransport::kHttp);
  return *gateway_;
}

void CampaignTest::Disturb(sandbox::Operation operation, sandbox::Fault fault) {
  fault.operation = operation;
  gateway().sandbox().faults().Add(std::move(fault));
}

std::int64_t CampaignTest::Asked(sandbox::Operation operation) {
  return gateway().sandbox().traffic().Counts().Of(operation);
}

}  // namespace relais::integration

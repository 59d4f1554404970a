#include "sandbox/upstreams/robot/upstream.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/robot/admin.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/operations.h"
#include "sandbox/upstreams/robot/settings.h"
#include "sandbox/upstreams/robot/simulator/simulator.h"

namespace relais::sandbox::robot {
namespace {

constexpr char kWord[] = "robot";

std::string UrlAt(int http_port) {
  return absl::StrCat("http://127.0.0.1:", http_port, "/sandbox-org/DefaultTenant/orchestrator_");
}

class Orchestrator final : public Upstream {
 public:
  Orchestrator(Options options, const VirtualClock* clock) : front_(std::move(options), clock) {}

  std::optional<UpstreamCall> Route(const HttpRequest& request) override {
    return front_.Route(request);
  }
  std::optional<HttpReply> Administer(const HttpRequest& request) override {
    if (!absl::StartsWith(request.path, "/sandbox/robot/")) return std::nullopt;
    return AdministerRobot(request, front_);
  }
  std::string Welcome(int http_port) const override;
  void ExpireTokens() override { front_.logins().ExpireTokens(); }

  Simulator& simulator() { return front_.simulator(); }

 private:
  Front front_;
};

std::string Orchestrator::Welcome(int http_port) const {
  const std::string call = absl::StrCat(
      "curl -s -g -H 'Authorization: Bearer rt_demo-token' "
      "-H 'X-UIPATH-OrganizationUnitId: 36886' '",
      UrlAt(http_port), "/odata/");
  return absl::StrCat("# Orchestrator: which robots are there, in which state are they\n", call,
                      "Robots?$top=10&$select=Name,Type'\n", call,
                      "Sessions?$top=10&$select=State&$expand=Robot'\n");
}

absl::StatusOr<std::unique_ptr<Upstream>> Start(SandboxOptions& options,
                                                const VirtualClock* clock) {
  return std::make_unique<Orchestrator>(std::move(options.Of<Options>()), clock);
}

GatewaySettings SettingsOfGateway(SandboxOptions& options, int http_port) {
  const Application& application = options.Of<Options>().applications.front();
  return {absl::StrCat("robot:\n"
                       "  orchestrators:\n"
                       "    sandbox:\n"
                       "      display_name: Embedded sandbox\n"
                       "      base_url: ",
                       UrlAt(http_port), "\n      authentication: {client_id: ", application.id,
                       ", client_secret: {env: RELAIS_SANDBOX_ROBOT_SECRET}}\n"
                       "      poll_interval: 0.2s\n"
                       "      idle_poll_interval: 1s\n"
                       "      robots_interval: 10s\n"
                       "      log_poll_interval: 0.5s\n"
                       "      log_allowed_lateness: 1s\n"),
          {{"RELAIS_SANDBOX_ROBOT_SECRET", application.secret}}};
}

}  // namespace

const UpstreamKind& Kind() {
  static constexpr UpstreamKind kKind = {
      .word = kWord,
      .operations = RobotOperation::kAll,
      .settings = [](SandboxOptions& options) { return SettersOf(options.Of<Options>()); },
      .start = Start,
      .gateway = SettingsOfGateway};
  return kKind;
}

std::string UrlOf(const Sandbox& sandbox) { return UrlAt(sandbox.http_port()); }

Simulator& SimulatorOf(Sandbox& sandbox) {
  return static_cast<Orchestrator&>(sandbox.upstream(kWord)).simulator();
}

}  // namespace relais::sandbox::robot

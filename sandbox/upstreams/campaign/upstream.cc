#include "sandbox/upstreams/campaign/upstream.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/settings.h"
#include "sandbox/upstreams/campaign/admin.h"
#include "sandbox/upstreams/campaign/front.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/operations.h"
#include "sandbox/upstreams/campaign/settings.h"
#include "sandbox/upstreams/campaign/tcp_server.h"

namespace relais::sandbox::campaign {
namespace {

constexpr char kWord[] = "campaign";
constexpr int kStandardPort = 3000;

class GatheringTools final : public Upstream {
 public:
  GatheringTools(Options options, const VirtualClock* clock)
      : instance_(std::move(options), clock), front_(&instance_) {}
  ~GatheringTools() override { Stop(); }

  std::optional<UpstreamCall> Route(const HttpRequest& request) override {
    return front_.Route(request);
  }
  std::optional<HttpReply> Administer(const HttpRequest& request) override {
    if (!absl::StartsWith(request.path, "/sandbox/campaign/")) return std::nullopt;
    return AdministerCampaigns(request, instance_);
  }
  std::string Welcome(int http_port) const override;
  absl::Status Listen(const std::string& host, HttpHandler answer) override;
  void Stop() override {
    if (tcp_ != nullptr) tcp_->Stop();
  }
  void ExpireTokens() override { instance_.ExpireSessions(); }

  Instance& instance() { return instance_; }
  int tcp_port() const { return tcp_->port(); }

 private:
  Instance instance_;
  Front front_;
  std::unique_ptr<TcpServer> tcp_;
};

std::string GatheringTools::Welcome(int http_port) const {
  return absl::StrCat("# campaigns, in the reference protocol (also in frames on TCP port ",
                      tcp_port(), ")\ncurl -s http://127.0.0.1:", http_port, "/",
                      instance_.options().alias,
                      "/gt/v1/logon -d '{\"login\":\"admin\",\"password\":\"admin-password\"}'\n");
}

absl::Status GatheringTools::Listen(const std::string& host, HttpHandler answer) {
  const Options& options = instance_.options();
  absl::StatusOr<std::unique_ptr<TcpServer>> tcp = TcpServer::Start(
      {options.tcp_host.empty() ? host : options.tcp_host, options.tcp_port.value_or(0),
       options.certificate_file, options.key_file},
      [answer = std::move(answer), alias = options.alias](const std::string& frame) -> FrameReply {
        HttpReply reply = answer(Front::RequestOf(frame, alias));
        return {std::move(reply.body), reply.silent, reply.sent_bytes};
      });
  if (!tcp.ok()) return tcp.status();
  tcp_ = *std::move(tcp);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Upstream>> Start(SandboxOptions& options,
                                                const VirtualClock* clock) {
  return std::make_unique<GatheringTools>(std::move(options.Of<Options>()), clock);
}

constexpr Flag kFlags[] = {{"--campaign-listen", "HOST:PORT",
                            "HOST:PORT of campaigns over TCP (default 127.0.0.1:3000; any port "
                            "when --listen has port 0)",
                            ReadTcpAddress}};

GatewaySettings SettingsOfGateway(SandboxOptions& options, int http_port) {
  return {absl::StrCat("campaign:\n"
                       "  instances:\n"
                       "    sandbox:\n"
                       "      display_name: Embedded sandbox\n"
                       "      host: 127.0.0.1\n"
                       "      port: ",
                       http_port, "\n      alias: ", options.Of<Options>().alias,
                       "\n      login: admin\n"
                       "      password: {env: RELAIS_SANDBOX_CAMPAIGN_PASSWORD}\n"
                       "      poll_interval: 0.2s\n"
                       "      idle_poll_interval: 1s\n"),
          {{"RELAIS_SANDBOX_CAMPAIGN_PASSWORD", "admin-password"}}};
}

}  // namespace

const UpstreamKind& Kind() {
  static constexpr UpstreamKind kKind = {
      .word = kWord,
      .operations = CampaignOperation::kAll,
      .flags = kFlags,
      .settings = [](SandboxOptions& options) { return SettersOf(options.Of<Options>()); },
      .start = Start,
      .gateway = SettingsOfGateway};
  return kKind;
}

int TcpPortOf(const Sandbox& sandbox) {
  return static_cast<const GatheringTools&>(sandbox.upstream(kWord)).tcp_port();
}

Instance& InstanceOf(Sandbox& sandbox) {
  return static_cast<GatheringTools&>(sandbox.upstream(kWord)).instance();
}

absl::Status ReadTcpAddress(const std::string& value, SandboxOptions& options) {
  Options& own = options.Of<Options>();
  if (value.empty()) {
    // Who takes any port for one takes any for the other.
    if (!own.tcp_port) own.tcp_port = options.port == 0 ? 0 : kStandardPort;
    return absl::OkStatus();
  }
  SandboxOptions parsed;
  if (absl::Status status = ReadListenAddress(value, parsed); !status.ok()) return status;
  own.tcp_host = parsed.host;
  own.tcp_port = parsed.port;
  return absl::OkStatus();
}

}  // namespace relais::sandbox::campaign

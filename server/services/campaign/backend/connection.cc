#include "server/services/campaign/backend/connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/forms/duration.h"
#include "server/core/net/curl/transport.h"
#include "server/core/net/tcp_dialer.h"
#include "server/gateway/poll_policy.h"
#include "server/gateway/settings.h"
#include "server/services/campaign/backend/commands.h"
#include "server/services/campaign/backend/frames.h"
#include "server/services/campaign/backend/watch.h"

namespace relais::campaign {
namespace {

using ::relais::config::ToAbsl;
using ConfiguredInstance = ::relais::config::v1::Instance;
using ::relais::config::v1::Watches;

bool IsTcp(const ConfiguredInstance& instance) {
  return instance.transport() == ConfiguredInstance::TRANSPORT_TCP;
}

std::string BaseUrlOf(const ConfiguredInstance& instance) {
  const bool ipv6 = instance.host().find(':') != std::string::npos;
  return absl::StrCat(instance.use_tls() ? "https://" : "http://", ipv6 ? "[" : "", instance.host(),
                      ipv6 ? "]" : "", ":", instance.port(), "/", instance.alias(), "/gt/v1");
}

FrameOptions FrameOptionsOf(const ConfiguredInstance& instance) {
  FrameOptions options;
  options.connect_timeout = ToAbsl(instance.limits().connect_timeout());
  options.max_reply_bytes = static_cast<std::size_t>(instance.limits().max_response_bytes());
  options.keep = static_cast<std::size_t>(instance.limits().in_flight());
  return options;
}

// The bridge of an instance that has one.
absl::StatusOr<std::unique_ptr<Bridge>> StartBridge(const std::string& name,
                                                    const ConfiguredInstance& instance,
                                                    const gateway::SecretAt& secret) {
  absl::StatusOr<std::string> settings =
      EncodeBridgeSettings({.host = instance.host(),
                            .port = instance.port(),
                            .tcp = IsTcp(instance),
                            .tls = instance.use_tls(),
                            .alias = IsTcp(instance) ? "" : instance.alias(),
                            .login = instance.login(),
                            .password = std::string(secret("password").Reveal()),
                            .options = std::string(secret("bridge.http_options").Reveal())});
  if (!settings.ok()) return settings.status();
  const auto& bridge = instance.bridge();
  return Bridge::Start({.name = name,
                        .command = {bridge.python(), bridge.program(), "--module", bridge.module()},
                        .settings = Secret(*std::move(settings))});
}

std::unique_ptr<CommandTransport> MakeTransport(const ConfiguredInstance& instance, Bridge* bridge,
                                                Scheduler& scheduler) {
  if (bridge != nullptr) {
    return std::make_unique<FrameTransport>(std::make_unique<BridgeDialer>(*bridge),
                                            FrameOptionsOf(instance));
  }
  if (!IsTcp(instance)) {
    return std::make_unique<HttpCommandTransport>(
        std::make_unique<CurlTransport>(
            gateway::TransportOptions(instance.limits(), instance.tls())),
        BaseUrlOf(instance), scheduler);
  }
  auto dialer = std::make_unique<TcpDialer>(
      TcpOptions{.host = instance.host(),
                 .port = instance.port(),
                 .tls = instance.use_tls(),
                 .server_name = instance.server_name(),
                 .tls13_only = instance.tls13_only(),
                 .ca_file = instance.tls().ca_file(),
                 .pinned_public_key = instance.tls().pinned_public_key()});
  return std::make_unique<FrameTransport>(std::move(dialer), FrameOptionsOf(instance));
}

BackendOptions BackendOptionsOf(const std::string& name, const ConfiguredInstance& instance,
                                const gateway::SecretAt& secret) {
  BackendOptions options;
  options.name = name;
  options.policy = gateway::PolicyOf(instance.limits());
  options.login = instance.login();
  options.password = secret("password");
  options.sha1_password = secret("sha1_password");
  options.sessions.keep = instance.session_pool();
  options.sessions.idle = ToAbsl(instance.session_idle());
  // In base64, with what is around it, a piece still fits into a reply.
  options.file_piece_bytes =
      std::clamp<std::int64_t>(instance.limits().max_response_bytes() / 2, 1, 1 << 20);
  return options;
}

void AddHubs(Connection& made, const ConfiguredInstance& instance, const Watches& watches,
             Scheduler& scheduler) {
  const watch::PollPolicy policy = gateway::PollPolicyOf(instance, watches);
  Backend& backend = *made.backend;
  const auto run_hub = [&backend, policy](const std::string& key) {
    auto poller = std::make_shared<RunPoller>(backend, NumberIn(key));
    return watch::HubOptions{
        .name = absl::StrCat(FormatInstanceName(backend.name()), "/", key),
        .noun = "run of an action",
        .poll = [poller](const CallContext& context) { return poller->Poll(context); },
        .rendering = RunRendering(backend.name()),
        .policy = policy,
        .one_thing = true};
  };
  made.run_hubs = std::make_unique<watch::HubPool>(scheduler, *made.executor, run_hub);
  const auto polling_hub = [&backend, policy](const std::string& key) {
    const std::string name = absl::StrCat(FormatInstanceName(backend.name()), "/pollings/", key);
    return watch::HubOptions{
        .name = name,
        .noun = "polling",
        .poll = [&backend, polling = PollingName::Parse(name).value()](
                    const CallContext& context) { return PollPolling(backend, polling, context); },
        .rendering = PollingRendering(backend.name()),
        .policy = policy};
  };
  made.polling_hubs = std::make_unique<watch::HubPool>(scheduler, *made.executor, polling_hub);
}

}  // namespace

std::string RunKey(std::int64_t run) { return absl::StrCat("actionRuns/", run); }

absl::StatusOr<std::unique_ptr<Connection>> MakeConnection(const std::string& name,
                                                           const ConfiguredInstance& instance,
                                                           const Watches& watches,
                                                           const gateway::SecretAt& secret,
                                                           Scheduler& scheduler, bool rehearsal) {
  auto made = std::make_unique<Connection>();
  made->name = name;
  made->display_name = instance.display_name();
  made->spoken = IsTcp(instance) ? v1::Instance::TRANSPORT_TCP : v1::Instance::TRANSPORT_HTTP;
  made->scheduler = &scheduler;
  if (instance.codec() == ConfiguredInstance::CODEC_VENDOR_BRIDGE && !rehearsal) {
    absl::StatusOr<std::unique_ptr<Bridge>> bridge = StartBridge(name, instance, secret);
    if (!bridge.ok()) return bridge.status();
    made->bridge = *std::move(bridge);
  }
  made->transport = MakeTransport(instance, made->bridge.get(), scheduler);
  made->backend = std::make_unique<Backend>(BackendOptionsOf(name, instance, secret),
                                            *made->transport, scheduler, made->metrics);
  made->executor =
      std::make_unique<Executor>(instance.limits().in_flight(), instance.limits().queue());
  AddHubs(*made, instance, watches, scheduler);
  return made;
}

}  // namespace relais::campaign

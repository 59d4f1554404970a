#include "server/admin.h"

#include <httplib.h>

#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "grpc/grpc.h"
#include "grpc/support/alloc.h"
#include "prometheus/client_metric.h"
#include "prometheus/metric_family.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
#include "server/core/base/log.h"
#include "server/upstream_collector.h"

namespace relais {
namespace {

// gRPC's own view of itself, as JSON; null when it knows no such thing.
void ReplyChannelz(char* json, httplib::Response& response) {
  if (json == nullptr) {
    response.status = 404;
    response.set_content("There is no such object.\n", "text/plain");
    return;
  }
  response.set_content(json, "application/json");
  gpr_free(json);
}

prometheus::MetricFamily LogLines() {
  prometheus::ClientMetric dropped;
  dropped.counter.value = static_cast<double>(DroppedLogLines());
  return {"relais_log_lines_dropped_total",
          "Log lines that were not written because standard error was not read.",
          prometheus::MetricType::Counter,
          {dropped}};
}

std::intptr_t IdOf(const httplib::Request& request) {
  std::int64_t id = 0;
  return absl::SimpleAtoi(std::string(request.matches[1]), &id) ? static_cast<std::intptr_t>(id)
                                                                : -1;
}

class HttpAdmin final : public Admin {
 public:
  HttpAdmin(std::function<bool()> ready, prometheus::Registry& registry,
            std::vector<UpstreamView> upstreams)
      : ready_(std::move(ready)), registry_(registry), upstreams_(std::move(upstreams)) {
    // Few and short requests: two threads do.
    server_.new_task_queue = [] { return new httplib::ThreadPool(2); };
    server_.set_keep_alive_timeout(1);
    // Without SO_REUSEPORT, which would let a second process share the address unseen.
    server_.set_socket_options([](int socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    AddProbes();
    AddChannelz();
  }

  ~HttpAdmin() override {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

  bool Listen(const std::string& host, int port) {
    if (port == 0) {
      port_ = server_.bind_to_any_port(host.c_str());
    } else if (server_.bind_to_port(host.c_str(), port)) {
      port_ = port;
    }
    if (port_ <= 0) return false;
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    // stop() has no effect on a server that does not run yet.
    while (!server_.is_running()) std::this_thread::yield();
    return true;
  }

  int port() const override { return port_; }

 private:
  void AddProbes() {
    server_.Get("/livez", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("ok\n", "text/plain");
    });
    server_.Get("/readyz", [this](const httplib::Request&, httplib::Response& response) {
      const bool ready = ready_();
      response.status = ready ? 200 : 503;
      response.set_content(ready ? "ok\n" : "draining\n", "text/plain");
    });
    server_.Get("/metrics", [this](const httplib::Request&, httplib::Response& response) {
      auto families = registry_.Collect();
      for (auto& family : CollectUpstreams(upstreams_)) families.push_back(std::move(family));
      families.push_back(LogLines());
      response.set_content(prometheus::TextSerializer().Serialize(families),
                           "text/plain; version=0.0.4; charset=utf-8");
    });
    server_.Get("/", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(
          "/livez\n/readyz\n/metrics\n/channelz/servers\n/channelz/servers/ID/sockets\n/channelz/"
          "sockets/ID\n",
          "text/plain");
    });
  }

  void AddChannelz() {
    server_.Get("/channelz/servers", [](const httplib::Request&, httplib::Response& response) {
      ReplyChannelz(grpc_channelz_get_servers(0), response);
    });
    server_.Get(R"(/channelz/servers/(\d+)/sockets)",
                [](const httplib::Request& request, httplib::Response& response) {
                  ReplyChannelz(grpc_channelz_get_server_sockets(IdOf(request), 0, 100), response);
                });
    server_.Get(R"(/channelz/sockets/(\d+))",
                [](const httplib::Request& request, httplib::Response& response) {
                  ReplyChannelz(grpc_channelz_get_socket(IdOf(request)), response);
                });
  }

  const std::function<bool()> ready_;
  prometheus::Registry& registry_;
  const std::vector<UpstreamView> upstreams_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Admin>> Admin::Start(const std::string& address,
                                                    std::function<bool()> ready,
                                                    prometheus::Registry& registry,
                                                    std::vector<UpstreamView> upstreams) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  int port = 0;
  const bool has_port =
      colon != std::string::npos && absl::SimpleAtoi(address.substr(colon + 1), &port);
  auto admin = std::make_unique<HttpAdmin>(std::move(ready), registry, std::move(upstreams));
  if (!has_port || !admin->Listen(host, port)) {
    return absl::UnavailableError(
        absl::StrCat("Cannot listen on ", address,
                     ": the address is in use, not of this machine, or not permitted."));
  }
  return admin;
}

}  // namespace relais

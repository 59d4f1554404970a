#include "server/admin.h"

#include <microhttpd.h>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "grpc/grpc.h"
#include "grpc/support/alloc.h"
#include "prometheus/client_metric.h"
#include "prometheus/metric_family.h"
#include "prometheus/text_serializer.h"
#include "server/core/base/log/log.h"
#include "server/core/base/text/view.h"

namespace relais {
namespace {

// What one request may hold: its line and headers.
constexpr std::size_t kMostRequestBytes = 16 << 10;
// Idle connections beyond this many, or this part of the descriptors of the process, wait to be
// accepted.
constexpr rlim_t kMostConnections = 1024;
constexpr rlim_t kPartOfDescriptors = 16;
constexpr unsigned kIdleSeconds = 5;

using status::Page;

Page NotFound() { return {MHD_HTTP_NOT_FOUND, "There is no such object.\n"}; }

// gRPC's own view of itself, as JSON; null when it knows no such thing.
Page ChannelzPage(char* json) {
  if (json == nullptr) return NotFound();
  Page page{MHD_HTTP_OK, json, "application/json"};
  gpr_free(json);
  return page;
}

std::intptr_t IdOf(std::string_view text) {
  std::int64_t id = 0;
  return absl::SimpleAtoi(View(text), &id) ? static_cast<std::intptr_t>(id) : -1;
}

prometheus::MetricFamily LogLines() {
  prometheus::ClientMetric dropped;
  dropped.counter.value = static_cast<double>(DroppedLogLines());
  return {"relais_log_lines_dropped_total",
          "Log lines that were not written because standard error was not read.",
          prometheus::MetricType::Counter,
          {dropped}};
}

// Takes away what a method has not done yet and that has many series, which is most of the page at
// first: what it has sent, how its calls ended and how long they took.
void DropWhatNeverWas(std::vector<prometheus::MetricFamily>& families) {
  for (prometheus::MetricFamily& family : families) {
    const bool counts =
        family.name == "grpc_server_handled_total" || family.name == "grpc_server_msg_sent_total";
    const bool times = family.name == "grpc_server_handling_seconds";
    std::erase_if(family.metric, [&](const prometheus::ClientMetric& metric) {
      return (counts && metric.counter.value == 0) || (times && metric.histogram.sample_count == 0);
    });
  }
}

// A socket that listens on the address; -1: it cannot be had.
int ListenOn(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), absl::StrCat(port).c_str(), &hints, &found) != 0) return -1;
  int listener = -1;
  for (const addrinfo* address = found; address != nullptr && listener < 0;
       address = address->ai_next) {
    listener = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) continue;
    // Without SO_REUSEPORT, which would let a second process share the address unseen.
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, address->ai_addr, address->ai_addrlen) != 0 ||
        listen(listener, SOMAXCONN) != 0) {
      close(listener);
      listener = -1;
    }
  }
  freeaddrinfo(found);
  return listener;
}

unsigned MostConnections() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<unsigned>(
      std::clamp<rlim_t>(limit.rlim_cur / kPartOfDescriptors, 1, kMostConnections));
}

int PortOf(int listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::string port(NI_MAXSERV, '\0');
  int number = 0;
  if (getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, nullptr, 0, port.data(),
                  static_cast<socklen_t>(port.size()), NI_NUMERICSERV) != 0 ||
      !absl::SimpleAtoi(port.c_str(), &number)) {
    return 0;
  }
  return number;
}

// One thread serves all connections, so that those that are slow or silent hold up nobody; it
// takes no body.
class HttpAdmin final : public Admin {
 public:
  HttpAdmin(std::function<std::string()> unready, Collect collect, Further further)
      : unready_(std::move(unready)), collect_(std::move(collect)), further_(std::move(further)) {}

  ~HttpAdmin() override {
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }

  bool Listen(const std::string& host, int port) {
    const int listener = ListenOn(host, port);
    if (listener < 0) return false;
    port_ = PortOf(listener);
    daemon_ =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, nullptr, nullptr, &HttpAdmin::OnRequest,
                         this, MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_CONNECTION_LIMIT,
                         MostConnections(), MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, kMostRequestBytes, MHD_OPTION_END);
    if (daemon_ == nullptr) close(listener);
    return daemon_ != nullptr;
  }

  int port() const override { return port_; }

 private:
  // Called once when the headers are there, and again when the body has ended.
  static MHD_Result OnRequest(void* self, MHD_Connection* connection, const char* path,
                              const char* method, const char*, const char*, std::size_t*,
                              void** seen) {
    const bool reads = std::strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
                       std::strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    // An answer before the body ends the connection.
    if (!reads)
      return Answer(connection,
                    {MHD_HTTP_METHOD_NOT_ALLOWED, "There is nothing to change here.\n"});
    if (HasBody(connection))
      return Answer(connection, {MHD_HTTP_CONTENT_TOO_LARGE, "No request here has a body.\n"});
    if (*seen == nullptr) {
      *seen = self;
      return MHD_YES;
    }
    return Answer(connection, static_cast<const HttpAdmin*>(self)->PageAt(path));
  }

  static bool HasBody(MHD_Connection* connection) {
    const auto header = [&](const char* name) {
      const char* const value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
      return std::string_view(value == nullptr ? "" : value);
    };
    const std::string_view length = header(MHD_HTTP_HEADER_CONTENT_LENGTH);
    return !header(MHD_HTTP_HEADER_TRANSFER_ENCODING).empty() || (!length.empty() && length != "0");
  }

  static MHD_Result Answer(MHD_Connection* connection, const Page& page) {
    MHD_Response* const response = MHD_create_response_from_buffer(
        page.content.size(), const_cast<char*>(page.content.data()), MHD_RESPMEM_MUST_COPY);
    if (response == nullptr) return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, page.type);
    for (const auto& [name, value] : page.headers) MHD_add_response_header(response, name, value);
    if (page.code == MHD_HTTP_METHOD_NOT_ALLOWED)
      MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    const MHD_Result queued = MHD_queue_response(connection, page.code, response);
    MHD_destroy_response(response);
    return queued;
  }

  Page PageAt(std::string_view path) const {
    if (path == "/livez") return {MHD_HTTP_OK, "ok\n"};
    if (path == "/readyz") {
      const std::string why = unready_();
      if (why.empty()) return {MHD_HTTP_OK, "ok\n"};
      return {MHD_HTTP_SERVICE_UNAVAILABLE, why + "\n"};
    }
    if (path == "/metrics") return Metrics();
    if (path == "/") {
      return {MHD_HTTP_OK, absl::StrCat("/livez\n/readyz\n/metrics\n",
                                        further_("/status") ? "/status\n/status.json\n" : "",
                                        "/channelz/servers\n/channelz/servers/ID/sockets\n"
                                        "/channelz/sockets/ID\n")};
    }
    if (auto page = further_(path)) return *std::move(page);
    return Channelz(path);
  }

  Page Metrics() const {
    std::vector<prometheus::MetricFamily> families = collect_();
    families.push_back(LogLines());
    DropWhatNeverWas(families);
    return {MHD_HTTP_OK, prometheus::TextSerializer().Serialize(families),
            "text/plain; version=0.0.4; charset=utf-8"};
  }

  static Page Channelz(std::string_view path) {
    absl::string_view rest = View(path);
    if (rest == "/channelz/servers") return ChannelzPage(grpc_channelz_get_servers(0));
    if (absl::ConsumePrefix(&rest, "/channelz/sockets/"))
      return ChannelzPage(grpc_channelz_get_socket(IdOf({rest.data(), rest.size()})));
    if (absl::ConsumePrefix(&rest, "/channelz/servers/") && absl::ConsumeSuffix(&rest, "/sockets"))
      return ChannelzPage(
          grpc_channelz_get_server_sockets(IdOf({rest.data(), rest.size()}), 0, 100));
    return NotFound();
  }

  const std::function<std::string()> unready_;
  const Collect collect_;
  const Further further_;
  MHD_Daemon* daemon_ = nullptr;
  int port_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Admin>> Admin::Start(const std::string& address,
                                                    std::function<std::string()> unready,
                                                    Collect collect, Further further) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  int port = 0;
  const bool has_port =
      colon != std::string::npos && absl::SimpleAtoi(address.substr(colon + 1), &port);
  auto admin =
      std::make_unique<HttpAdmin>(std::move(unready), std::move(collect), std::move(further));
  if (!has_port || !admin->Listen(host, port)) {
    return absl::UnavailableError(absl::StrCat("Cannot listen on ", address,
                                               " (admin.listen, --admin-listen): the address is in "
                                               "use, not of this machine, or not permitted."));
  }
  return admin;
}

}  // namespace relais

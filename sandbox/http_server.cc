#include "sandbox/http_server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "sandbox/connection.h"
#include "server/recordsql/dictionary.h"
#include "server/recordsql/dictionary_source.h"

namespace relais::sandbox {
namespace {

constexpr int kBacklog = 1024;
constexpr size_t kMaxBodyBytes = 16 << 20;

std::string BearerOf(const httplib::Request& request) {
  const std::string value = request.get_header_value("Authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (!recordsql::SameName(std::string_view(value).substr(0, kScheme.size()), kScheme)) return "";
  return value.substr(kScheme.size());
}

void SetPartialBody(HttpReply reply, httplib::Response& response) {
  const size_t limit = std::min(*reply.sent_bytes, reply.body.size());
  const size_t length = reply.body.size();
  response.set_content_provider(
      length, reply.content_type,
      [limit, body = std::move(reply.body)](size_t offset, size_t, httplib::DataSink& sink) {
        if (offset < limit) sink.write(body.data() + offset, limit - offset);
        return false;  // ends the connection with the body unfinished
      });
}

}  // namespace

// Takes over the loop around one connection, which cpp-httplib keeps to itself: to see the socket
// behind a request, and to end idle connections at once when stopping.
class HttpServer::Listener : public httplib::Server {
 public:
  explicit Listener(HttpHandler handler) : handler_(std::move(handler)) {
    const auto answer = [this](const httplib::Request& request, httplib::Response& response) {
      Answer(request, response);
    };
    Get(".*", answer);
    Post(".*", answer);
    Put(".*", answer);
    Delete(".*", answer);
    new_task_queue = [] { return new ConnectionThreads; };
    // The default sets SO_REUSEPORT, under which a second server silently shares the port.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    set_tcp_nodelay(true);
    set_keep_alive_max_count(1 << 30);
    set_keep_alive_timeout(300);
    set_payload_max_length(kMaxBodyBytes);
  }

  ~Listener() override { End(); }

  absl::Status Begin(const std::string& host, int port) {
    const bool bound = port == 0 ? (port_ = bind_to_any_port(host)) > 0 : bind_to_port(host, port);
    if (!bound) {
      return absl::UnavailableError(
          recordsql::Concat({"cannot listen on ", host, ":", std::to_string(port),
                             ": the address is taken or not ", "of this machine"}));
    }
    if (port != 0) port_ = port;
    ::listen(svr_sock_,
             kBacklog);  // cpp-httplib asks for 5, too few for callers that start together
    thread_ = std::thread([this] { listen_after_bind(); });
    // stop() is lost on a server that does not run yet.
    while (!is_running()) std::this_thread::yield();
    return absl::OkStatus();
  }

  void End() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
      for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    if (!thread_.joinable()) return;
    stop();
    thread_.join();
  }

  int port() const { return port_; }

 private:
  bool process_and_close_socket(socket_t socket) override {
    Connection connection(socket);
    if (Register(socket)) {
      const httplib::Request* current = nullptr;
      const auto prepare = [&, this](httplib::Request& request) {
        request.headers.erase("Accept-Encoding");  // replies are never compressed
        current = &request;
        const std::lock_guard<std::mutex> lock(mutex_);
        connections_[&request] = &connection;
      };
      bool closed = false;
      while (!closed && !connection.silent() && connection.WaitForRequest()) {
        if (!process_request(connection, false, closed, prepare)) closed = true;
        if (!connection.Flush()) closed = true;
        const std::lock_guard<std::mutex> lock(mutex_);
        connections_.erase(current);
      }
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    sockets_.erase(socket);
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return true;
  }

  bool Register(int socket) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!stopping_) sockets_.insert(socket);
    return !stopping_;
  }

  void Answer(const httplib::Request& request, httplib::Response& response) {
    HttpReply reply = handler_({request.method, request.path, request.body, BearerOf(request)});
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto found = connections_.find(&request);
      if (reply.silent && found != connections_.end()) found->second->Silence();
    }
    response.status = reply.status;
    for (const auto& [name, value] : reply.headers) response.set_header(name, value);
    if (reply.sent_bytes) return SetPartialBody(std::move(reply), response);
    response.set_header("Content-Type", reply.content_type);
    response.body = std::move(reply.body);
  }

  const HttpHandler handler_;
  std::thread thread_;
  int port_ = 0;
  std::mutex mutex_;
  // Guarded by mutex_.
  bool stopping_ = false;
  std::set<int> sockets_;
  std::map<const httplib::Request*, Connection*> connections_;  // requests being answered
};

HttpServer::HttpServer(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}

HttpServer::~HttpServer() = default;

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& host, int port,
                                                              HttpHandler handler) {
  auto listener = std::make_unique<Listener>(std::move(handler));
  if (absl::Status status = listener->Begin(host, port); !status.ok()) return status;
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(listener)));
}

int HttpServer::port() const { return listener_->port(); }

void HttpServer::Stop() { listener_->End(); }

}  // namespace relais::sandbox

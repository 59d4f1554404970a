#include "sandbox/http/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/connection.h"
#include "sandbox/http/multipart.h"

namespace relais::sandbox {
namespace {

constexpr int kBacklog = 1024;
constexpr size_t kMaxTextBytes = 16 << 20;
constexpr size_t kMaxBodyBytes = size_t{16} << 30;

// Where a request's Content-Type is kept from cpp-httplib.
constexpr char kContentType[] = "Relais-Content-Type";
constexpr size_t kChunkBytes = 64 << 10;

std::string BearerOf(const std::string& authorization) {
  const std::string kScheme = "bearer ";
  const std::string scheme = authorization.substr(0, kScheme.size());
  return absl::EqualsIgnoreCase(scheme, kScheme) ? authorization.substr(kScheme.size()) : "";
}

HttpRequest Describe(const httplib::Request& request) {
  HttpRequest out;
  out.method = request.method;
  out.path = request.path;
  const size_t query = request.target.find('?');
  if (query != std::string::npos) out.query = request.target.substr(query + 1);
  out.fields = DecodeForm(out.query);
  for (const auto& [name, value] : request.headers) {
    out.headers.emplace(name == kContentType ? "content-type" : absl::AsciiStrToLower(name), value);
  }
  out.bearer = BearerOf(out.Header("authorization"));
  return out;
}

// Reads the body into `out`. False when it is refused; the status says why, unless it is 0.
bool ReadBody(const httplib::ContentReader& reader, HttpRequest& out, int& status) {
  const std::optional<std::string> boundary = BoundaryOf(out.Header("content-type"));
  if (boundary) {
    MultipartReader parts(*boundary);
    const bool read = reader([&](const char* bytes, size_t size) {
      return parts.Feed({bytes, size});
    });
    out.parts = parts.TakeParts();
    return read && parts.Finished() && !boundary->empty();
  }
  return reader([&](const char* bytes, size_t size) {
    if (out.body.size() + size > kMaxTextBytes) status = 413;
    if (status == 413) return false;
    out.body.append(bytes, size);
    return true;
  });
}

// A body that is sent while it is read, and perhaps not to its end.
void SetStreamedBody(HttpReply reply, httplib::Response& response) {
  const uint64_t length = reply.body_size();
  // Of an empty one cpp-httplib would tell neither the length nor the end.
  if (length == 0) return response.set_content("", reply.content_type);
  const uint64_t limit = std::min<uint64_t>(reply.sent_bytes.value_or(length), length);
  LargeBody body;
  if (reply.large) {
    body = *std::move(reply.large);
  } else {
    body.read = [text = std::move(reply.body)](uint64_t offset, char* out, size_t count) {
      std::memcpy(out, text.data() + offset, count);
      return true;
    };
  }
  response.set_content_provider(
      length, reply.content_type,
      [limit, body = std::move(body), chunk = std::string()](size_t offset, size_t left,
                                                             httplib::DataSink& sink) mutable {
        if (offset >= limit) return false;  // ends the connection with the body unfinished
        chunk.resize(std::min<uint64_t>({limit - offset, left, kChunkBytes}));
        return body.read(offset, chunk.data(), chunk.size()) &&
               sink.write(chunk.data(), chunk.size());
      });
}

}  // namespace

// Takes over the loop around one connection, which cpp-httplib keeps to itself: to see the socket
// behind a request, and to end idle connections at once when stopping.
class HttpServer::Listener : public httplib::Server {
 public:
  explicit Listener(HttpHandler handler) : handler_(std::move(handler)) {
    Post(".*", [this](const httplib::Request& request, httplib::Response& response,
                      const httplib::ContentReader& reader) {
      ReadAndAnswer(request, response, reader);
    });
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
      return absl::UnavailableError(absl::StrCat("cannot listen on ", host, ":", port,
                                                 ": the address is taken or not of this machine"));
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
        // cpp-httplib would wait for the connection's end.
        if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding")) {
          request.headers.emplace("Content-Length", "0");
        }
        // Nor shall it take forms apart: it does so at a tenth of the speed.
        const auto type = request.headers.find("Content-Type");
        if (type != request.headers.end()) {
          request.headers.emplace(kContentType, std::move(type->second));
          request.headers.erase(type);
        }
        current = &request;
        const std::lock_guard<std::mutex> lock(mutex_);
        // It reads the body of some methods only; whatever has one is a POST until that is read.
        exchanges_[&request] = {&connection, &request, std::exchange(request.method, "POST")};
      };
      bool closed = false;
      while (!closed && !connection.ending() && connection.WaitForRequest()) {
        if (!process_request(connection, false, closed, prepare)) closed = true;
        if (!connection.Flush()) closed = true;
        const std::lock_guard<std::mutex> lock(mutex_);
        exchanges_.erase(current);
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

  // A request that is being answered.
  struct Exchange {
    Connection* connection;
    httplib::Request* request;
    std::string method;  // as it came
  };
  const Exchange& ExchangeOf(const httplib::Request& request) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return exchanges_.at(&request);
  }

  void ReadAndAnswer(const httplib::Request& request, httplib::Response& response,
                     const httplib::ContentReader& reader) {
    const Exchange& exchange = ExchangeOf(request);
    exchange.request->method = exchange.method;
    HttpRequest described = Describe(request);
    int status = 0;
    if (ReadBody(reader, described, status)) {
      return Answer(*exchange.connection, described, response);
    }
    // Where the next request begins is unknown.
    exchange.connection->EndAfterReply();
    response.set_header("Connection", "close");
    if (status != 0) response.status = status;
    if (response.status < 400) response.status = 400;
  }

  void Answer(Connection& connection, const HttpRequest& described, httplib::Response& response) {
    HttpReply reply = handler_(described);
    if (reply.silent) connection.Silence();
    response.status = reply.status;
    for (const auto& [name, value] : reply.headers) response.set_header(name, value);
    if (reply.sent_bytes || reply.large) return SetStreamedBody(std::move(reply), response);
    if (!reply.content_type.empty()) response.set_header("Content-Type", reply.content_type);
    response.body = std::move(reply.body);
  }

  const HttpHandler handler_;
  std::thread thread_;
  int port_ = 0;
  std::mutex mutex_;
  // Guarded by mutex_.
  bool stopping_ = false;
  std::set<int> sockets_;
  std::map<const httplib::Request*, Exchange> exchanges_;
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

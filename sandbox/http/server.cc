#include "sandbox/http/server.h"

#include <microhttpd.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/multipart.h"

namespace relais::sandbox {
namespace {

constexpr size_t kMaxTextBytes = 16 << 20;
// Of a connection: its request's line and headers, and what is read of a body at once.
constexpr size_t kConnectionBytes = 128 << 10;
constexpr size_t kChunkBytes = 64 << 10;
constexpr unsigned kIdleSeconds = 300;

std::string BearerOf(const std::string& authorization) {
  const std::string kScheme = "bearer ";
  const std::string scheme = authorization.substr(0, kScheme.size());
  return absl::EqualsIgnoreCase(scheme, kScheme) ? authorization.substr(kScheme.size()) : "";
}

// One request, from its first line to the end of its reply.
class Exchange {
 public:
  explicit Exchange(const char* target) {
    const std::string_view text(target);
    const size_t query = text.find('?');
    request_.path = DecodePath(text.substr(0, query));
    if (query != std::string_view::npos) request_.query = text.substr(query + 1);
    request_.fields = DecodeForm(request_.query);
  }

  // Of the calls for one request the first.
  bool Begin() { return !std::exchange(begun_, true); }

  void ReadHead(MHD_Connection* connection, const char* method) {
    request_.method = method;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, AddHeader, &request_);
    request_.bearer = BearerOf(request_.Header("authorization"));
    if (const auto boundary = BoundaryOf(request_.Header("content-type"))) {
      parts_.emplace(*boundary);
      if (boundary->empty()) refusal_ = MHD_HTTP_BAD_REQUEST;
    }
  }

  // A body that is refused is read to its end all the same: a reply to a caller who still sends
  // might be lost.
  void ReadBody(std::string_view bytes) {
    if (refusal_ != 0) return;
    if (parts_) {
      if (!parts_->Feed(bytes)) refusal_ = MHD_HTTP_BAD_REQUEST;
    } else if (request_.body.size() + bytes.size() > kMaxTextBytes) {
      refusal_ = MHD_HTTP_CONTENT_TOO_LARGE;
      request_.body = std::string();
    } else {
      request_.body.append(bytes);
    }
  }

  HttpReply Answer(const HttpHandler& handler) {
    if (parts_) {
      request_.parts = parts_->TakeParts();
      if (!parts_->Finished()) refusal_ = MHD_HTTP_BAD_REQUEST;
    }
    if (refusal_ == 0) return handler(request_);
    HttpReply refusal;
    refusal.status = refusal_;
    refusal.content_type.clear();
    refusal.headers.emplace_back("Connection", "close");
    return refusal;
  }

 private:
  static MHD_Result AddHeader(void* request, MHD_ValueKind, const char* name, const char* value) {
    static_cast<HttpRequest*>(request)->headers.emplace(absl::AsciiStrToLower(name),
                                                        value == nullptr ? "" : value);
    return MHD_YES;
  }

  HttpRequest request_;
  bool begun_ = false;
  std::optional<MultipartReader> parts_;
  int refusal_ = 0;  // a status
};

// A body that is sent while it is read, and perhaps not to its end.
struct StreamedBody {
  LargeBody body;
  uint64_t limit;

  static ssize_t Read(void* self, uint64_t offset, char* out, size_t most) {
    const StreamedBody& streamed = *static_cast<StreamedBody*>(self);
    if (offset >= streamed.limit) return MHD_CONTENT_READER_END_WITH_ERROR;
    const size_t count = std::min<uint64_t>(streamed.limit - offset, most);
    if (!streamed.body.read(offset, out, count)) return MHD_CONTENT_READER_END_WITH_ERROR;
    return static_cast<ssize_t>(count);
  }
  static void Free(void* self) { delete static_cast<StreamedBody*>(self); }
};

MHD_Response* StreamedResponse(HttpReply& reply) {
  const uint64_t length = reply.body_size();
  auto* const streamed = new StreamedBody;
  streamed->limit = std::min<uint64_t>(reply.sent_bytes.value_or(length), length);
  if (reply.large) {
    streamed->body = *std::move(reply.large);
  } else {
    streamed->body.read = [text = std::move(reply.body)](uint64_t offset, char* out, size_t count) {
      std::memcpy(out, text.data() + offset, count);
      return true;
    };
  }
  return MHD_create_response_from_callback(length, kChunkBytes, StreamedBody::Read, streamed,
                                           StreamedBody::Free);
}

MHD_Response* ResponseOf(HttpReply& reply) {
  if ((reply.sent_bytes || reply.large) && reply.body_size() > 0) return StreamedResponse(reply);
  auto* const body = new std::string(std::move(reply.body));
  return MHD_create_response_from_buffer_with_free_callback_cls(
      body->size(), body->data(), [](void* text) { delete static_cast<std::string*>(text); }, body);
}

}  // namespace

class HttpServer::Listener {
 public:
  explicit Listener(HttpHandler handler) : handler_(std::move(handler)) {}
  ~Listener() { End(); }

  absl::Status Begin(const std::string& host, int port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), absl::StrCat(port).c_str(), &hints, &found) != 0) found = nullptr;
    for (const addrinfo* address = found; address != nullptr && daemon_ == nullptr;
         address = address->ai_next) {
      daemon_ = StartOn(*address);
    }
    if (found != nullptr) freeaddrinfo(found);
    if (daemon_ == nullptr) {
      return absl::UnavailableError(absl::StrCat("cannot listen on ", host, ":", port,
                                                 ": the address is taken or not of this machine"));
    }
    port_ = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT)->port;
    return absl::OkStatus();
  }

  void End() {
    if (MHD_Daemon* const daemon = std::exchange(daemon_, nullptr)) MHD_stop_daemon(daemon);
  }

  int port() const { return port_; }

 private:
  // A thread a connection, since handlers block. Dates are for whoever answers to tell.
  MHD_Daemon* StartOn(const addrinfo& address) {
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
                     MHD_USE_POLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
    if (address.ai_family == AF_INET6) flags |= MHD_USE_IPv6;
    return MHD_start_daemon(flags, 0, nullptr, nullptr, Serve, this, MHD_OPTION_SOCK_ADDR,
                            address.ai_addr, MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionBytes,
                            MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds,
                            MHD_OPTION_URI_LOG_CALLBACK, NewExchange, nullptr,
                            MHD_OPTION_NOTIFY_COMPLETED, EndExchange, nullptr, MHD_OPTION_END);
  }

  static void* NewExchange(void*, const char* target, MHD_Connection*) {
    return new Exchange(target);
  }

  static void EndExchange(void*, MHD_Connection*, void** exchange, MHD_RequestTerminationCode) {
    delete static_cast<Exchange*>(std::exchange(*exchange, nullptr));
  }

  // Is called with the head of a request, with each piece of its body, and at its end.
  static MHD_Result Serve(void* self, MHD_Connection* connection, const char*, const char* method,
                          const char*, const char* body, size_t* size, void** kept) {
    Exchange& exchange = *static_cast<Exchange*>(*kept);
    if (exchange.Begin()) {
      exchange.ReadHead(connection, method);
      return MHD_YES;
    }
    if (*size > 0) {
      exchange.ReadBody({body, std::exchange(*size, 0)});
      return MHD_YES;
    }
    return Send(connection, exchange.Answer(static_cast<Listener*>(self)->handler_));
  }

  static MHD_Result Send(MHD_Connection* connection, HttpReply reply) {
    if (reply.silent) return MHD_NO;  // closes the connection
    MHD_Response* const response = ResponseOf(reply);
    for (const auto& [name, value] : reply.headers)
      MHD_add_response_header(response, name.c_str(), value.c_str());
    if (!reply.content_type.empty())
      MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.content_type.c_str());
    const auto status = static_cast<unsigned>(reply.status);
    const MHD_Result sent = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return sent;
  }

  const HttpHandler handler_;
  MHD_Daemon* daemon_ = nullptr;
  int port_ = 0;
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

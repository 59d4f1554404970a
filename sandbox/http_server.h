// A small HTTP server with the freedom to misbehave: it can cut a connection before or within a
// reply.

#ifndef RELAIS_SANDBOX_HTTP_SERVER_H_
#define RELAIS_SANDBOX_HTTP_SERVER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace relais::sandbox {

struct HttpRequest {
  std::string method;  // GET, POST, PUT or DELETE
  std::string path;    // decoded, without the query
  std::string body;
  std::string bearer;  // of `Authorization: Bearer …`; else empty
};

struct HttpReply {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool silent = false;  // close the connection without a byte
  std::optional<size_t>
      sent_bytes;  // send this much of the body under the full Content-Length, then close
};

using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

class HttpServer {
 public:
  // Listens on host:port (0: any free one) and serves until Stop. `handler` runs on many threads.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& host, int port,
                                                           HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;
  // Closes every connection and returns when no handler runs any more. Idempotent.
  void Stop();

 private:
  class Listener;
  explicit HttpServer(std::unique_ptr<Listener> listener);
  std::unique_ptr<Listener> listener_;
};

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_HTTP_SERVER_H_

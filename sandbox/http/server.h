// A small HTTP server with the freedom to misbehave: it can cut a connection before or within a
// reply. Bodies are held in memory up to 16 MiB; files of multipart bodies go to disk as they come.

#ifndef RELAIS_SANDBOX_HTTP_SERVER_H_
#define RELAIS_SANDBOX_HTTP_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "sandbox/http/message.h"

namespace relais::sandbox {

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

// Frames over TCP, with or without TLS: four bytes of length, the highest first, then the content.

#ifndef RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_TCP_SERVER_H_
#define RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_TCP_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace relais::sandbox::campaign {

struct FrameReply {
  std::string content;
  bool silent = false;                      // close the connection without a byte
  std::optional<std::size_t> sent_bytes{};  // send this much of the content, then close
};

struct TcpOptions {
  std::string host = "127.0.0.1";
  int port = 0;                    // 0: any free one
  std::string certificate_file{};  // PEM; empty: plain TCP
  std::string key_file{};
};

class TcpServer {
 public:
  // Runs on many threads, once for each frame.
  using Handler = std::function<FrameReply(const std::string& frame)>;

  static absl::StatusOr<std::unique_ptr<TcpServer>> Start(const TcpOptions& options,
                                                          Handler handler);
  ~TcpServer();
  TcpServer(const TcpServer&) = delete;
  TcpServer& operator=(const TcpServer&) = delete;

  int port() const;
  // Closes every connection and returns when no handler runs any more. Idempotent.
  void Stop();

 private:
  class Listener;
  explicit TcpServer(std::unique_ptr<Listener> listener);
  std::unique_ptr<Listener> listener_;
};

}  // namespace relais::sandbox::campaign

#endif  // RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_TCP_SERVER_H_

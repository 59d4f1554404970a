// The reference protocol over a stream of bytes: command, session and arguments are the members of
// one frame, and the frame that comes back is the reply.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_FRAMES_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_FRAMES_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/net/dialer.h"
#include "server/services/campaign/backend/commands.h"

namespace relais::campaign {

struct FrameOptions {
  absl::Duration connect_timeout = absl::Seconds(5);
  std::size_t max_reply_bytes = 64 << 20;
  std::size_t keep = 4;  // connections at most that lie unused
  absl::Duration keep_for = absl::Seconds(60);
};

// Thread-safe. One exchange at a time on each connection.
class FrameTransport final : public CommandTransport {
 public:
  FrameTransport(std::unique_ptr<Dialer> dialer, FrameOptions options);

  // A command that must not be sent twice goes over a connection of its own.
  absl::StatusOr<CommandReply> Send(const CallContext& context, const CommandRequest& request,
                                    absl::Duration timeout) override;

 private:
  struct Unused {
    std::unique_ptr<ByteStream> stream;
    absl::Time since;
  };

  // `answered`: whether anything has come back.
  absl::StatusOr<CommandReply> Exchange(const CallContext& context, const std::string& frame,
                                        std::unique_ptr<ByteStream> stream, absl::Time limit,
                                        bool& answered);
  std::unique_ptr<ByteStream> TakeUnused();
  std::optional<Unused> PopUnused();
  void Keep(std::unique_ptr<ByteStream> stream);

  const std::unique_ptr<Dialer> dialer_;
  const FrameOptions options_;
  std::mutex mu_;
  std::vector<Unused> unused_;  // under mu_
};

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_FRAMES_H_

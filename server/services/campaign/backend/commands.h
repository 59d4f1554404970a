// How commands reach an instance of campaigns: over HTTP here, in frames in frames.h.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_COMMANDS_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_COMMANDS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/net/http_transport.h"
#include "server/core/net/transport.h"
#include "server/services/campaign/codec/codec.h"

namespace relais::campaign {

// A command with the session that it belongs to. Both outlive the exchange.
struct CommandRequest {
  const Command& command;
  const Secret& session;   // empty: none, for a log-on
  bool repeatable = true;  // false: never sent twice, as HttpRequest::repeatable
};

struct CommandReply {
  absl::Status refusal{};  // an error that the transport's own protocol tells; OK: see `body`
  int http_status = 0;     // 0: not over HTTP
  // What the upstream says, with spare capacity as of HttpReply; nothing after a refusal.
  std::string body{};
};

using CommandTransport = Transport<CommandRequest, CommandReply>;

// POST {base_url}/{command} with the arguments as body and the session in a header.
class HttpCommandTransport final : public CommandTransport {
 public:
  // `scheduler` outlives the transport.
  HttpCommandTransport(std::unique_ptr<HttpTransport> http, std::string base_url,
                       Scheduler& scheduler);

  absl::StatusOr<CommandReply> Send(const CallContext& context, const CommandRequest& request,
                                    absl::Duration timeout) override;

 private:
  const std::unique_ptr<HttpTransport> http_;
  const std::string base_url_;
  Scheduler& scheduler_;
};

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_COMMANDS_H_

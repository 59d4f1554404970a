#include "server/services/campaign/backend/commands.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/upstream/http_status.h"
#include "server/core/upstream/http_upstream.h"

namespace relais::campaign {

HttpCommandTransport::HttpCommandTransport(std::unique_ptr<HttpTransport> http,
                                           std::string base_url, Scheduler& scheduler)
    : http_(std::move(http)), base_url_(std::move(base_url)), scheduler_(scheduler) {}

absl::StatusOr<CommandReply> HttpCommandTransport::Send(const CallContext& context,
                                                        const CommandRequest& request,
                                                        absl::Duration timeout) {
  HttpRequest post{
      .method = "POST",
      .url = absl::StrCat(base_url_, "/", request.command.name),
      .headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}},
      .body = request.command.arguments,
      .repeatable = request.repeatable};
  if (!request.session.empty()) post.headers.emplace_back("X-Gt-Session", request.session.Reveal());
  AddTraceContext(context, post);
  absl::StatusOr<HttpReply> reply = http_->Send(context, post, timeout);
  if (!reply.ok()) return reply.status();
  return CommandReply{.refusal = StatusOfReply(*reply, scheduler_.Wall()),
                      .http_status = reply->status,
                      .body = std::move(reply->body)};
}

}  // namespace relais::campaign

#include "server/core/upstream/http_upstream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/net/url.h"
#include "server/core/upstream/attempt.h"
#include "server/core/upstream/upstream_stream.h"

namespace relais {
namespace {

HttpRequest MakeRequest(const Attempt& attempt, HttpUpstream::BuildRequest build) {
  HttpRequest request = build(attempt.credential);
  request.repeatable = request.repeatable && attempt.repeatable;
  AddTraceContext(attempt.context, request);
  if (attempt.span != nullptr) Describe(request, *attempt.span);
  return request;
}

AttemptResult Answered(const HttpReply& head, HttpUpstream::Classify classify,
                       const Attempt& attempt) {
  return {
      .status = classify(head, attempt.credential), .answered = true, .http_status = head.status};
}

absl::Status TooManyStreams(const Upstream& upstream) {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamSaturated)
             .RetryAfter(absl::Seconds(1))
             .With("service", upstream.service())
             .With("connection", upstream.connection())
         << "Too many downloads of this connection are open; nothing was sent. Call again later.";
}

}  // namespace

void AddTraceContext(const CallContext& context, HttpRequest& request) {
  if (const std::string& trace = context.identity().traceparent; !trace.empty()) {
    request.headers.emplace_back("traceparent", trace);
    if (const std::string& state = context.identity().tracestate; !state.empty())
      request.headers.emplace_back("tracestate", state);
  }
}

void Describe(const HttpRequest& request, Span& span) {
  span.name = request.method;
  span.Set("http.request.method", request.method);
  const UrlParts url = PartsOf(request.url);
  span.Set("server.address", url.host);
  span.Set("server.port", url.port);
  // What comes behind the path may be anybody's secret.
  span.Set("url.full", absl::StrCat(url.scheme, "://", url.authority, url.path));
}

HttpUpstream::HttpUpstream(std::string service, std::string connection, HttpTransport& transport,
                           Scheduler& scheduler, UpstreamMetrics& metrics, UpstreamPolicy policy,
                           SessionPolicy session_policy, Login login)
    : upstream_(std::move(service), std::move(connection), scheduler, metrics, policy,
                session_policy, std::move(login)),
      transport_(transport),
      open_streams_("open_streams", policy.open_streams) {}

absl::StatusOr<HttpReply> HttpUpstream::Send(const CallContext& context, const SendOptions& options,
                                             BuildRequest build, Classify classify) {
  absl::StatusOr<HttpReply> reply;  // of the last attempt
  const absl::Status called =
      upstream_.Call(context, options, [&](const Attempt& attempt) -> AttemptResult {
        reply = transport_.Send(attempt.context, MakeRequest(attempt, build), attempt.timeout);
        if (!reply.ok()) return {.status = reply.status()};
        return Answered(*reply, classify, attempt);
      });
  if (!called.ok()) return called;
  return reply;
}

absl::StatusOr<std::unique_ptr<HttpStream>> HttpUpstream::Open(const CallContext& context,
                                                               const SendOptions& options,
                                                               BuildRequest build,
                                                               Classify classify) {
  auto place = std::make_unique<Share>();
  if (!place->Take(open_streams_)) return TooManyStreams(upstream_);
  int sent = 0;  // requests
  absl::StatusOr<std::unique_ptr<HttpStream>> stream;
  const absl::Status called =
      upstream_.Call(context, options, [&](const Attempt& attempt) -> AttemptResult {
        ++sent;
        stream = transport_.Open(attempt.context, MakeRequest(attempt, build), attempt.timeout);
        if (!stream.ok()) return {.status = stream.status()};
        AttemptResult result = Answered((*stream)->head(), classify, attempt);
        // A refused stream must not keep its connection while the call waits for the next attempt.
        if (!result.status.ok()) stream = result.status;
        return result;
      });
  if (!called.ok()) return called;
  return std::make_unique<UpstreamStream>(
      *std::move(stream), std::move(place), options.idempotent,
      UpstreamStream::Metadata{{"service", upstream_.service()},
                               {"connection", upstream_.connection()},
                               {"attempts", absl::StrCat(sent)}},
      upstream_.metrics());
}

}  // namespace relais

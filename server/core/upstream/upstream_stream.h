// A stream of an upstream, whose failures say where they come from and are counted.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_UPSTREAM_STREAM_H_
#define RELAIS_SERVER_CORE_UPSTREAM_UPSTREAM_STREAM_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/core/base/ceiling.h"
#include "server/core/net/http_transport.h"
#include "server/core/upstream/upstream_metrics.h"

namespace relais {

class UpstreamStream final : public HttpStream {
 public:
  using Metadata = std::vector<std::pair<std::string, std::string>>;

  // `metrics` outlives the stream; `metadata` goes into every error. The exchange counts as in
  // flight, and keeps its `place`, as long as the stream lives.
  UpstreamStream(std::unique_ptr<HttpStream> stream, std::unique_ptr<Share> place, bool idempotent,
                 Metadata metadata, UpstreamMetrics& metrics);
  ~UpstreamStream() override;

  const HttpReply& head() const override { return stream_->head(); }
  absl::StatusOr<std::string> Read(const CallContext& context, std::size_t max_bytes) override;

 private:
  const std::unique_ptr<Share> place_;
  const std::unique_ptr<HttpStream> stream_;
  const bool idempotent_;
  const Metadata metadata_;
  UpstreamMetrics& metrics_;
  absl::Status failure_;  // of a read; OK: none
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_UPSTREAM_STREAM_H_

#include "server/core/upstream/upstream_stream.h"

#include <atomic>

#include "server/core/base/error.h"
#include "server/core/upstream/attempt.h"

namespace relais {

UpstreamStream::UpstreamStream(std::unique_ptr<HttpStream> stream, std::unique_ptr<Share> place,
                               bool idempotent, Metadata metadata, UpstreamMetrics& metrics)
    : place_(std::move(place)),
      stream_(std::move(stream)),
      idempotent_(idempotent),
      metadata_(std::move(metadata)),
      metrics_(metrics) {
  metrics_.in_flight.fetch_add(1, std::memory_order_relaxed);
}

UpstreamStream::~UpstreamStream() { metrics_.in_flight.fetch_sub(1, std::memory_order_relaxed); }

absl::StatusOr<std::string> UpstreamStream::Read(const CallContext& context,
                                                 std::size_t max_bytes) {
  if (!failure_.ok()) return failure_;
  absl::StatusOr<std::string> bytes = stream_->Read(context, max_bytes);
  if (bytes.ok()) return bytes;
  // Without the status of the head: it has said nothing of what went wrong later.
  if (OutcomeOf({.status = bytes.status()}) != UpstreamMetrics::kAbandoned) {
    metrics_.broken_streams.fetch_add(1, std::memory_order_relaxed);
  }
  failure_ = DescribeFailure(bytes.status(), idempotent_, stream_->head().status);
  ErrorDetails details = DetailsOf(failure_);
  for (const auto& [key, value] : metadata_) PutMetadata(details, key, value);
  SetDetails(failure_, details);
  return failure_;
}

}  // namespace relais

// The messages of a download, the same for every file: metadata first, then chunks, the trailer
// last.

#ifndef RELAIS_SERVER_GATEWAY_DOWNLOAD_H_
#define RELAIS_SERVER_GATEWAY_DOWNLOAD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "relais/type/v1/type.pb.h"
#include "server/core/base/sha256.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/wire.h"

namespace relais::gateway {

// The most content of one message.
inline constexpr std::size_t kChunkBytes = 256 << 10;

// Counts and hashes what it makes messages of. `Response` has the fields metadata, chunk and
// trailer.
template <typename Response>
class Download {
 public:
  static rpc::RowNews Metadata(type::v1::FileMetadata metadata) {
    Response message;
    *message.mutable_metadata() = std::move(metadata);
    return rpc::BufferOf(message);
  }

  rpc::RowNews Chunk(std::string bytes) {
    sent_ += static_cast<std::int64_t>(bytes.size());
    digest_.Update(bytes);
    return rpc::BufferOfField(Response::kChunkFieldNumber, std::move(bytes));
  }

  // The SHA-256 of all chunks. Once, when there are no more.
  std::string Finish() { return digest_.FinishHex(); }

  rpc::RowNews Trailer(std::string sha256) const {
    Response message;
    message.mutable_trailer()->set_size_bytes(sent_);
    message.mutable_trailer()->set_sha256(std::move(sha256));
    return rpc::BufferOf(message);
  }

  std::int64_t sent() const { return sent_; }

 private:
  Sha256 digest_;
  std::int64_t sent_ = 0;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_DOWNLOAD_H_

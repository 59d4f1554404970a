// The messages of a download, the same for every file: metadata first, then chunks, the trailer
// last. The same file as a body of HTTP has its metadata and its digest beside the messages.

#ifndef RELAIS_SERVER_GATEWAY_DOWNLOAD_H_
#define RELAIS_SERVER_GATEWAY_DOWNLOAD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "google/api/httpbody.pb.h"
#include "relais/type/v1/type.pb.h"
#include "server/core/base/sha256.h"
#include "server/rpc/calls/answers.h"
#include "server/rpc/wire.h"

namespace relais::gateway {

// The most content of one message.
inline constexpr std::size_t kChunkBytes = 256 << 10;

// The value of a header of this name: the file's name, for callers of any age (RFC 6266).
std::string ContentDisposition(std::string_view file_name);
// The value of a header of this name (RFC 9530), of a digest in hexadecimal.
std::string ReprDigest(const std::string& sha256);

// Counts and hashes content. `number`: of the field that has it.
class DownloadContent {
 public:
  explicit DownloadContent(int number) : number_(number) {}

  rpc::RowNews Chunk(std::string bytes) {
    sent_ += static_cast<std::int64_t>(bytes.size());
    digest_.Update(bytes);
    return rpc::BufferOfField(number_, std::move(bytes));
  }

  // The SHA-256 of all chunks. Once, when there are no more.
  std::string Finish() { return digest_.FinishHex(); }

  std::int64_t sent() const { return sent_; }

 private:
  const int number_;
  Sha256 digest_;
  std::int64_t sent_ = 0;
};

// `Response` has the fields metadata, chunk and trailer.
template <typename Response>
class Download : public DownloadContent {
 public:
  Download() : DownloadContent(Response::kChunkFieldNumber) {}

  static rpc::RowNews Metadata(type::v1::FileMetadata metadata) {
    Response message;
    *message.mutable_metadata() = std::move(metadata);
    return rpc::BufferOf(message);
  }

  rpc::RowNews Trailer(std::string sha256) const {
    Response message;
    message.mutable_trailer()->set_size_bytes(sent());
    message.mutable_trailer()->set_sha256(std::move(sha256));
    return rpc::BufferOf(message);
  }
};

template <>
class Download<google::api::HttpBody> : public DownloadContent {
 public:
  Download() : DownloadContent(google::api::HttpBody::kDataFieldNumber) {}

  static rpc::RowNews Metadata(const type::v1::FileMetadata& metadata);
  // The end of the stream.
  static rpc::RowNews Trailer(const std::string& sha256);
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_DOWNLOAD_H_

#include "server/core/net/curl/inflate.h"

#include <algorithm>
#include <array>
#include <utility>

namespace relais {
namespace {

// The largest window, and a header of gzip or zlib, whichever is there.
constexpr int kAnyHeader = MAX_WBITS + 32;
constexpr std::size_t kPieceBytes = 16 << 10;

}  // namespace

std::unique_ptr<Inflater> Inflater::For(std::string_view encoding) {
  if (encoding != "gzip" && encoding != "x-gzip" && encoding != "deflate") return nullptr;
  std::unique_ptr<Inflater> made(new Inflater);
  return inflateInit2(&made->stream_, kAnyHeader) == Z_OK ? std::move(made) : nullptr;
}

Inflater::Result Inflater::Add(std::string_view part, std::size_t most, std::string& body) {
  // zlib only reads from there.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
  stream_.avail_in = static_cast<uInt>(part.size());
  std::array<char, kPieceBytes> piece;
  while (!complete_) {
    stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_.avail_out = static_cast<uInt>(piece.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    const std::size_t made = piece.size() - stream_.avail_out;
    if (made > most - std::min(most, body.size())) return Result::kTooLarge;
    body.append(piece.data(), made);
    complete_ = result == Z_STREAM_END;
    if (complete_ || result == Z_BUF_ERROR) break;  // the latter: all is read
    if (result != Z_OK) return Result::kBroken;
    if (stream_.avail_in == 0 && stream_.avail_out > 0) break;
  }
  return stream_.avail_in == 0 ? Result::kOk : Result::kBroken;
}

}  // namespace relais

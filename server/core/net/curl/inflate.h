// Bodies that come compressed, although they were asked for as they are.

#ifndef RELAIS_SERVER_CORE_NET_CURL_INFLATE_H_
#define RELAIS_SERVER_CORE_NET_CURL_INFLATE_H_

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace relais {

// One body in the encoding "gzip" or "deflate".
class Inflater {
 public:
  // Null: `encoding` (a Content-Encoding) is none that can be read, or there is no memory.
  static std::unique_ptr<Inflater> For(std::string_view encoding);
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  enum class Result { kOk, kBroken, kTooLarge };

  // Appends to `body` what `part` becomes, while `body` has at most `most` bytes.
  Result Add(std::string_view part, std::size_t most, std::string& body);
  // Whether the end was there.
  bool complete() const { return complete_; }

 private:
  Inflater() = default;

  z_stream stream_{};
  bool complete_ = false;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_INFLATE_H_

// The reply of one exchange, as its bytes come.

#ifndef RELAIS_SERVER_CORE_NET_CURL_REPLY_PARSER_H_
#define RELAIS_SERVER_CORE_NET_CURL_REPLY_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/net/http_transport.h"

namespace relais {

class ReplyParser {
 public:
  // Of the whole head; no upstream comes near it.
  static constexpr std::size_t kMaxHeadBytes = 64 << 10;

  // `has_body` is false when the reply has none by its request's method (HEAD).
  ReplyParser(std::int64_t max_body_bytes, bool has_body);
  ~ReplyParser();
  ReplyParser(const ReplyParser&) = delete;
  ReplyParser& operator=(const ReplyParser&) = delete;

  // How many of `bytes` it has taken. What is left comes again, with more behind it: a head is only
  // taken whole. Informational replies (1xx) are passed over. Errors: UPSTREAM_MALFORMED_RESPONSE.
  absl::StatusOr<std::size_t> Add(std::string_view bytes);
  // The peer has closed the connection; `left` was not taken. Errors: besides those of Add, the
  // reply is not complete.
  absl::Status End(std::string_view left);

  bool complete() const;
  // Whether the connection can carry another exchange.
  bool keeps_alive() const;
  // Only when it is complete.
  HttpReply Take();

 private:
  class Parser;

  void Begin();

  const std::int64_t max_body_bytes_;
  const bool has_body_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_REPLY_PARSER_H_

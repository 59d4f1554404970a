// What arrives from libcurl: gathered into a reply under a limit, or held for a reader.

#ifndef RELAIS_SERVER_CORE_NET_CURL_REPLY_H_
#define RELAIS_SERVER_CORE_NET_CURL_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/core/net/http_transport.h"

namespace relais {

class CurlReply {
 public:
  // Starts anew. `has_body` is false when the reply has none by its request's method (HEAD).
  void Start(std::int64_t max_body_bytes, bool has_body);
  // The same, but the body of a 2xx is for TakeBody and has no limit.
  void StartStream(std::int64_t max_body_bytes, bool has_body);

  // One line of the head with its end. False: too large, the transfer must end.
  bool AddHeadLine(std::string_view line);
  // A part of the body. False: as above.
  bool AddBody(std::string_view part);

  bool head_complete() const { return head_complete_; }
  bool too_large() const { return too_large_; }
  // Whether the head of a 2xx is complete, whose body is for TakeBody.
  bool streaming() const { return stream_ && head_complete_ && IsSuccess(); }

  // Room for this many bytes is made when the first arrives.
  void Expect(std::size_t bytes) { expected_ = bytes; }
  std::size_t buffered() const { return reply_.body.size(); }
  // The first bytes of what is buffered, at most `most`.
  std::string TakeBody(std::size_t most);

  // The whole reply.
  HttpReply Finish() &&;
  // The head of a reply that is streaming().
  HttpReply TakeHead();

 private:
  bool IsSuccess() const { return reply_.status >= 200 && reply_.status <= 299; }
  bool BeginHead(std::string_view status_line);
  bool EndHead();
  void AddHeader(std::string_view line);
  std::size_t RoomFor(std::size_t size) const;

  HttpReply reply_;
  std::int64_t max_body_bytes_ = 0;
  std::int64_t content_length_ = 0;  // 0: not known
  std::size_t head_bytes_ = 0;
  std::size_t expected_ = 0;
  bool has_body_ = true;
  bool stream_ = false;
  bool head_complete_ = false;
  bool too_large_ = false;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_REPLY_H_

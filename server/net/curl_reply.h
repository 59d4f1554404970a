// What arrives from libcurl, gathered into a reply under a limit.

#ifndef RELAIS_SERVER_NET_CURL_REPLY_H_
#define RELAIS_SERVER_NET_CURL_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/net/http_transport.h"

namespace relais {

class CurlReply {
 public:
  // Starts anew. `has_body` is false when the reply has none by its request's method (HEAD).
  void Start(std::int64_t max_body_bytes, bool has_body);

  // One line of the head with its end. False: too large, the transfer must end.
  bool AddHeadLine(std::string_view line);
  // A part of the body. False: as above.
  bool AddBody(std::string_view part);

  bool head_complete() const { return head_complete_; }
  bool too_large() const { return too_large_; }

  HttpReply Finish(int status) &&;

 private:
  bool EndHead();
  void AddHeader(std::string_view line);

  HttpReply reply_;
  std::int64_t max_body_bytes_ = 0;
  std::int64_t content_length_ = 0;  // 0: not known
  std::size_t head_bytes_ = 0;
  bool has_body_ = true;
  bool head_complete_ = false;
  bool too_large_ = false;
};

}  // namespace relais

#endif  // RELAIS_SERVER_NET_CURL_REPLY_H_

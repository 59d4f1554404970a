// What a failure of libcurl means to a caller.

#ifndef RELAIS_SERVER_CORE_NET_CURL_ERROR_H_
#define RELAIS_SERVER_CORE_NET_CURL_ERROR_H_

#include <curl/curl.h>

#include <string_view>

#include "absl/status/status.h"

namespace relais {

// The status of a transfer on `easy` that ended with `code` (not CURLE_OK); `message` is libcurl's
// text about it, which is looked at but never shown: it names hosts.
absl::Status StatusOfCurl(CURL* easy, CURLcode code, std::string_view message);

// The reply ended before it was complete.
absl::Status ReplyCutShort();

// The connection was closed before a byte of the reply came.
absl::Status NoReply();

// The reply is not HTTP, is above a limit, or is compressed although it was not to be.
absl::Status MalformedReply();
absl::Status ReplyTooLarge();
absl::Status CompressedReply();

// The error of a request that the gateway itself cannot send; `why` is a sentence.
absl::Status Unusable(std::string_view why);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_ERROR_H_

// The wait for a transfer of libcurl, which ends with its call.

#ifndef RELAIS_SERVER_CORE_NET_CURL_RUN_H_
#define RELAIS_SERVER_CORE_NET_CURL_RUN_H_

#include <curl/curl.h>

#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"

namespace relais {

// Lets the only transfer on `multi` go on until `enough` holds (none) or it has ended: its result,
// CURLE_ABORTED_BY_CALLBACK when the call is cancelled, CURLE_OPERATION_TIMEDOUT at `limit`.
std::optional<CURLcode> RunTransfer(CURLM* multi, const CallContext& context, absl::Time limit,
                                    absl::FunctionRef<bool()> enough);

// At least 1, because 0 means "no limit" to libcurl.
long ToCurlMilliseconds(absl::Duration duration);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_RUN_H_

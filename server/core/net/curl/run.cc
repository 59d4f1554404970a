#include "server/core/net/curl/run.h"

#include <algorithm>
#include <stop_token>

#include "server/core/base/clock.h"

namespace relais {
namespace {

constexpr absl::Duration kLongestPoll = absl::Seconds(1);  // libcurl shortens it to its next timer

}  // namespace

long ToCurlMilliseconds(absl::Duration duration) {
  const absl::Duration bounded = std::clamp(duration, absl::Milliseconds(1), absl::Hours(24));
  return static_cast<long>(absl::ToInt64Milliseconds(absl::Ceil(bounded, absl::Milliseconds(1))));
}

std::optional<CURLcode> RunTransfer(CURLM* multi, const CallContext& context, absl::Time limit,
                                    absl::FunctionRef<bool()> enough) {
  const std::stop_callback wake(context.stop(), [multi] { curl_multi_wakeup(multi); });
  while (true) {
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
    if (running == 0) {
      int left = 0;
      const CURLMsg* const message = curl_multi_info_read(multi, &left);
      return message != nullptr ? message->data.result : CURLE_OUT_OF_MEMORY;
    }
    if (enough()) return std::nullopt;
    if (context.cancelled()) return CURLE_ABORTED_BY_CALLBACK;
    const absl::Duration left = limit - SteadyNow();
    if (left <= absl::ZeroDuration()) return CURLE_OPERATION_TIMEDOUT;
    const long wait = ToCurlMilliseconds(std::min(left, kLongestPoll));
    curl_multi_poll(multi, nullptr, 0, static_cast<int>(wait), nullptr);
  }
}

}  // namespace relais

// The trace context of W3C: whether what a caller has sent is one, and what it says.

#ifndef RELAIS_SERVER_CORE_BASE_TRACE_CONTEXT_H_
#define RELAIS_SERVER_CORE_BASE_TRACE_CONTEXT_H_

#include <optional>
#include <string>
#include <string_view>

namespace relais {

// "00-<32 hexadecimal digits>-<16>-<2>", neither id all zeros; of a later version more may follow.
bool IsTraceparent(std::string_view text);

struct Traceparent {
  std::string trace_id;  // 32 hexadecimal digits
  std::string span_id;   // 16: of the sender's span
  bool sampled;          // the sender keeps its part of the trace
};
// None: it is not one.
std::optional<Traceparent> ParseTraceparent(std::string_view text);

// At most 512 printable ASCII characters.
bool IsTracestate(std::string_view text);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_TRACE_CONTEXT_H_

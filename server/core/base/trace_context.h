// The trace context of W3C: whether what a caller has sent is one.

#ifndef RELAIS_SERVER_CORE_BASE_TRACE_CONTEXT_H_
#define RELAIS_SERVER_CORE_BASE_TRACE_CONTEXT_H_

#include <string_view>

namespace relais {

// "00-<32 hexadecimal digits>-<16>-<2>", neither id all zeros; of a later version more may follow.
bool IsTraceparent(std::string_view text);

// At most 512 printable ASCII characters.
bool IsTracestate(std::string_view text);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_TRACE_CONTEXT_H_

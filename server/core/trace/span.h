// One operation of a trace, in the words of OpenTelemetry.

#ifndef RELAIS_SERVER_CORE_TRACE_SPAN_H_
#define RELAIS_SERVER_CORE_TRACE_SPAN_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace relais {

struct Span {
  enum class Kind { kServer, kClient };
  using Value = std::variant<std::int64_t, std::string>;

  Kind kind = Kind::kServer;
  std::string name{};            // of few different ones: no names of resources
  std::string trace_id{};        // 32 hexadecimal digits
  std::string span_id{};         // 16
  std::string parent_span_id{};  // empty: it is the root
  std::string trace_state{};
  absl::Time started;                                            // as people call the time
  absl::Time ended;                                              // the same
  bool failed = false;                                           // by the fault of whoever did it
  std::vector<std::pair<std::string_view, Value>> attributes{};  // keys live for ever

  void Set(std::string_view key, std::string_view value) {
    if (!value.empty()) attributes.emplace_back(key, std::string(value));
  }
  void Set(std::string_view key, std::int64_t value) { attributes.emplace_back(key, value); }
};

// What a request carries whose sender the span is: W3C `traceparent`, sampled.
std::string TraceparentOf(const Span& span);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_TRACE_SPAN_H_

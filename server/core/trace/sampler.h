// Which calls are traced, by the rules that OTEL_TRACES_SAMPLER names.

#ifndef RELAIS_SERVER_CORE_TRACE_SAMPLER_H_
#define RELAIS_SERVER_CORE_TRACE_SAMPLER_H_

#include <optional>
#include <string_view>

namespace relais {

struct Sampler {
  // As the caller has decided, where there is a trace already.
  bool parent_based = true;
  double ratio = 1;  // of the traces, 0 to 1

  // The sampler of that name, e.g. "parentbased_traceidratio"; `argument` empty: 1. None: there is
  // no such sampler, or the argument is no ratio.
  static std::optional<Sampler> Named(std::string_view name, std::string_view argument);

  // `trace_id` in 32 hexadecimal digits. `parent_sampled`: none: the trace begins here.
  bool Takes(std::string_view trace_id, std::optional<bool> parent_sampled) const;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_TRACE_SAMPLER_H_

// Spans in OTLP's JSON.

#ifndef RELAIS_SERVER_TRACING_OTLP_H_
#define RELAIS_SERVER_TRACING_OTLP_H_

#include <string>
#include <utility>
#include <vector>

#include "server/core/trace/span.h"

namespace relais::tracing {

using Resource = std::vector<std::pair<std::string, std::string>>;

// The body of a request to /v1/traces.
std::string EncodeSpans(const std::vector<Span>& spans, const Resource& resource,
                        const std::string& version);

}  // namespace relais::tracing

#endif  // RELAIS_SERVER_TRACING_OTLP_H_

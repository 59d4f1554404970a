#include "server/tracing/otlp.h"

#include <string_view>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace relais::tracing {
namespace {

using Json = nlohmann::json;

// As the enumerations of OTLP have them.
constexpr int kServer = 2;
constexpr int kClient = 3;
constexpr int kError = 2;

Json AttributeOf(std::string_view key, const Span::Value& value) {
  Json encoded;
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    encoded["intValue"] = absl::StrCat(*number);
  } else {
    encoded["stringValue"] = std::get<std::string>(value);
  }
  return {{"key", key}, {"value", std::move(encoded)}};
}

std::string Nanoseconds(absl::Time time) { return absl::StrCat(absl::ToUnixNanos(time)); }

Json SpanOf(const Span& span) {
  Json json = {{"traceId", span.trace_id},
               {"spanId", span.span_id},
               {"name", span.name},
               {"kind", span.kind == Span::Kind::kServer ? kServer : kClient},
               {"startTimeUnixNano", Nanoseconds(span.started)},
               {"endTimeUnixNano", Nanoseconds(span.ended)},
               {"attributes", Json::array()}};
  if (!span.parent_span_id.empty()) json["parentSpanId"] = span.parent_span_id;
  if (!span.trace_state.empty()) json["traceState"] = span.trace_state;
  if (span.failed) json["status"]["code"] = kError;
  for (const auto& [key, value] : span.attributes)
    json["attributes"].push_back(AttributeOf(key, value));
  return json;
}

}  // namespace

std::string EncodeSpans(const std::vector<Span>& spans, const Resource& resource,
                        const std::string& version) {
  Json attributes = Json::array();
  for (const auto& [key, value] : resource) attributes.push_back(AttributeOf(key, value));
  Json scope = {{"scope", {{"name", "relais"}, {"version", version}}}, {"spans", Json::array()}};
  for (const Span& span : spans) scope["spans"].push_back(SpanOf(span));
  const Json body = {
      {"resourceSpans",
       {{{"resource", {{"attributes", std::move(attributes)}}}, {"scopeSpans", {scope}}}}}};
  // Names may be in any code page.
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace relais::tracing

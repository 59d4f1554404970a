#include "server/tracing/settings.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace relais::tracing {
namespace {

constexpr char kDefaultEndpoint[] = "http://localhost:4318";

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string Unescaped(absl::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && DigitOf(text[i + 1]) >= 0 &&
        DigitOf(text[i + 2]) >= 0) {
      plain += static_cast<char>(DigitOf(text[i + 1]) * 16 + DigitOf(text[i + 2]));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// Reads variables and keeps what is wrong with them.
class Reading {
 public:
  Reading(const Environment& environment, std::vector<std::string>& warnings)
      : environment_(environment), warnings_(warnings) {}

  std::string Text(const std::string& name) const { return environment_(name); }
  // That of traces alone, else that of all signals.
  std::string OfTraces(const std::string& name) const {
    const std::string own = Text(absl::StrCat("OTEL_EXPORTER_OTLP_TRACES_", name));
    return own.empty() ? Text(absl::StrCat("OTEL_EXPORTER_OTLP_", name)) : own;
  }

  void Number(const std::string& name, const std::string& text, std::int64_t least,
              const std::function<void(std::int64_t)>& take) {
    std::int64_t number = 0;
    if (text.empty()) return;
    if (absl::SimpleAtoi(text, &number) && number >= least) {
      take(number);
    } else {
      Warn(name, "must be a whole number");
    }
  }

  // "key=value,key=value"; a pair that is none is left out.
  void Pairs(const std::string& name, const std::string& text,
             const std::function<void(std::string key, std::string value)>& take) {
    for (const absl::string_view pair : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
      const std::vector<absl::string_view> parts = absl::StrSplit(pair, absl::MaxSplits('=', 1));
      const std::string key(absl::StripAsciiWhitespace(parts.front()));
      if (parts.size() == 2 && !key.empty()) {
        take(Unescaped(key), Unescaped(absl::StripAsciiWhitespace(parts.back())));
      } else {
        Warn(name, "must be key=value pairs with commas between them");
      }
    }
  }

  // No value: it may be a secret.
  void Warn(const std::string& name, const std::string& what) {
    warnings_.push_back(absl::StrCat(name, " ", what));
  }

 private:
  const Environment& environment_;
  std::vector<std::string>& warnings_;
};

std::string EndpointOf(Reading& reading) {
  std::string endpoint = reading.Text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
  const std::string exporter = reading.Text("OTEL_TRACES_EXPORTER");
  if (endpoint.empty()) {
    std::string base = reading.Text("OTEL_EXPORTER_OTLP_ENDPOINT");
    if (base.empty() && exporter == "otlp") base = kDefaultEndpoint;
    if (base.empty()) return "";
    endpoint = absl::StrCat(absl::StripSuffix(base, "/"), "/v1/traces");
  }
  if (absl::StartsWith(endpoint, "http://") || absl::StartsWith(endpoint, "https://"))
    return endpoint;
  reading.Warn("OTEL_EXPORTER_OTLP_ENDPOINT", "must begin with http:// or https://");
  return "";
}

bool IsOff(Reading& reading) {
  if (absl::EqualsIgnoreCase(reading.Text("OTEL_SDK_DISABLED"), "true")) return true;
  const std::string exporter = reading.Text("OTEL_TRACES_EXPORTER");
  if (exporter.empty() || exporter == "otlp") return false;
  if (exporter != "none") reading.Warn("OTEL_TRACES_EXPORTER", "must be otlp or none");
  return true;
}

void ReadResource(Reading& reading, Settings& settings) {
  std::string name;
  reading.Pairs("OTEL_RESOURCE_ATTRIBUTES", reading.Text("OTEL_RESOURCE_ATTRIBUTES"),
                [&](std::string key, std::string value) {
                  if (key == "service.name") {
                    name = std::move(value);
                  } else {
                    settings.resource.emplace_back(std::move(key), std::move(value));
                  }
                });
  if (std::string own = reading.Text("OTEL_SERVICE_NAME"); !own.empty()) name = std::move(own);
  settings.resource.emplace_back("service.name", name.empty() ? "relais" : name);
}

void ReadSampler(Reading& reading, Settings& settings) {
  const std::string name = reading.Text("OTEL_TRACES_SAMPLER");
  if (name.empty()) return;
  if (const auto sampler = Sampler::Named(name, reading.Text("OTEL_TRACES_SAMPLER_ARG"))) {
    settings.sampler = *sampler;
  } else {
    reading.Warn("OTEL_TRACES_SAMPLER",
                 "must be always_on, always_off or traceidratio, with or without parentbased_ "
                 "before it, and OTEL_TRACES_SAMPLER_ARG a ratio from 0 to 1");
  }
}

}  // namespace

std::optional<Settings> SettingsOf(const Environment& environment,
                                   std::vector<std::string>& warnings) {
  Reading reading(environment, warnings);
  if (IsOff(reading)) return std::nullopt;
  Settings settings;
  settings.endpoint = EndpointOf(reading);
  if (settings.endpoint.empty()) return std::nullopt;
  const std::string protocol = reading.OfTraces("PROTOCOL");
  if (!protocol.empty() && protocol != "http/json")
    reading.Warn("OTEL_EXPORTER_OTLP_PROTOCOL", "is not heeded: traces go as http/json");
  reading.Pairs("OTEL_EXPORTER_OTLP_HEADERS", reading.OfTraces("HEADERS"),
                [&](const std::string& key, const std::string& value) {
                  settings.headers.emplace_back(key, Secret(value));
                });
  settings.ca_file = reading.OfTraces("CERTIFICATE");
  reading.Number("OTEL_EXPORTER_OTLP_TIMEOUT", reading.OfTraces("TIMEOUT"), 1,
                 [&](std::int64_t ms) { settings.timeout = absl::Milliseconds(ms); });
  reading.Number("OTEL_BSP_SCHEDULE_DELAY", reading.Text("OTEL_BSP_SCHEDULE_DELAY"), 0,
                 [&](std::int64_t ms) { settings.delay = absl::Milliseconds(ms); });
  const auto count = [](std::size_t& target) {
    return [&target](std::int64_t number) { target = static_cast<std::size_t>(number); };
  };
  reading.Number("OTEL_BSP_MAX_QUEUE_SIZE", reading.Text("OTEL_BSP_MAX_QUEUE_SIZE"), 1,
                 count(settings.queue));
  reading.Number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", reading.Text("OTEL_BSP_MAX_EXPORT_BATCH_SIZE"),
                 1, count(settings.batch));
  settings.batch = std::min(settings.batch, settings.queue);
  ReadSampler(reading, settings);
  ReadResource(reading, settings);
  return settings;
}

}  // namespace relais::tracing

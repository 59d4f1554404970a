#include "server/tracing/exporter.h"

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/clock.h"
#include "server/core/base/log/log.h"
#include "server/core/net/curl/transport.h"
#include "server/tracing/otlp.h"

namespace relais::tracing {
namespace {

constexpr int kMostAttempts = 3;
constexpr absl::Duration kFirstWait = absl::Seconds(1);

// As the protocol says.
bool MayPass(int http_status) {
  return http_status == 429 || (http_status >= 502 && http_status <= 504);
}

std::string Variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value != nullptr ? value : "";
}

prometheus::MetricFamily Total(const char* name, const char* help,
                               std::vector<std::pair<const char*, std::int64_t>> outcomes) {
  prometheus::MetricFamily family{name, help, prometheus::MetricType::Counter, {}};
  for (const auto& [outcome, count] : outcomes) {
    prometheus::ClientMetric metric;
    metric.label = {{"outcome", outcome}};
    metric.counter.value = static_cast<double>(count);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

}  // namespace

std::unique_ptr<Exporter> Exporter::FromEnvironment(std::string version) {
  std::vector<std::string> warnings;
  auto settings = SettingsOf(Variable, warnings);
  for (const std::string& warning : warnings)
    Log(LogLevel::kWarning, "tracing", {{"message", warning}});
  if (!settings) return nullptr;
  return std::make_unique<Exporter>(*std::move(settings), std::move(version));
}

Exporter::Exporter(Settings settings, std::string version)
    : settings_(std::move(settings)),
      version_(std::move(version)),
      tracer_(settings_.sampler, settings_.queue),
      transport_(std::make_unique<CurlTransport>(CurlOptions{
          .ca_file = settings_.ca_file, .user_agent = absl::StrCat("relais/", version_)})),
      thread_([this] { Run(); }) {}

Exporter::~Exporter() {
  tracer_.Close();
  stop_.request_stop();
  thread_.join();
}

std::vector<prometheus::MetricFamily> Exporter::Collect() const {
  return {Total("relais_trace_spans_total",
                "Spans of traces: delivered to the collector, or dropped since it was too slow or "
                "refused them.",
                {{"delivered", exported_.load(std::memory_order_relaxed)},
                 {"dropped", tracer_.dropped() + lost_.load(std::memory_order_relaxed)}})};
}

void Exporter::Run() {
  absl::Time end = absl::InfiniteFuture();  // once nobody makes spans any more
  while (true) {
    const std::vector<Span> spans = tracer_.Take(settings_.batch, settings_.delay);
    if (tracer_.closed()) {
      end = std::min(end, SteadyNow() + settings_.timeout);
      if (spans.empty()) return;
    }
    if (spans.empty()) continue;
    const auto count = static_cast<std::int64_t>(spans.size());
    const bool sent = SteadyNow() < end && Send(spans);
    (sent ? exported_ : lost_).fetch_add(count, std::memory_order_relaxed);
  }
}

bool Exporter::Send(const std::vector<Span>& spans) {
  HttpRequest request{.method = "POST",
                      .url = settings_.endpoint,
                      .headers = {{"Content-Type", "application/json"}},
                      .body = EncodeSpans(spans, settings_.resource, version_)};
  for (const auto& [key, value] : settings_.headers)
    request.headers.emplace_back(key, value.Reveal());
  std::mutex mu;
  std::condition_variable_any rest;
  absl::Duration wait = kFirstWait;
  for (int attempt = 1;; ++attempt) {
    const absl::StatusOr<HttpReply> reply =
        transport_->Send(CallContext(), request, settings_.timeout);
    if (reply.ok() && reply->status / 100 == 2) {
      Tell("");
      return true;
    }
    // Not what it says: nobody knows who reads it.
    Tell(reply.ok() ? absl::StrCat("HTTP status ", reply->status)
                    : std::string(reply.status().message()));
    const bool passes = !reply.ok() || MayPass(reply->status);
    if (!passes || attempt == kMostAttempts || stop_.stop_requested()) return false;
    std::unique_lock lock(mu);
    rest.wait_for(lock, stop_.get_token(), absl::ToChronoMilliseconds(wait), [] { return false; });
    wait *= 2;
  }
}

void Exporter::Tell(const std::string& failure) {
  if (failure.empty() && failing_)
    Log(LogLevel::kInfo, "traces are delivered again", {{"endpoint", settings_.endpoint}});
  if (!failure.empty() && !failing_) {
    Log(LogLevel::kWarning, "traces cannot be delivered",
        {{"endpoint", settings_.endpoint}, {"message", failure}});
  }
  failing_ = !failure.empty();
}

}  // namespace relais::tracing

#include "server/status/document.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/string_view.h"
#include "server/core/base/reason.h"
#include "server/core/upstream/recent_attempts.h"
#include "server/core/watch/hub_counts.h"
#include "server/gateway/readiness.h"
#include "server/status/shown_text.h"

namespace relais::status {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostCollections = 25;  // of one kind and connection
constexpr std::size_t kMostMethods = 100;
constexpr std::size_t kMostScheduled = 100;

Json TimeOf(absl::Time time) {
  if (time == absl::InfinitePast()) return nullptr;
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

double Seconds(absl::Duration duration) {
  return absl::ToDoubleSeconds(absl::Trunc(duration, absl::Milliseconds(1)));
}

template <typename Atomic>
auto Load(const Atomic& value) {
  return value.load(std::memory_order_relaxed);
}

Json Gateway(const Sources& sources, absl::Time started) {
  const Serving serving = sources.serving();
  const char* state = serving.draining          ? "draining"
                      : serving.problem.empty() ? "serving"
                                                : "not_ready";
  const absl::Time now = sources.scheduler.Now();
  return {{"version", sources.version},
          {"state", state},
          {"problem", serving.problem},
          {"start_time", TimeOf(sources.scheduler.ToWall(started))},
          {"uptime_seconds", Seconds(now - started)},
          {"callers", {{"accepted", serving.accepted}, {"refused", serving.refused}}}};
}

Json Limits(const Ceilings& ceilings) {
  Json limits = Json::array();
  for (const Ceiling* ceiling : std::array{&ceilings.streams, &ceilings.watches, &ceilings.uploads,
                                           &ceilings.health_watches, &ceilings.spool_bytes}) {
    limits.push_back({{"name", ceiling->name()},
                      {"used", ceiling->used()},
                      {"most", ceiling->most()},
                      {"refused", ceiling->refused()}});
  }
  return limits;
}

Json Calls(const Sources& sources) {
  std::vector<rpc::ServerMetrics::MethodCalls> calls = sources.metrics.Calls();
  std::stable_sort(calls.begin(), calls.end(), [](const auto& a, const auto& b) {
    return std::pair(a.open, a.started) > std::pair(b.open, b.started);
  });
  if (calls.size() > kMostMethods) calls.resize(kMostMethods);
  Json methods = Json::array();
  for (const auto& method : calls) {
    methods.push_back({{"service", method.service},
                       {"method", method.method},
                       {"open", method.open},
                       {"started", method.started}});
  }
  return {{"open", sources.runtime.open()}, {"methods", std::move(methods)}};
}

std::string_view Readiness(const gateway::Connection& connection,
                           const RecentAttempts::View& recent) {
  if (!connection.has_upstream()) return "none";
  if (recent.failing) {
    switch (gateway::UnreadinessOf(recent.last_failure->reason)) {
      case gateway::Unreadiness::kUnreachable:
        return "unreachable";
      case gateway::Unreadiness::kLoginRefused:
        return "login_refused";
      case gateway::Unreadiness::kFailing:
        return "failing";
    }
  }
  return recent.last_time ? "ready" : "unknown";
}

Json LastError(const std::optional<RecentAttempts::Failure>& failure) {
  if (!failure) return nullptr;
  return {{"reason", ReasonName(failure->reason)},
          {"http_status", failure->http_status == 0 ? Json() : Json(failure->http_status)},
          {"time", TimeOf(failure->time)}};
}

Json Latency(const RecentAttempts::View& recent) {
  Json milliseconds = Json::array();
  Json failed = Json::array();
  for (std::size_t i = 0; i < recent.attempts.size(); ++i) {
    milliseconds.push_back(absl::ToInt64Microseconds(recent.attempts[i].latency) / 1000.0);
    if (recent.attempts[i].failed) failed.push_back(i);
  }
  return {{"milliseconds", std::move(milliseconds)}, {"failed", std::move(failed)}};
}

Json ConnectionOf(const gateway::UpstreamView& upstream, absl::Time now) {
  static constexpr const char* kBreakerStates[] = {"closed", "open", "half_open"};
  const gateway::Connection& connection = *upstream.connection;
  const UpstreamMetrics& metrics = connection.metrics;
  const RecentAttempts::View recent = metrics.recent.Look();
  const watch::HubCounts polls = connection.polling();
  Json requests = Json::object();
  for (std::size_t i = 0; i < UpstreamMetrics::kOutcomes; ++i)
    requests[UpstreamMetrics::kOutcomeNames[i]] = Load(metrics.attempts[i]);
  return {{"service", upstream.service},
          {"name", ShownText(connection.name)},
          {"display_name", ShownText(connection.display_name)},
          {"readiness", Readiness(connection, recent)},
          {"breaker", kBreakerStates[static_cast<std::size_t>(connection.breaker().state(now))]},
          {"last_attempt_time", TimeOf(recent.last_time.value_or(absl::InfinitePast()))},
          {"last_error", LastError(recent.last_failure)},
          {"latency", Latency(recent)},
          {"requests", std::move(requests)},
          {"retries", Load(metrics.retries)},
          {"logins", Load(metrics.logins)},
          {"in_flight", Load(metrics.in_flight)},
          {"workers",
           {{"busy", connection.workers().busy()},
            {"most", connection.workers().workers()},
            {"waiting", connection.workers().waiting()}}},
          {"watchers", polls.watchers},
          {"polls",
           {{"made", polls.begun},
            {"failed", polls.failed},
            {"without_sharing", polls.unshared},
            {"saved", polls.saved()}}}};
}

Json States(const watch::StateCounts& counts) {
  Json states = Json::object();
  for (const auto& [state, count] : counts) states[std::string(state)] = count;
  return states;
}

// The collections of one kind of a connection.
struct Kind {
  std::size_t total = 0;
  std::int64_t watchers = 0;
  watch::StateCounts states{};
  Json shown = Json::array();

  void Add(const watch::HubView& view) {
    ++total;
    watchers += view.watchers;
    for (const auto& [state, count] : view.states) states[state] += count;
    if (shown.size() == kMostCollections) return;
    shown.push_back({{"name", ShownText(view.name)},
                     {"watchers", view.watchers},
                     {"states", States(view.states)},
                     {"age_seconds", view.age ? Json(Seconds(*view.age)) : Json()},
                     {"failing", view.failing}});
  }
};

void AddWatched(const gateway::UpstreamView& upstream, Json& watched) {
  std::vector<watch::HubView> views = upstream.connection->watched();
  // Those that somebody watches first, since not all may be shown.
  std::stable_sort(views.begin(), views.end(),
                   [](const auto& a, const auto& b) { return a.watchers > b.watchers; });
  std::map<std::string, Kind> kinds;  // by noun
  for (const watch::HubView& view : views) kinds[view.noun].Add(view);
  for (auto& [noun, kind] : kinds) {
    watched.push_back({{"service", upstream.service},
                       {"connection", ShownText(upstream.connection->name)},
                       {"noun", noun},
                       {"watchers", kind.watchers},
                       {"states", States(kind.states)},
                       {"collections_total", kind.total},
                       {"collections", std::move(kind.shown)}});
  }
}

Json ScheduleOf(const std::string& service, const gateway::Schedule& schedule) {
  Json last;
  if (!schedule.last_state.empty()) {
    last = {{"state", schedule.last_state},
            {"lateness_seconds", Seconds(schedule.last_lateness)},
            {"duration_seconds", Seconds(schedule.last_duration)}};
  }
  return {{"service", service},
          {"name", ShownText(schedule.name)},
          {"paused", schedule.paused},
          {"overdue", schedule.overdue},
          {"last_success_time", TimeOf(schedule.last_success)},
          {"next_time", TimeOf(schedule.next)},
          {"last_run", std::move(last)}};
}

Json RunOf(const std::string& service, const gateway::ScheduledRun& run) {
  return {{"service", service},
          {"name", ShownText(run.name)},
          {"state", run.state},
          {"attempt", run.attempt},
          {"slot_time", TimeOf(run.slot)},
          {"start_time", TimeOf(run.start)},
          {"next_attempt_time", TimeOf(run.next_attempt)},
          {"lateness_seconds", Seconds(run.lateness)},
          {"rows", run.rows},
          {"bytes", run.bytes},
          {"percent", run.percent ? Json(*run.percent) : Json()},
          {"reason", run.reason.empty() ? Json() : Json(ShownText(run.reason))}};
}

Json Failures(const rpc::RecentFailures& failures) {
  Json recent = Json::array();
  for (const rpc::RecentFailures::Entry& entry : failures.All()) {
    recent.push_back({{"time", TimeOf(entry.time)},
                      {"count", entry.count},
                      {"service", entry.method->service},
                      {"method", entry.method->method},
                      {"code", absl::StatusCodeToString(entry.code)},
                      {"reason", ReasonName(entry.reason)},
                      {"connection", ShownText(entry.connection)},
                      {"call_id", ShownText(entry.call_id)}});
  }
  return {{"total", failures.total()}, {"recent", std::move(recent)}};
}

}  // namespace

std::string MakeDocument(const Sources& sources, absl::Time started) {
  Json connections = Json::array();
  Json watched = Json::array();
  for (const gateway::UpstreamView& upstream : sources.upstreams) {
    connections.push_back(ConnectionOf(upstream, sources.scheduler.Now()));
    AddWatched(upstream, watched);
  }
  Json schedules = Json::array();
  Json runs = Json::array();
  for (const NamedService& named : sources.services) {
    const gateway::Scheduled scheduled = named.service->Show(kMostScheduled);
    for (const auto& schedule : scheduled.schedules)
      schedules.push_back(ScheduleOf(named.word, schedule));
    for (const auto& run : scheduled.runs) runs.push_back(RunOf(named.word, run));
  }
  const Json document = {{"time", TimeOf(sources.scheduler.Wall())},
                         {"gateway", Gateway(sources, started)},
                         {"limits", Limits(sources.ceilings)},
                         {"calls", Calls(sources)},
                         {"connections", std::move(connections)},
                         {"watched", std::move(watched)},
                         {"schedules", std::move(schedules)},
                         {"runs", std::move(runs)},
                         {"failures", Failures(sources.runtime.failures())}};
  return document.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace relais::status

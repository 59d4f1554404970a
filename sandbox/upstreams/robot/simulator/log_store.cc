#include "sandbox/upstreams/robot/simulator/log_store.h"

#include <algorithm>
#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/odata/token.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

using json = nlohmann::ordered_json;
using Kind = Expression::Kind;

// As LogDto.Level and as robots themselves call them.
constexpr std::array<const char*, 6> kLevels = {"Trace", "Debug", "Info", "Warn", "Error", "Fatal"};
constexpr std::array<const char*, 6> kRobotLevels = {"Trace",   "Debug", "Information",
                                                     "Warning", "Error", "Critical"};

std::string FingerprintText(std::uint64_t high, std::uint64_t low) {
  return absl::StrFormat("%08x-%04x-%04x-%04x-%012x", high >> 32, (high >> 16) & 0xffff,
                         high & 0xffff, low >> 48, low & 0xffffffffffff);
}

// False when it is none that FingerprintText would write; then it is kept as it is.
bool ReadFingerprint(const std::string& text, std::uint64_t& high, std::uint64_t& low) {
  const std::string digits = absl::StrReplaceAll(text, {{"-", ""}});
  return IsGuid(text) && absl::SimpleHexAtoi(digits.substr(0, 16), &high) &&
         absl::SimpleHexAtoi(digits.substr(16), &low) && high != 0 &&
         FingerprintText(high, low) == text;
}

// What a conjunction says of TimeStamp, and whether it says nothing else.
struct Bounds {
  absl::Time from = absl::InfinitePast();     // inclusive
  absl::Time until = absl::InfiniteFuture();  // exclusive
  bool only_time = true;
};

void Narrow(const Expression& node, Bounds& bounds) {
  if (node.kind == Kind::kAnd) {
    Narrow(*node.parts[0], bounds);
    return Narrow(*node.parts[1], bounds);
  }
  const bool comparison = node.kind == Kind::kGreater || node.kind == Kind::kGreaterOrEqual ||
                          node.kind == Kind::kLess || node.kind == Kind::kLessOrEqual;
  const auto* time =
      comparison && node.parts[0]->kind == Kind::kPath && node.parts[1]->kind == Kind::kLiteral
          ? std::get_if<absl::Time>(&node.parts[1]->literal)
          : nullptr;
  if (time == nullptr) {
    bounds.only_time = false;
    return;
  }
  constexpr absl::Duration kTick = absl::Nanoseconds(1);
  if (node.kind == Kind::kGreater) bounds.from = std::max(bounds.from, *time + kTick);
  if (node.kind == Kind::kGreaterOrEqual) bounds.from = std::max(bounds.from, *time);
  if (node.kind == Kind::kLess) bounds.until = std::min(bounds.until, *time);
  if (node.kind == Kind::kLessOrEqual) bounds.until = std::min(bounds.until, *time + kTick);
}

}  // namespace

bool LogSource::operator<(const LogSource& other) const {
  const auto tie = [](const LogSource& s) {
    return std::tie(s.folder, s.robot, s.process, s.version, s.job_key, s.identity, s.host,
                    s.machine, s.told_robot, s.told_identity);
  };
  return tie(*this) < tie(other);
}

class LogStore::EntryRow final : public Row {
 public:
  EntryRow(const LogStore& store, std::size_t index, bool elasticsearch)
      : entry_(store.rows_[index]),
        source_(store.sources_[entry_.source]),
        id_(elasticsearch ? 0 : static_cast<std::int64_t>(index) + 1) {}

  Value Get(const Path& path) const override {
    const std::string name = absl::AsciiStrToLower(path.front());
    if (name == "timestamp") return entry_.time;
    if (name == "level") return std::string(kLevels[static_cast<std::size_t>(entry_.level)]);
    if (name == "robotname") return source_.robot;
    if (name == "processname") return source_.process;
    if (name == "jobkey") {
      return source_.job_key.empty() ? Value(Null()) : Value(Guid{source_.job_key});
    }
    if (name == "machineid") return source_.machine;
    if (name == "windowsidentity") return source_.identity;
    if (name == "hostmachinename") return source_.host;
    if (name == "message") return entry_.message;
    if (name == "id") return id_;
    throw ODataError(absl::StrCat("The property '", path.front(), "' cannot be used here."));
  }

  int Ordinal(const Path& path, std::string_view word) const override {
    static const Property& level = *SchemaOf("RobotLogs")->Find("Level");
    if (!absl::EqualsIgnoreCase(path.front(), "Level")) return -1;
    const int ordinal = OrdinalOf(level, word);
    if (ordinal < 0) throw ODataError("The string is not a valid enumeration type constant.");
    return ordinal;
  }

 private:
  const Entry& entry_;
  const LogSource& source_;
  const std::int64_t id_;
};

void LogStore::Add(LogEntry entry) {
  Entry row{.time = entry.time,
            .visible_from = entry.visible_from,
            .message = std::move(entry.message),
            .seconds = entry.seconds,
            .level = static_cast<std::int8_t>(entry.level)};
  if (entry.fingerprint.empty()) {
    row.fingerprint_high = 0x51ed270b9f4d4c00ULL ^ (++made_ * 0x9E3779B97F4A7C15ULL);
    row.fingerprint_low = made_;
  } else if (!ReadFingerprint(entry.fingerprint, row.fingerprint_high, row.fingerprint_low)) {
    row.fingerprint_high = 0;
    row.fingerprint_low = odd_fingerprints_.size();
    odd_fingerprints_.push_back(std::move(entry.fingerprint));
  }
  const auto [number, added] =
      source_numbers_.emplace(entry.source, static_cast<std::uint32_t>(sources_.size()));
  if (added) sources_.push_back(std::move(entry.source));
  row.source = number->second;
  const auto place =
      std::upper_bound(rows_.begin(), rows_.end(), row.time,
                       [](absl::Time time, const Entry& e) { return time < e.time; });
  rows_.insert(place, std::move(row));
}

// Calls `visit` with the rows that match, in the order that is asked for, until `enough` have
// matched; gives how many did.
std::int64_t LogStore::Visit(const LogQuery& query, std::int64_t enough,
                             const std::function<void(std::size_t)>& visit) const {
  Bounds bounds;
  if (query.query->filter != nullptr) Narrow(*query.query->filter, bounds);
  const auto before = [](const Entry& entry, absl::Time time) { return entry.time < time; };
  const auto first = std::lower_bound(rows_.begin(), rows_.end(), bounds.from, before);
  const auto last = std::lower_bound(first, rows_.end(), bounds.until, before);
  const auto& orderings = query.query->orderings;
  const bool backwards = !orderings.empty() && orderings.front().descending;
  const auto size = last - first;
  std::int64_t matched = 0;
  for (std::ptrdiff_t i = 0; i < size && matched < enough; ++i) {
    const auto index =
        static_cast<std::size_t>((backwards ? last - 1 - i : first + i) - rows_.begin());
    const Entry& entry = rows_[index];
    if (sources_[entry.source].folder != query.folder || entry.visible_from > query.now) continue;
    if (!bounds.only_time &&
        !Matches(*query.query->filter, EntryRow(*this, index, query.elasticsearch))) {
      continue;
    }
    ++matched;
    visit(index);
  }
  return matched;
}

LogPage LogStore::Read(const LogQuery& query) const {
  for (const Ordering& ordering : query.query->orderings) {
    if (!absl::EqualsIgnoreCase(ordering.path.front(), "TimeStamp") &&
        !absl::EqualsIgnoreCase(ordering.path.front(), "Id")) {
      throw ODataError("Robot logs can be ordered by TimeStamp only.");
    }
  }
  const std::int64_t skip = query.query->skip;
  const std::int64_t end = skip + query.query->top.value_or(query.default_top);
  if (query.elasticsearch && end > kWindow) {
    throw ODataError(absl::StrCat(
        "Paging depth is limited in Elasticsearch by the max_result_window index setting: skip + "
        "take must be lower than ",
        kWindow, "."));
  }
  LogPage page;
  std::int64_t at = 0;
  page.count = Visit(query, query.elasticsearch ? kWindow : INT64_MAX, [&](std::size_t index) {
    if (at >= skip && at < end) {
      page.rows.push_back(Project(Render(index, query.elasticsearch), *SchemaOf("RobotLogs"),
                                  query.query->projection, nullptr));
    }
    ++at;
  });
  return page;
}

std::int64_t LogStore::Count(const LogQuery& query) const {
  return Visit(query, INT64_MAX, [](std::size_t) {});
}

json LogStore::Render(std::size_t index, bool elasticsearch) const {
  const Entry& entry = rows_[index];
  const LogSource& source = sources_[entry.source];
  const auto level = static_cast<std::size_t>(entry.level);
  const auto or_else = [](const std::string& told, const std::string& known) {
    return told.empty() ? known : told;
  };
  json raw = {{"message", entry.message},
              {"level", kRobotLevels[level]},
              {"logType", "Default"},
              {"timeStamp", WireTime(entry.time, "+00:00")},
              {"fingerprint", entry.fingerprint_high == 0
                                  ? odd_fingerprints_[entry.fingerprint_low]
                                  : FingerprintText(entry.fingerprint_high, entry.fingerprint_low)},
              {"windowsIdentity", or_else(source.told_identity, source.identity)},
              {"machineName", source.host},
              {"processName", source.process},
              {"processVersion", source.version},
              {"jobId", source.job_key},
              {"robotName", or_else(source.told_robot, source.robot)},
              {"machineId", source.machine},
              {"organizationUnitId", source.folder}};
  if (entry.seconds >= 0) {
    raw["totalExecutionTimeInSeconds"] = entry.seconds;
    raw["totalExecutionTime"] = absl::StrFormat("%02d:%02d:%02d", entry.seconds / 3600,
                                                entry.seconds / 60 % 60, entry.seconds % 60);
  }
  raw["fileName"] = "Main";
  return {{"Level", kLevels[level]},
          {"WindowsIdentity", source.identity},
          {"ProcessName", source.process},
          {"TimeStamp", WireTime(entry.time)},
          {"Message", entry.message},
          {"JobKey", source.job_key.empty() ? json() : json(source.job_key)},
          {"RawMessage", absl::StrReplaceAll(DumpOrdered(raw, 2), {{"\n", "\r\n"}})},
          {"RobotName", source.robot},
          {"HostMachineName", source.host},
          {"MachineId", source.machine},
          {"Id", elasticsearch ? 0 : static_cast<std::int64_t>(index) + 1}};
}

}  // namespace relais::sandbox::robot

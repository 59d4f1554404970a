// The robots' logs: a million rows in order of time, read page by page.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_LOG_STORE_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_LOG_STORE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sandbox/upstreams/robot/odata/query.h"

namespace relais::sandbox::robot {

// Where rows come from; shared by many.
struct LogSource {
  std::int64_t folder = 0;
  std::string robot{};
  std::string process{};
  std::string version = "1.0.0";
  std::string job_key{};  // empty: none
  std::string identity{};
  std::string host{};
  std::int64_t machine = 0;
  std::string told_robot{};     // `robotName` of RawMessage where it differs
  std::string told_identity{};  // `windowsIdentity` of RawMessage where it differs

  bool operator<(const LogSource& other) const;
};

struct LogEntry {
  LogSource source;
  absl::Time time;
  int level = 2;  // Trace 0, Debug, Info, Warn, Error, Fatal 5
  std::string message{};
  std::string fingerprint{};                       // empty: made here
  std::int64_t seconds = -1;                       // of a whole execution; -1: none
  absl::Time visible_from = absl::InfinitePast();  // earlier it cannot be read
};

struct LogQuery {
  const Query* query = nullptr;
  std::int64_t folder = 0;
  absl::Time now;
  bool elasticsearch = true;
  std::int64_t default_top = 100;
};

struct LogPage {
  std::vector<nlohmann::ordered_json> rows;
  std::int64_t count = 0;
};

// Not thread-safe.
class LogStore {
 public:
  void Add(LogEntry entry);
  // Throws ODataError, also beyond the window of Elasticsearch.
  LogPage Read(const LogQuery& query) const;
  // Rows that match, whatever the window.
  std::int64_t Count(const LogQuery& query) const;
  std::size_t size() const { return rows_.size(); }

  // How many rows can be reached through Elasticsearch.
  static constexpr std::int64_t kWindow = 10'000;

 private:
  struct Entry {
    absl::Time time;
    absl::Time visible_from;
    std::string message{};
    std::uint64_t fingerprint_high = 0;  // 0: fingerprint_low is a place in odd_fingerprints_
    std::uint64_t fingerprint_low = 0;
    std::int64_t seconds = -1;
    std::uint32_t source = 0;
    std::int8_t level = 2;
  };
  class EntryRow;
  nlohmann::ordered_json Render(std::size_t index, bool elasticsearch) const;
  std::int64_t Visit(const LogQuery& query, std::int64_t enough,
                     const std::function<void(std::size_t)>& visit) const;

  std::vector<Entry> rows_;  // by time; of equal times the older one first
  std::vector<LogSource> sources_;
  std::map<LogSource, std::uint32_t> source_numbers_;
  std::uint64_t made_ = 0;
  std::vector<std::string> odd_fingerprints_;  // that are no GUIDs
};

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_SIMULATOR_LOG_STORE_H_

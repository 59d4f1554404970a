// What the sandbox has been asked: counters and the last requests, credentials removed.

#ifndef RELAIS_SANDBOX_HTTP_TRAFFIC_H_
#define RELAIS_SANDBOX_HTTP_TRAFFIC_H_

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/http/message.h"
#include "sandbox/http/operation.h"

namespace relais::sandbox {

struct TrafficCounts {
  int64_t other = 0;  // unknown paths; admin requests are not counted
  int64_t in_flight = 0;
  int64_t max_in_flight = 0;
  std::map<Operation, int64_t> by_operation;  // none of 0

  int64_t Of(Operation operation) const {
    const auto found = by_operation.find(operation);
    return found == by_operation.end() ? 0 : found->second;
  }
};

// Thread-safe.
class Traffic {
 public:
  // `headlines` are written at the top of the JSON too, even when they are 0.
  explicit Traffic(std::vector<Operation> headlines = {}) : headlines_(std::move(headlines)) {}

  // Counts one request as in flight until it is destroyed. The object must not outlive `traffic`.
  class Visit {
   public:
    explicit Visit(Traffic& traffic) : traffic_(traffic) {}
    ~Visit();
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    Traffic& traffic_;
  };
  [[nodiscard]] Visit Enter(Operation operation, const HttpRequest& request);

  TrafficCounts Counts() const;
  // The last 100 bodies, oldest first, without access_token and password.
  std::vector<std::string> LastBodies() const;
  std::string ToJson() const;
  // Forgets everything but what is in flight.
  void Reset();

 private:
  struct Entry {
    Operation operation;
    std::string method;
    std::string path;
    std::string query;
    std::string body;
  };
  const std::vector<Operation> headlines_;
  mutable std::mutex mutex_;
  TrafficCounts counts_;    // guarded by mutex_
  std::deque<Entry> last_;  // guarded by mutex_
};

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_HTTP_TRAFFIC_H_

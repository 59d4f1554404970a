// An upstream that takes submissions, and loses replies and connections as a test wants.

#ifndef RELAIS_SERVER_CORE_STATE_TEST_UPSTREAM_H_
#define RELAIS_SERVER_CORE_STATE_TEST_UPSTREAM_H_

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/state/submissions.h"

namespace relais::state {

inline absl::Status ReplyLost() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
             .With("outcome", "unknown")
             .With("attempts", "1")
         << "The upstream could not be reached: the connection was lost.";
}

inline absl::Status NotReached() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable).With("attempts", "1")
         << "The upstream could not be reached: connection refused.";
}

inline std::string MetadataOf(const absl::Status& status, std::string_view key) {
  for (const auto& [name, value] : DetailsOf(status).metadata) {
    if (name == key) return value;
  }
  return "";
}

// Thread-safe; set it up before its use.
class TestUpstream {
 public:
  bool takes = true;                                   // what is sent
  absl::Status reply;                                  // OK: its answer gets through
  absl::Status to_questions;                           // OK: they are answered
  std::function<void()> when_sent;                     // before it takes, without a lock
  std::function<void(const CallContext&)> when_asked;  // before it answers, without a lock

  Steps steps(bool markers = true) {
    Steps steps;
    steps.send = [this](const CallContext&, const std::string& marker) { return Send(marker); };
    if (markers) {
      steps.find = [this](const CallContext& context, const std::string& marker) {
        return Find(context, marker);
      };
    }
    return steps;
  }

  Finder finder() {
    return [this](const CallContext& context, const Unresolved& what) {
      return Find(context, what.marker);
    };
  }

  Answer Send(const std::string& marker) {
    if (when_sent) when_sent();
    const std::lock_guard lock(mu_);
    sent_.push_back(marker);
    if (takes) taken_[marker] = "job " + std::to_string(taken_.size() + 1);
    if (!reply.ok()) return reply;
    return taken_[marker];
  }

  absl::StatusOr<std::optional<std::string>> Find(const CallContext& context,
                                                  const std::string& marker) {
    if (when_asked) when_asked(context);
    const std::lock_guard lock(mu_);
    asked_.push_back(marker);
    if (!to_questions.ok()) return to_questions;
    const auto found = taken_.find(marker);
    if (found == taken_.end()) return std::nullopt;
    return found->second;
  }

  // Markers, in order.
  std::vector<std::string> sent() const {
    const std::lock_guard lock(mu_);
    return sent_;
  }
  std::vector<std::string> asked() const {
    const std::lock_guard lock(mu_);
    return asked_;
  }

  // As if an earlier life of the gateway had sent it.
  void Take(const std::string& marker, const std::string& answer) {
    const std::lock_guard lock(mu_);
    taken_[marker] = answer;
  }

 private:
  mutable std::mutex mu_;
  std::vector<std::string> sent_;
  std::vector<std::string> asked_;
  std::map<std::string, std::string> taken_;  // marker -> answer
};

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_TEST_UPSTREAM_H_

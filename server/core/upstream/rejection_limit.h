// Keeps an upstream that grants credentials and then refuses them from being asked for one after
// another.

#ifndef RELAIS_SERVER_CORE_UPSTREAM_REJECTION_LIMIT_H_
#define RELAIS_SERVER_CORE_UPSTREAM_REJECTION_LIMIT_H_

#include <cstddef>
#include <deque>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/core/base/error.h"

namespace relais {

// Not thread-safe.
class RejectionLimit {
 public:
  static constexpr std::size_t kMost = 5;
  static constexpr absl::Duration kWindow = absl::Minutes(1);

  // A credential was refused after its login.
  void Note(absl::Time now) {
    rejections_.push_back(now);
    if (rejections_.size() > kMost) rejections_.pop_front();
  }

  // OK: another login may be tried. Else what callers get in its place.
  absl::Status Check(absl::Time now) const {
    if (rejections_.size() < kMost) return absl::OkStatus();
    const absl::Time end = rejections_.front() + kWindow;
    if (now >= end || now < rejections_.front()) return absl::OkStatus();
    return Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected)
           << "The upstream accepts the gateway's login and then refuses its calls; an operator "
              "must correct the account.";
  }

 private:
  std::deque<absl::Time> rejections_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_UPSTREAM_REJECTION_LIMIT_H_

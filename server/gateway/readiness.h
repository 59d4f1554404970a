// Whether an upstream is ready, as the resource that stands for it tells.

#ifndef RELAIS_SERVER_GATEWAY_READINESS_H_
#define RELAIS_SERVER_GATEWAY_READINESS_H_

#include "absl/status/status.h"
#include "server/core/base/error.h"
#include "server/core/base/reason.h"

namespace relais::gateway {

// How an upstream is not ready.
enum class Unreadiness { kUnreachable, kLoginRefused, kFailing };

inline Unreadiness UnreadinessOf(Reason reason) {
  switch (reason) {
    case Reason::kGatewayCredentialRejected:
      return Unreadiness::kLoginRefused;
    case Reason::kUpstreamUnreachable:
    case Reason::kUpstreamTimeout:
    case Reason::kUpstreamUnavailable:
    case Reason::kCallerDeadline:
      return Unreadiness::kUnreachable;
    default:
      return Unreadiness::kFailing;
  }
}

// The readiness of an upstream whose check has ended so. `Resource` is a message with the enum
// Readiness.
template <typename Resource>
typename Resource::Readiness ReadinessOf(const absl::Status& check) {
  if (check.ok()) return Resource::READINESS_READY;
  switch (UnreadinessOf(DetailsOf(check).reason)) {
    case Unreadiness::kLoginRefused:
      return Resource::READINESS_LOGIN_REFUSED;
    case Unreadiness::kUnreachable:
      return Resource::READINESS_UNREACHABLE;
    default:
      return Resource::READINESS_FAILING;
  }
}

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_READINESS_H_

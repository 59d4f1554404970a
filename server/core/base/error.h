// Errors with structure: an absl::Status whose payload holds what the edge turns into google.rpc
// details.
//
//   return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamSaturated)
//       .RetryAfter(absl::Seconds(1))
//       << "The connection has " << n << " calls waiting; call again later.";
//
// The message is one sentence for people: what happened and what to do. It never contains an
// upstream's body, a host or a credential.

#ifndef RELAIS_SERVER_CORE_BASE_ERROR_H_
#define RELAIS_SERVER_CORE_BASE_ERROR_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/core/base/reason.h"

namespace relais {

struct Violation {
  std::string field;        // path in the request, e.g. "query.filter.custom[2].field"
  std::string description;  // what is wrong and what is allowed
};

struct ErrorDetails {
  Reason reason = Reason::kGatewayInternal;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::optional<absl::Duration> retry_after;
  std::vector<Violation> violations;
  std::size_t more_violations = 0;  // further ones, which are not listed
  std::string localized_locale;     // e.g. "fr"; empty: no localized message
  std::string localized_message;
};

// What `status` carries; a status made without Error() has the reason that suits its code.
ErrorDetails DetailsOf(const absl::Status& status);

// Replaces what `status` (not OK) carries.
void SetDetails(absl::Status& status, const ErrorDetails& details);

// Adds one metadata entry to an error unless it has the key already.
void AddMetadata(absl::Status& status, std::string_view key, std::string_view value);

bool HasReason(const absl::Status& status, Reason reason);

class [[nodiscard]] Error {
 public:
  Error(absl::StatusCode code, Reason reason) : code_(code) { details_.reason = reason; }

  Error&& With(std::string_view key, std::string_view value) && {
    details_.metadata.emplace_back(key, value);
    return std::move(*this);
  }
  Error&& RetryAfter(absl::Duration wait) && {
    details_.retry_after = wait;
    return std::move(*this);
  }
  Error&& Localized(std::string_view locale, std::string_view message) && {
    details_.localized_locale = locale;
    details_.localized_message = message;
    return std::move(*this);
  }
  // `more` further ones were found and are not listed.
  Error&& Violations(std::vector<Violation> violations, std::size_t more = 0) && {
    details_.violations = std::move(violations);
    details_.more_violations = more;
    return std::move(*this);
  }
  template <typename T>
  Error&& operator<<(const T& part) && {
    if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      message_.append(std::string_view(part));  // absl::string_view is another type
    } else {
      absl::StrAppend(&message_, part);
    }
    return std::move(*this);
  }

  operator absl::Status() &&;  // NOLINT(google-explicit-constructor): so that `return Error(…)`
                               // reads well
  template <typename T>
  operator absl::StatusOr<T>() && {  // NOLINT(google-explicit-constructor): as above
    return absl::Status(std::move(*this));
  }

 private:
  absl::StatusCode code_;
  std::string message_;
  ErrorDetails details_;
};

// INVALID_ARGUMENT / INVALID_REQUEST with every violation; `violations` is not empty, and `more`
// further ones were found. Checks that may find many collect them in Violations (violations.h).
absl::Status InvalidRequest(std::vector<Violation> violations, std::size_t more = 0);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_ERROR_H_

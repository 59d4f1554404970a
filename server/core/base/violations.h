// Everything that is wrong with one request, collected by its checks and bounded: a request of a
// megabyte must not become an error of several.
//
//   Violations violations;
//   if (request.page_size() < 0) violations.Add("page_size", "must not be negative");
//   for (int i = 0; i < request.names_size(); ++i) {
//     if (IsName(request.names(i))) continue;
//     violations.Add([&] { return absl::StrCat("names[", i, "]"); }, "must be a name");
//   }
//   if (!violations.empty()) return violations.ToStatus();
//
// Not for several threads at once.

#ifndef RELAIS_SERVER_CORE_BASE_VIOLATIONS_H_
#define RELAIS_SERVER_CORE_BASE_VIOLATIONS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "server/core/base/error.h"

namespace relais {

class Violations {
 public:
  static constexpr std::size_t kMostKept = 50;       // further ones are only counted
  static constexpr std::size_t kMostSuggested = 10;  // see WorthASuggestion

  // `field` is a path in the request, e.g. "query.filter.custom[2].field"; `description` says what
  // is wrong and what is allowed. Each is a text or a function that makes one, which is called only
  // when the violation is kept.
  template <typename Field, typename Description>
  void Add(const Field& field, const Description& description) {
    if (full()) {
      ++more_;
    } else {
      kept_.push_back({Text(field), Text(description)});
    }
  }

  // Adds what another check refused by INVALID_REQUEST, its fields behind `prefix` (e.g. "start.").
  // Nothing when `status` is OK or carries no violation.
  void AddAll(const absl::Status& status, std::string_view prefix = "");

  // The same, but for fields that have a violation already.
  void AddOthers(const absl::Status& status);

  // Whether one of those kept is about `field`.
  bool Has(std::string_view field) const;

  bool empty() const { return kept_.empty(); }
  // Whether further violations are only counted: the rest of a long list need not be described.
  bool full() const { return kept_.size() == kMostKept; }
  // Of all, those included that are only counted.
  std::size_t size() const { return kept_.size() + more_; }

  // Whether it is still worth the time to search what the caller may have meant (Nearest). Who gets
  // that many names wrong has not misspelt them.
  bool WorthASuggestion() const { return kept_.size() < kMostSuggested; }

  // OK when empty; else INVALID_ARGUMENT / INVALID_REQUEST with the violations kept and the number
  // of the others.
  absl::Status ToStatus() const;

 private:
  template <typename T>
  static std::string Text(const T& text) {
    if constexpr (std::is_invocable_v<const T&>) {
      return std::string(text());
    } else {
      return std::string(text);
    }
  }

  std::vector<Violation> kept_;
  std::size_t more_ = 0;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_VIOLATIONS_H_

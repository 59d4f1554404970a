// One call of an emulated upstream, by name: what faults aim at and counters count.

#ifndef RELAIS_SANDBOX_HTTP_OPERATION_H_
#define RELAIS_SANDBOX_HTTP_OPERATION_H_

#include <compare>
#include <string_view>

namespace relais::sandbox {

// A value; equal when the names are. Each upstream has constants for its own.
class Operation {
 public:
  // Of a fault: every call. Of a request: a path nobody serves.
  static const Operation kAny;

  constexpr Operation() = default;
  // `name` outlives the object, as a literal does.
  explicit constexpr Operation(std::string_view name) : name_(name) {}

  // E.g. "jobs/list"; "any" of kAny.
  constexpr std::string_view name() const { return name_; }

  friend constexpr auto operator<=>(const Operation&, const Operation&) = default;

 private:
  std::string_view name_ = "any";
};

inline constexpr Operation Operation::kAny{};

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_HTTP_OPERATION_H_

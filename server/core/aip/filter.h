// Conditions over the fields of a resource, in the language of AIP-160:
//
//   state = PENDING AND (display_name : "steel" OR submit_time > 2024-01-31T00:00:00Z)
//
// AND, OR, NOT (also "-"), parentheses; = != < <= > >= and ":"; values bare or in quotes (" or ').
// OR binds tighter than AND, as AIP-160 has it. On a text, ":" means "contains", ignoring case; on
// anything else it is "=". "field:*" asks whether the field has a value. Not supported, and
// refused: values without a field, functions, conditions side by side without AND.

#ifndef RELAIS_SERVER_CORE_AIP_FILTER_H_
#define RELAIS_SERVER_CORE_AIP_FILTER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace relais {

struct FilterField {
  enum class Type { kText, kEnum, kInteger, kTime, kBool };

  std::string name;  // also a path, e.g. "summary.errors"
  Type type = Type::kText;
  std::vector<std::string> values{};  // of an enum: every name that may be compared with
};

// A text or the name of an enum's value; an integer; a time; a truth value.
using FilterValue = std::variant<std::string, std::int64_t, absl::Time, bool>;

struct FilterTerm {
  enum class Operator {
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kContains,
    kPresent
  };

  std::string field;  // as declared
  Operator op = Operator::kEqual;
  FilterValue value{};  // of the field's type; of kPresent nothing
};

struct FilterNode {
  enum class Kind { kTerm, kAnd, kOr, kNot };

  Kind kind = Kind::kTerm;
  FilterTerm term{};                   // of kTerm
  std::vector<FilterNode> children{};  // of kAnd and kOr two or more, of kNot one
};

struct Filter {
  std::optional<FilterNode> root;  // none: everything matches

  // Returns the terms that every match fulfils, those at the top that are joined by AND, for an
  // upstream that can search by some of them. They are valid as long as the filter.
  std::vector<const FilterTerm*> RequiredTerms() const;
};

// INVALID_REQUEST, whose violations of `path` (the request's field) say each at which character and
// what is allowed. Every unknown field and wrong value is listed, but only the first error of
// syntax.
absl::StatusOr<Filter> ParseFilter(std::string_view text, absl::Span<const FilterField> fields,
                                   std::string_view path = "filter");

// Whether an item matches; `value_of` gives its value of a declared field, of the field's type, or
// none. A missing value equals nothing and is neither less nor greater than anything: only != and
// NOT let it through.
bool Matches(const Filter& filter,
             absl::FunctionRef<std::optional<FilterValue>(std::string_view field)> value_of);

// Whether `text` contains `part`; letters of ASCII and Latin-1 (in UTF-8) count alike in either
// case.
bool ContainsIgnoringCase(std::string_view text, std::string_view part);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_AIP_FILTER_H_

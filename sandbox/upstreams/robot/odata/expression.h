// Expressions of OData as Orchestrator takes them in $filter: from text to a tree, and a tree to a
// verdict on one row.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_ODATA_EXPRESSION_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_ODATA_EXPRESSION_H_

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace relais::sandbox::robot {

// What is wrong with a query; HTTP 400, errorCode 1000.
class ODataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Null {
  bool operator==(const Null&) const = default;
};
// Written without quotes: 8-4-4-4-12 hexadecimal digits.
struct Guid {
  std::string text;  // in lower case
  bool operator==(const Guid&) const = default;
};
using Value = std::variant<Null, bool, std::int64_t, double, std::string, absl::Time, Guid>;

// Names between slashes: {"Robot", "Name"}.
using Path = std::vector<std::string>;

struct Expression {
  enum class Kind {
    kLiteral,
    kPath,
    kAnd,
    kOr,
    kNot,
    kEqual,
    kNotEqual,
    kGreater,
    kGreaterOrEqual,
    kLess,
    kLessOrEqual,
    kIn,  // the first operand among the others
    kStartsWith,
    kEndsWith,
    kContains,
    kToLower,
    kToUpper,
  };
  Kind kind = Kind::kLiteral;
  Value literal{};                                 // kLiteral
  Path path{};                                     // kPath
  std::vector<std::unique_ptr<Expression>> parts;  // operands in order
};
using ExpressionPtr = std::unique_ptr<const Expression>;

// Throws ODataError. At most 100 nodes.
ExpressionPtr ParseFilter(std::string_view text);

// One row as a filter sees it.
class Row {
 public:
  virtual ~Row() = default;
  // The value at a path, whose names are compared without regard to case; throws ODataError when
  // there is no such property.
  virtual Value Get(const Path& path) const = 0;
  // The place of an enumeration's word ("Info", in any case, or "2") among its words; -1: the
  // property at the path is no enumeration. Throws ODataError when it is none of the words.
  virtual int Ordinal(const Path& path, std::string_view word) const = 0;
};

// Throws ODataError where operands do not go together.
bool Matches(const Expression& filter, const Row& row);
// Before, at or behind each other: negative, 0 or positive; null comes first.
int Compare(const Value& a, const Value& b);

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_ODATA_EXPRESSION_H_

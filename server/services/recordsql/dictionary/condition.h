// Conditions and select expressions as trees. Nothing in a dictionary or a request reaches a
// database as raw text: what cannot be parsed here is refused, and SQL is written from the tree.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_CONDITION_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_CONDITION_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/services/recordsql/dictionary/dictionary.h"
#include "server/services/recordsql/dictionary/source.h"

namespace relais::recordsql {

enum class NodeKind {
  // operands
  kColumn,      // table (may be empty), text = field
  kContext,     // table = context record, text = field
  kParameter,   // text = parameter name
  kString,      // text = value, unquoted
  kNumber,      // text = literal
  kAggregate,   // text = COUNT, SUM, MIN, MAX or AVG; one child, none for COUNT(*)
  kArithmetic,  // text = + - * /; two children (select expressions only)
  // conditions
  kCompare,  // text = operator (`!=` becomes `<>`); two children
  kLike,     // negated; two children
  kBetween,  // negated; three children
  kIn,       // negated; the operand, then the list
  kIsNull,   // negated; one child
  kAnd,      // two or more children
  kOr,
  kNot,  // one child
};

struct Node {
  NodeKind kind = NodeKind::kString;
  bool negated = false;
  std::string table;
  std::string text;
  std::vector<Node> children;
  int line = 0;
};

// What names mean where a condition stands.
struct Scope {
  std::vector<std::string> context_records = {"MZ"};
  std::vector<Parameter> parameters;  // a bare word with one of these names is the parameter
  bool aggregates = false;            // HAVING and select expressions
};

// Parses one whole condition or expression. Errors are INVALID_ARGUMENT with a sentence, no line.
absl::StatusOr<Node> ParseCondition(std::string_view text, const Scope& scope);
absl::StatusOr<Node> ParseExpression(std::string_view text, const Scope& scope);

// Parses one condition (or one expression ending at a new line, `,` or `as`) out of a section's
// tokens and advances `next`. Errors are INVALID_ARGUMENT "LINE: sentence".
absl::StatusOr<Node> ReadCondition(const std::vector<Token>& tokens, size_t& next,
                                   const Scope& scope);
absl::StatusOr<Node> ReadExpression(const std::vector<Token>& tokens, size_t& next,
                                    const Scope& scope);

// The normalised SQL: upper-case keywords, `:name` for parameters, parentheses only where needed.
// ParseCondition(ToText(n)) is n again.
std::string ToText(const Node& node);

// Calls `visit` for the node and everything below it.
void ForEachNode(const Node& node, const std::function<void(const Node&)>& visit);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_CONDITION_H_

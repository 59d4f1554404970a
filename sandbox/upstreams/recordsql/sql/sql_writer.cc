#include "sandbox/upstreams/recordsql/sql/sql_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::Node;
using dictionary::NodeKind;

Value NumberValue(const std::string& text) {
  int64_t whole = 0;
  if (absl::SimpleAtoi(text, &whole)) return whole;
  double real = 0;
  (void)absl::SimpleAtod(text, &real);
  return real;
}

}  // namespace

void SqlWriter::Bind(Value value) {
  sql_.text.push_back('?');
  sql_.values.push_back(std::move(value));
}

absl::Status SqlWriter::WriteText(const std::string& condition,
                                  const dictionary::RecordSql& record_sql) {
  const dictionary::Scope scope{record_sql.context_records, {}, false};
  const absl::StatusOr<Node> node = dictionary::ParseCondition(condition, scope);
  if (!node.ok()) return Fail(ErrorCode::kBadCondition, std::string(node.status().message()));
  return Write(*node);
}

absl::Status SqlWriter::WriteList(const Node& node, size_t first, std::string_view separator) {
  for (size_t i = first; i < node.children.size(); ++i) {
    if (i > first) Text(separator);
    if (absl::Status status = Write(node.children[i]); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Everything composed stands in parentheses, so that SQLite's precedence never matters.
absl::Status SqlWriter::Write(const Node& node) {
  const std::string negation = node.negated ? " NOT" : "";
  std::string_view separator = " AND ";
  Text("(");
  if (node.kind == NodeKind::kNot) Text("NOT ");
  if (node.kind == NodeKind::kOr) separator = " OR ";
  const std::string operation = Concat({" ", node.text, " "});
  if (node.kind == NodeKind::kCompare) separator = operation;
  if (node.kind == NodeKind::kArithmetic) {
    const bool joins_text =
        node.text == "+" && (IsText(node.children[0]) || IsText(node.children[1]));
    separator = joins_text ? std::string_view(" || ") : std::string_view(operation);
  }
  absl::Status status;
  switch (node.kind) {
    case NodeKind::kAnd:
    case NodeKind::kOr:
    case NodeKind::kNot:
    case NodeKind::kCompare:
    case NodeKind::kArithmetic:
      status = WriteList(node, 0, separator);
      break;
    case NodeKind::kLike:
    case NodeKind::kBetween:
    case NodeKind::kIn:
    case NodeKind::kIsNull:
      status = Write(node.children[0]);
      if (!status.ok()) return status;
      Text(node.kind == NodeKind::kIsNull ? " IS" : "");
      Text(negation);
      Text(node.kind == NodeKind::kLike      ? " LIKE "
           : node.kind == NodeKind::kBetween ? " BETWEEN "
           : node.kind == NodeKind::kIn      ? " IN ("
                                             : " NULL");
      status = WriteList(node, 1, node.kind == NodeKind::kIn ? ", " : " AND ");
      if (node.kind == NodeKind::kIn) Text(")");
      break;
    default:
      sql_.text.pop_back();
      return WriteOperand(node);
  }
  Text(")");
  return status;
}

absl::Status SqlWriter::WriteOperand(const Node& node) {
  switch (node.kind) {
    case NodeKind::kColumn:
      return WriteColumn(node.table, node.text);
    case NodeKind::kContext:
      return WriteContext(node);
    case NodeKind::kString:
      Bind(node.text);
      return absl::OkStatus();
    case NodeKind::kNumber:
      Bind(NumberValue(node.text));
      return absl::OkStatus();
    case NodeKind::kAggregate: {
      Text(Concat({node.text, "("}));
      absl::Status status = absl::OkStatus();
      if (node.children.empty()) {
        Text("*");
      } else {
        status = Write(node.children[0]);
      }
      Text(")");
      return status;
    }
    default:
      return Fail(ErrorCode::kBadParameters, Concat({"paramètre '", node.text, "' sans valeur"}));
  }
}

absl::Status SqlWriter::WriteContext(const Node& node) {
  const std::string key = absl::AsciiStrToUpper(Concat({node.table, ".", node.text}));
  const auto found = context_.find(key);
  if (found == context_.end()) {
    return Fail(ErrorCode::kNoContextValue, Concat({"le paramètre '", key, "' n'a pas de valeur"}));
  }
  Bind(found->second);
  return absl::OkStatus();
}

absl::Status SqlWriter::WriteColumn(std::string_view table, std::string_view field) {
  const std::optional<Sources::Resolved> found = sources_.Find(table, field);
  if (found) {
    const auto inactive = [&found](const Source& s) { return s.join == found->join && !s.active; };
    const auto& all = sources_.all();
    if (found->join >= 0 && std::any_of(all.begin(), all.end(), inactive)) {
      return Fail(ErrorCode::kInactiveJoin,
                  Concat({"la colonne '", found->sql, "' dépend d'une jointure inactive"}));
    }
    Text(found->sql);
    return absl::OkStatus();
  }
  const Candidate* named = table.empty() ? sources_.FindCandidate(field) : nullptr;
  if (named != nullptr && !in_named_column_) {
    in_named_column_ = true;
    absl::Status status = Write(named->node);
    in_named_column_ = false;
    return status;
  }
  return Fail(ErrorCode::kBadCondition,
              Concat({"colonne inconnue '", table, table.empty() ? "" : ".", field, "'"}));
}

bool SqlWriter::IsText(const Node& node) const {
  if (node.kind == NodeKind::kString) return true;
  if (node.kind == NodeKind::kArithmetic) {
    return node.text == "+" && (IsText(node.children[0]) || IsText(node.children[1]));
  }
  if (node.kind != NodeKind::kColumn) return false;
  const std::optional<Sources::Resolved> found = sources_.Find(node.table, node.text);
  return found && found->nature.kind == dictionary::ValueKind::kText;
}

}  // namespace relais::sandbox::recordsql

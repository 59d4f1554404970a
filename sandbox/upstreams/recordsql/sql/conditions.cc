#include "sandbox/upstreams/recordsql/sql/conditions.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::Node;
using dictionary::NodeKind;
using dictionary::RecordSql;

constexpr int kMaxDepth = 64;

// Conditions by upper-cased name; one name may stand for several.
using Conditions = std::vector<std::pair<std::string, Node>>;

Node Combine(std::vector<Node> nodes, NodeKind kind) {
  if (nodes.size() == 1) return std::move(nodes.front());
  Node node;
  node.kind = kind;
  node.children = std::move(nodes);
  return node;
}

// `A and (B or C)` over names of conditions. Remembers the names it used.
class NameExpression {
 public:
  NameExpression(std::string_view text, const Conditions& conditions)
      : conditions_(conditions), text_(text) {}

  absl::StatusOr<Node> Parse(std::set<std::string>& used) {
    Advance();
    absl::StatusOr<Node> node = Any();
    if (!node.ok()) return node;
    if (!word_.empty()) return Wrong();
    used.merge(used_);
    return node;
  }

 private:
  void Advance() {
    size_t start = text_.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) start = text_.size();
    text_.remove_prefix(start);
    size_t end = text_.find_first_of(" \t\r\n()");
    if (end == 0) end = 1;
    word_ = text_.substr(0, end);
    text_.remove_prefix(word_.size());
  }

  absl::Status Wrong() const {
    return Fail(ErrorCode::kBadExpression,
                word_.empty() ? "erreur : expression de conditions incomplète"
                              : Concat({"erreur : '", word_, "' inattendu dans l'expression"}));
  }

  absl::StatusOr<Node> Chain(std::string_view separator, NodeKind kind,
                             absl::StatusOr<Node> (NameExpression::*rule)()) {
    std::vector<Node> nodes;
    for (;;) {
      absl::StatusOr<Node> node = (this->*rule)();
      if (!node.ok()) return node;
      nodes.push_back(*std::move(node));
      if (!dictionary::SameName(word_, separator)) return Combine(std::move(nodes), kind);
      Advance();
    }
  }

  absl::StatusOr<Node> Any() { return Chain("or", NodeKind::kOr, &NameExpression::All); }
  absl::StatusOr<Node> All() { return Chain("and", NodeKind::kAnd, &NameExpression::One); }

  absl::StatusOr<Node> One() {
    if (word_ != "(") return Named();
    if (++depth_ > kMaxDepth) return Wrong();
    Advance();
    absl::StatusOr<Node> node = Any();
    if (!node.ok()) return node;
    if (word_ != ")") return Wrong();
    --depth_;
    Advance();
    return node;
  }

  absl::StatusOr<Node> Named() {
    const std::string key = absl::AsciiStrToUpper(std::string(word_));
    std::vector<Node> group;
    for (const auto& [name, node] : conditions_) {
      if (name == key) group.push_back(node);
    }
    if (group.empty()) return Wrong();
    used_.insert(key);
    Advance();
    return Combine(std::move(group), NodeKind::kAnd);
  }

  const Conditions& conditions_;
  std::string_view text_;
  std::string_view word_;
  std::set<std::string> used_;
  int depth_ = 0;
};

absl::StatusOr<Node> WhereCase(const RecordSql& record_sql, const NamedItem& item) {
  const dictionary::ConditionCase* found = record_sql.FindWhere(item.name);
  if (found != nullptr) return BindCase(record_sql, *found, item.text, false);
  return Fail(ErrorCode::kUnknownWhere, Concat({"erreur : where '", item.name, "' inconnu"}));
}

absl::StatusOr<Node> Created(const RecordSql& record_sql, const NamedItem& item) {
  const dictionary::Scope scope{record_sql.context_records, {}, false};
  absl::StatusOr<Node> node = dictionary::ParseCondition(item.text, scope);
  if (node.ok()) return node;
  const std::string why(node.status().message());
  return Fail(ErrorCode::kBadCondition,
              Concat({"erreur : condition '", item.name, "' non supportée (", why, ")"}));
}

absl::StatusOr<Conditions> Instantiate(const RecordSql& record_sql, const Filter& filter) {
  Conditions conditions;
  for (const NamedItem& item : filter.where) {
    absl::StatusOr<Node> node = WhereCase(record_sql, item);
    if (!node.ok()) return node.status();
    conditions.emplace_back(absl::AsciiStrToUpper(item.name), *std::move(node));
  }
  for (const NamedItem& item : filter.created) {
    absl::StatusOr<Node> node = Created(record_sql, item);
    if (!node.ok()) return node.status();
    conditions.emplace_back(absl::AsciiStrToUpper(item.name), *std::move(node));
  }
  return conditions;
}

// Expressions consume the names they use; what is left and not removed is joined by operator_where.
absl::StatusOr<std::optional<Node>> FromFilter(const RecordSql& record_sql, const Filter& filter) {
  absl::StatusOr<Conditions> conditions = Instantiate(record_sql, filter);
  if (!conditions.ok()) return conditions.status();
  std::set<std::string> gone;
  std::vector<Node> parts;
  for (const NamedItem& item : filter.added) {
    absl::StatusOr<Node> node = NameExpression(item.text, *conditions).Parse(gone);
    if (!node.ok()) return node.status();
    parts.push_back(*std::move(node));
  }
  for (const std::string& name : filter.removed) gone.insert(absl::AsciiStrToUpper(name));
  std::vector<Node> remaining;
  for (auto& [name, node] : *conditions) {
    if (gone.count(name) == 0) remaining.push_back(std::move(node));
  }
  if (!remaining.empty()) {
    parts.push_back(Combine(std::move(remaining), filter.any_of ? NodeKind::kOr : NodeKind::kAnd));
  }
  if (parts.empty()) return std::optional<Node>();
  return std::optional<Node>(Combine(std::move(parts), NodeKind::kAnd));
}

}  // namespace

absl::StatusOr<std::optional<Node>> WhereOf(const RecordSql& record_sql,
                                            const ExecuteRequest& request) {
  const bool has_where = !request.where.empty() || !request.where_parameters.empty();
  if (!has_where) return FromFilter(record_sql, request.filter);
  if (request.filter.HasConditions()) {
    return Fail(ErrorCode::kWhereAndFilter, "erreur : where et filter sont incompatibles");
  }
  absl::StatusOr<Node> node = WhereCase(record_sql, {request.where, request.where_parameters});
  if (!node.ok()) return node.status();
  return std::optional<Node>(*std::move(node));
}

absl::StatusOr<std::optional<Node>> HavingOf(const RecordSql& record_sql,
                                             const ExecuteRequest& request) {
  if (request.having.empty()) return std::optional<Node>();
  const dictionary::ConditionCase* found = record_sql.FindHaving(request.having);
  if (found == nullptr) {
    return Fail(ErrorCode::kUnknownHaving,
                Concat({"erreur : having '", request.having, "' inconnu"}));
  }
  const bool grouped = !record_sql.group_by.empty();
  absl::StatusOr<Node> node = BindCase(record_sql, *found, request.having_parameters, grouped);
  if (!node.ok()) return node.status();
  return std::optional<Node>(*std::move(node));
}

}  // namespace relais::sandbox::recordsql

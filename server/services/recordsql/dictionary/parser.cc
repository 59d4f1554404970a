#include "server/services/recordsql/dictionary/parser.h"

#include <utility>

namespace relais::recordsql {
namespace {

bool AtWord(const std::vector<Token>& tokens, size_t next) {
  return next < tokens.size() && tokens[next].kind == TokenKind::kWord;
}
bool AtSymbol(const std::vector<Token>& tokens, size_t next, std::string_view symbol) {
  return next < tokens.size() && tokens[next].IsSymbol(symbol);
}

// `as Alias`, when it stands here.
absl::Status TakeAlias(const std::vector<Token>& tokens, size_t& next, std::string& alias) {
  if (next >= tokens.size() || tokens[next].starts_line || !tokens[next].IsWord("as")) {
    return absl::OkStatus();
  }
  if (!AtWord(tokens, next + 1))
    return LineError(tokens[next].line, "a name is missing after 'as'");
  alias = tokens[next + 1].text;
  next += 2;
  return absl::OkStatus();
}

// After an item: the end, a comma or a new line.
absl::Status EndItem(const std::vector<Token>& tokens, size_t& next) {
  if (AtSymbol(tokens, next, ",")) {
    ++next;
    return absl::OkStatus();
  }
  if (next >= tokens.size() || tokens[next].starts_line) return absl::OkStatus();
  return LineError(tokens[next].line, Concat({"'", tokens[next].text, "' is not expected"}));
}

absl::Status ReadSelectItem(const std::vector<Token>& tokens, size_t& next, Draft& draft) {
  SelectItem item;
  item.line = tokens[next].line;
  if (AtWord(tokens, next) && AtSymbol(tokens, next + 1, ".") && AtSymbol(tokens, next + 2, "*")) {
    item.table = tokens[next].text;
    item.field = "*";
    draft.references.push_back({item.table, item.line});
    next += 3;
  } else {
    const Scope scope{draft.record_sql.context_records, {}, true};
    absl::StatusOr<Node> node = ReadExpression(tokens, next, scope);
    if (!node.ok()) return node.status();
    ForEachNode(*node, [&draft](const Node& part) {
      if (part.kind == NodeKind::kColumn) draft.references.push_back({part.table, part.line});
    });
    if (node->kind == NodeKind::kColumn) {
      item.table = node->table;  // empty until FROM is known: the base table
      item.field = node->text;
    } else {
      item.expression = ToText(*node);
    }
  }
  if (absl::Status status = TakeAlias(tokens, next, item.alias); !status.ok()) return status;
  if (item.table.empty() && item.field.empty() && item.alias.empty()) {
    return LineError(item.line, "an expression needs a name: 'as NAME'");
  }
  if (item.field == "*" && !item.alias.empty()) {
    return LineError(item.line, "TABLE.* takes no 'as'");
  }
  draft.record_sql.select.push_back(std::move(item));
  return EndItem(tokens, next);
}

absl::Status ReadSelect(const Section& section, Draft& draft) {
  for (size_t next = 0; next < section.tokens.size();) {
    absl::Status status = ReadSelectItem(section.tokens, next, draft);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> TakeColumn(const std::vector<Token>& tokens, size_t& next,
                                       Draft& draft) {
  if (!AtWord(tokens, next)) return LineError(tokens[next].line, "a column name is missing");
  std::string column = tokens[next].text;
  const int line = tokens[next].line;
  ++next;
  if (AtSymbol(tokens, next, ".")) {
    if (!AtWord(tokens, next + 1)) return LineError(line, "a column name is missing after '.'");
    draft.references.push_back({column, line});
    column = Concat({column, ".", tokens[next + 1].text});
    next += 2;
  }
  if (next < tokens.size() && (tokens[next].IsWord("desc") || tokens[next].IsWord("asc"))) {
    return LineError(line, "a sort direction (ASC, DESC) is not part of the language");
  }
  return column;
}

absl::Status ReadColumns(const std::vector<Token>& tokens, size_t& next, Draft& draft,
                         std::vector<std::string>& columns) {
  while (next < tokens.size() && !tokens[next].IsWord("case")) {
    absl::StatusOr<std::string> column = TakeColumn(tokens, next, draft);
    if (!column.ok()) return column.status();
    columns.push_back(*std::move(column));
    if (AtSymbol(tokens, next, ",")) ++next;
  }
  return absl::OkStatus();
}

absl::Status ReadColumnSection(const Section& section, Draft& draft,
                               std::vector<std::string>& columns) {
  size_t next = 0;
  absl::Status status = ReadColumns(section.tokens, next, draft, columns);
  if (!status.ok() || next == section.tokens.size()) return status;
  return LineError(section.tokens[next].line, Concat({"<", section.tag, "> has no cases"}));
}

absl::Status ReadFrom(const Section& section, Draft& draft) {
  const std::vector<Token>& tokens = section.tokens;
  RecordSql& record_sql = draft.record_sql;
  for (size_t next = 0; next < tokens.size();) {
    if (tokens[next].IsWord("left")) {
      if (record_sql.from.empty()) return LineError(tokens[next].line, "LEFT JOIN before a table");
      absl::Status status = ReadFromJoin(tokens, next, draft);
      if (!status.ok()) return status;
      continue;
    }
    if (!AtWord(tokens, next)) return LineError(tokens[next].line, "a table name is missing");
    const std::string table = tokens[next++].text;
    std::string alias = table;
    if (absl::Status status = TakeAlias(tokens, next, alias); !status.ok()) return status;
    if (AtWord(tokens, next) && !tokens[next].starts_line) alias = tokens[next++].text;
    if (record_sql.from.empty()) {
      record_sql.table = table;
      record_sql.alias = alias;
    }
    record_sql.from.push_back(SameName(table, alias) ? table : Concat({table, " ", alias}));
    if (absl::Status status = EndItem(tokens, next); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<ParameterType> TypeNamed(const Token& token) {
  if (token.IsWord("char")) return ParameterType::kChar;
  if (token.IsWord("int")) return ParameterType::kInt;
  if (token.IsWord("date")) return ParameterType::kDate;
  if (token.IsWord("num")) return ParameterType::kNum;
  return LineError(token.line, Concat({"'", token.text, "' is not char, int, date or num"}));
}

// `Name ( [type parameter {, type parameter}] )`; the word Case is already read.
absl::Status ReadSignature(const std::vector<Token>& tokens, size_t& next, ConditionCase& out) {
  const int line = tokens[next - 1].line;
  if (!AtWord(tokens, next)) return LineError(line, "a case needs a name");
  out.name = tokens[next++].text;
  if (!AtSymbol(tokens, next, "(")) return absl::OkStatus();
  ++next;
  while (!AtSymbol(tokens, next, ")")) {
    if (!AtWord(tokens, next) || !AtWord(tokens, next + 1)) {
      return LineError(line, Concat({"the parameters of ", out.name, " are not 'type name, …'"}));
    }
    if (out.parameters.size() >= 64) return LineError(line, "a case has at most 64 parameters");
    const absl::StatusOr<ParameterType> type = TypeNamed(tokens[next]);
    if (!type.ok()) return type.status();
    for (const Parameter& known : out.parameters) {
      if (SameName(known.name, tokens[next + 1].text)) {
        return LineError(line, Concat({"parameter ", known.name, " is declared twice"}));
      }
    }
    out.parameters.push_back({*type, tokens[next + 1].text});
    next += 2;
    if (AtSymbol(tokens, next, ",")) ++next;
  }
  ++next;
  return absl::OkStatus();
}

absl::Status ReadConditionCase(const std::vector<Token>& tokens, size_t& next, bool aggregates,
                               Draft& draft, std::vector<ConditionCase>& cases) {
  ConditionCase out;
  const int line = tokens[next++].line;
  if (absl::Status status = ReadSignature(tokens, next, out); !status.ok()) return status;
  const Scope scope{draft.record_sql.context_records, out.parameters, aggregates};
  Node all{NodeKind::kAnd, false, "", "", {}, line};
  while (next < tokens.size() && !tokens[next].IsWord("case")) {
    if (!tokens[next].starts_line && !all.children.empty()) {
      return LineError(tokens[next].line, Concat({"'", tokens[next].text, "' is not expected"}));
    }
    absl::StatusOr<Node> node = ReadCondition(tokens, next, scope);
    if (!node.ok()) return node.status();
    all.children.push_back(*std::move(node));
  }
  if (all.children.empty()) return LineError(line, Concat({"case ", out.name, " is empty"}));
  const Node& whole = all.children.size() == 1 ? all.children[0] : all;
  ForEachNode(whole, [&draft](const Node& part) {
    if (part.kind == NodeKind::kColumn) draft.references.push_back({part.table, part.line});
  });
  out.condition = {ToText(whole), line};
  cases.push_back(std::move(out));
  return absl::OkStatus();
}

absl::Status ReadWhere(const Section& section, Draft& draft) {
  const std::vector<Token>& tokens = section.tokens;
  const Scope scope{draft.record_sql.context_records, {}, false};
  for (size_t next = 0; next < tokens.size();) {
    if (tokens[next].IsWord("case")) {
      absl::Status status =
          ReadConditionCase(tokens, next, false, draft, draft.record_sql.where_cases);
      if (!status.ok()) return status;
      continue;
    }
    if (!tokens[next].starts_line) {
      return LineError(tokens[next].line, Concat({"'", tokens[next].text, "' is not expected"}));
    }
    absl::StatusOr<Condition> condition = TakeCondition(tokens, next, scope, draft);
    if (!condition.ok()) return condition.status();
    draft.record_sql.common.push_back(*std::move(condition));
  }
  return absl::OkStatus();
}

absl::Status ReadHaving(const Section& section, Draft& draft) {
  for (size_t next = 0; next < section.tokens.size();) {
    if (!section.tokens[next].IsWord("case")) {
      return LineError(section.tokens[next].line, "<HAVING> holds cases only");
    }
    absl::Status status =
        ReadConditionCase(section.tokens, next, true, draft, draft.record_sql.having_cases);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ReadOrder(const Section& section, Draft& draft) {
  const std::vector<Token>& tokens = section.tokens;
  for (size_t next = 0; next < tokens.size();) {
    const int line = tokens[next].line;
    if (!tokens[next].IsWord("case") || !AtWord(tokens, next + 1)) {
      return LineError(line, "<ORDERBY> holds 'Case NAME \"label\"' and columns");
    }
    OrderCase out;
    out.name = tokens[next + 1].text;
    next += 2;
    if (next < tokens.size() &&
        (tokens[next].kind == TokenKind::kLabel || tokens[next].kind == TokenKind::kString)) {
      out.label = tokens[next++].text;
    }
    absl::Status status = ReadColumns(tokens, next, draft, out.columns);
    if (!status.ok()) return status;
    if (out.columns.empty()) return LineError(line, Concat({"case ", out.name, " is empty"}));
    draft.record_sql.order_cases.push_back(std::move(out));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Condition> TakeCondition(const std::vector<Token>& tokens, size_t& next,
                                        const Scope& scope, Draft& draft) {
  absl::StatusOr<Node> node = ReadCondition(tokens, next, scope);
  if (!node.ok()) return node.status();
  ForEachNode(*node, [&draft](const Node& part) {
    if (part.kind == NodeKind::kColumn) draft.references.push_back({part.table, part.line});
  });
  return Condition{ToText(*node), node->line};
}

absl::Status ReadSection(const Section& section, Draft& draft) {
  const std::string_view tag = section.tag;
  if (SameName(tag, "SELECT")) return ReadSelect(section, draft);
  if (SameName(tag, "FROM")) return ReadFrom(section, draft);
  if (SameName(tag, "WHERE")) return ReadWhere(section, draft);
  if (SameName(tag, "ORDERBY")) return ReadOrder(section, draft);
  if (SameName(tag, "HAVING")) return ReadHaving(section, draft);
  if (SameName(tag, "GroupBy")) return ReadColumnSection(section, draft, draft.record_sql.group_by);
  if (SameName(tag, "MandatoryColumns")) {
    return ReadColumnSection(section, draft, draft.record_sql.mandatory_columns);
  }
  if (SameName(tag, "Join") || SameName(tag, "LeftJoin") || SameName(tag, "Join01")) {
    return ReadJoin(section, draft);
  }
  return LineError(section.line, Concat({"<", tag, "> is not a section of a RecordSql"}));
}

}  // namespace relais::recordsql

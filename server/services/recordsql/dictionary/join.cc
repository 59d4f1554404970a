// Joins, in their own section and inside <FROM>.
#include <utility>

#include "server/services/recordsql/dictionary/parser.h"

namespace relais::recordsql {
namespace {

// `[dict] TABLE [as] ALIAS`, ended by On, Using or Case.
absl::Status TakeJoinedTable(const std::vector<Token>& tokens, size_t& next, int line, Join& join) {
  std::vector<std::string> words;
  bool last_had_dot = false;
  bool first_is_file = false;
  while (next < tokens.size() && !tokens[next].IsWord("on") && !tokens[next].IsWord("using") &&
         !tokens[next].IsWord("case")) {
    const Token& token = tokens[next++];
    if (token.IsSymbol(".") && words.size() == 1 && !last_had_dot) {
      first_is_file = last_had_dot = true;
    } else if (token.IsWord("as")) {
      continue;
    } else if (token.kind != TokenKind::kWord) {
      return LineError(token.line, Concat({"'", token.text, "' is not expected"}));
    } else if (last_had_dot) {
      last_had_dot = false;
    } else {
      words.push_back(token.text);
    }
  }
  if (words.size() == 3 || (first_is_file && words.size() > 1)) words.erase(words.begin());
  if (words.empty() || words.size() > 2) {
    return LineError(line, "a join names its table as '[dictionary] TABLE as ALIAS'");
  }
  join.table = words.front();
  join.alias = words.back();
  return absl::OkStatus();
}

absl::Status TakeOn(const std::vector<Token>& tokens, size_t& next, Draft& draft, Join& join) {
  if (next >= tokens.size()) {
    return LineError(tokens.empty() ? 1 : tokens.back().line,
                     Concat({"the join to ", join.table, " has no 'On' condition"}));
  }
  if (!tokens[next].IsWord("on")) {
    return LineError(tokens[next].line,
                     Concat({"'", tokens[next].text, "' joins (Using, Case … Using) are not ",
                             "supported; write 'On CONDITION'"}));
  }
  ++next;
  const Scope scope{draft.record_sql.context_records, {}, false};
  absl::StatusOr<Condition> on = TakeCondition(tokens, next, scope, draft);
  if (!on.ok()) return on.status();
  join.on = *std::move(on);
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> SplitNames(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : text) {
    if (c != ';' && c != ',' && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      name.push_back(c);
    } else if (!name.empty()) {
      names.push_back(std::move(name));
      name.clear();
    }
  }
  if (!name.empty()) names.push_back(std::move(name));
  return names;
}

absl::Status ReadFromJoin(const std::vector<Token>& tokens, size_t& next, Draft& draft) {
  const int line = tokens[next++].line;
  if (next < tokens.size() && tokens[next].IsWord("outer")) ++next;
  if (next >= tokens.size() || !tokens[next].IsWord("join")) {
    return LineError(line, "JOIN is missing after LEFT");
  }
  ++next;
  Join join;
  if (absl::Status status = TakeJoinedTable(tokens, next, line, join); !status.ok()) return status;
  if (absl::Status status = TakeOn(tokens, next, draft, join); !status.ok()) return status;
  draft.record_sql.joins.push_back(std::move(join));
  return absl::OkStatus();
}

absl::Status ReadJoin(const Section& section, Draft& draft) {
  Join join;
  join.kind = SameName(section.tag, "Join")     ? JoinKind::kInner
              : SameName(section.tag, "Join01") ? JoinKind::kAtMostOne
                                                : JoinKind::kLeft;
  join.dependencies = SplitNames(section.Value("Dependencies"));
  join.column_names = SplitNames(section.Value("ColumnNames"));
  join.active = section.Find("NoActivate") == nullptr;
  size_t next = 0;
  absl::Status status = TakeJoinedTable(section.tokens, next, section.line, join);
  if (!status.ok()) return status;
  join.name = section.Value("Name").empty() ? join.alias : section.Value("Name");
  if (absl::Status on = TakeOn(section.tokens, next, draft, join); !on.ok()) return on;
  if (next < section.tokens.size()) {
    return LineError(section.tokens[next].line,
                     Concat({"'", section.tokens[next].text, "' is not expected after the join"}));
  }
  draft.record_sql.joins.push_back(std::move(join));
  return absl::OkStatus();
}

}  // namespace relais::recordsql

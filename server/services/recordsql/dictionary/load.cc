// From sections to dictionaries, and overrides into their base.
#include <iterator>
#include <utility>

#include "server/services/recordsql/dictionary/parser.h"

namespace relais::recordsql {
namespace {

// `Public Record dictionary alias` lines: each alias is a context record, like MZ.
absl::Status ReadPublicRecords(const Section& section, RecordSql& record_sql) {
  const std::vector<Token>& tokens = section.tokens;
  for (size_t next = 0; next < tokens.size();) {
    const int line = tokens[next].line;
    size_t end = next + 1;
    while (end < tokens.size() && !tokens[end].starts_line) ++end;
    const bool is_public = end - next >= 4 && tokens[next].IsWord("public") &&
                           tokens[next + 1].IsWord("record") &&
                           tokens[end - 1].kind == TokenKind::kWord;
    if (!is_public) return LineError(line, "only 'Public Record dictionary alias' may stand here");
    const std::string& alias = tokens[end - 1].text;
    if (!SameName(alias, "MZ")) record_sql.context_records.push_back(alias);
    next = end;
  }
  return absl::OkStatus();
}

absl::Status ReadHeader(const Section& section, SourceFile& file) {
  if (!SameName(section.tag, "DictionarySql")) {
    return LineError(section.line, "a dictionary begins with <DictionarySql …>");
  }
  if (!section.tokens.empty()) {
    return LineError(section.tokens[0].line, "a <RecordSql> is missing before this line");
  }
  file.line = section.line;
  file.default_dictionary = section.Value("DefaultDictionary");
  file.overwrite = section.Value("overwrite");
  return absl::OkStatus();
}

absl::Status BeginRecordSql(const Section& section, SourceFile& file) {
  Draft draft;
  RecordSql& record_sql = draft.record_sql;
  record_sql.name = section.Value("Name");
  record_sql.comment = section.Value("Comment");
  record_sql.line = section.line;
  record_sql.context_records = {"MZ"};
  if (record_sql.name.empty()) return LineError(section.line, "<RecordSql> needs Name=");
  if (file.drafts.size() >= 4096) return LineError(section.line, "more than 4096 RecordSqls");
  for (const Draft& known : file.drafts) {
    if (!SameName(known.record_sql.name, record_sql.name)) continue;
    return LineError(section.line, Concat({"RecordSql ", record_sql.name, " is declared twice"}));
  }
  if (absl::Status status = ReadPublicRecords(section, record_sql); !status.ok()) return status;
  file.drafts.push_back(std::move(draft));
  return absl::OkStatus();
}

// A select field written without its table belongs to the base table.
void NameBaseTable(RecordSql& record_sql, const std::string& alias) {
  for (SelectItem& item : record_sql.select) {
    if (item.table.empty() && !item.field.empty()) item.table = alias;
  }
}

std::string CompiledName(std::string_view file) {
  const size_t slash = file.find_last_of("/\\");
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  const size_t dot = file.rfind('.');
  if (dot != std::string_view::npos && dot > 0) file = file.substr(0, dot);
  return Concat({file, ".dhoq"});
}

absl::Status AddOnly(const Draft& addition) {
  const RecordSql& added = addition.record_sql;
  if (added.from.empty() && added.common.empty() && added.where_cases.empty() &&
      added.having_cases.empty() && added.group_by.empty() && added.mandatory_columns.empty()) {
    return absl::OkStatus();
  }
  return LineError(added.line, Concat({"the override of ", added.name,
                                       " may only add select fields, joins and order-by cases"}));
}

template <typename Item>
void MoveInto(std::vector<Item>& from, std::vector<Item>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

absl::Status Merge(SourceFile source, const DataDictionary& data, Dictionary& base) {
  if (!SameName(CompiledName(source.overwrite), base.name)) {
    return LineError(source.line,
                     Concat({"this file does not declare overwrite=\"", base.name, "\""}));
  }
  Dictionary merged = base;
  for (Draft& addition : source.drafts) {
    const RecordSql* target = merged.Find(addition.record_sql.name);
    if (target == nullptr) {
      return LineError(addition.record_sql.line, Concat({"RecordSql ", addition.record_sql.name,
                                                         " does not exist in ", base.name}));
    }
    if (absl::Status status = AddOnly(addition); !status.ok()) return status;
    Draft whole{*target, std::move(addition.references)};
    NameBaseTable(addition.record_sql, target->alias);
    MoveInto(addition.record_sql.select, whole.record_sql.select);
    MoveInto(addition.record_sql.joins, whole.record_sql.joins);
    MoveInto(addition.record_sql.order_cases, whole.record_sql.order_cases);
    whole.record_sql.line = addition.record_sql.line;
    if (absl::Status status = CheckRecordSql(whole, data); !status.ok()) return status;
    whole.record_sql.line = target->line;
    merged.record_sqls[target - merged.record_sqls.data()] = std::move(whole.record_sql);
  }
  base = std::move(merged);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SourceFile> ReadSource(std::string_view text) {
  const absl::StatusOr<std::vector<Section>> sections = ReadSections(text);
  if (!sections.ok()) return sections.status();
  if (sections->empty()) return LineError(1, "the file holds no <DictionarySql>");
  SourceFile file;
  if (absl::Status status = ReadHeader((*sections)[0], file); !status.ok()) return status;
  for (size_t i = 1; i < sections->size(); ++i) {
    const Section& section = (*sections)[i];
    absl::Status status;
    if (SameName(section.tag, "RecordSql")) {
      status = BeginRecordSql(section, file);
    } else if (file.drafts.empty()) {
      status =
          LineError(section.line, Concat({"<", section.tag, "> stands before any <RecordSql>"}));
    } else {
      status = ReadSection(section, file.drafts.back());
    }
    if (!status.ok()) return status;
  }
  return file;
}

absl::StatusOr<std::string> OverrideTarget(std::string_view file, std::string_view text) {
  const absl::StatusOr<SourceFile> source = ReadSource(text);
  if (!source.ok()) return InFile(file, source.status());
  return source->overwrite;
}

absl::StatusOr<Dictionary> ParseDictionary(std::string_view file, std::string_view text,
                                           const DataDictionary& data) {
  absl::StatusOr<SourceFile> source = ReadSource(text);
  if (!source.ok()) return InFile(file, source.status());
  if (!source->overwrite.empty()) {
    return InFile(file, LineError(source->line, Concat({"this file overrides ", source->overwrite,
                                                        "; load it with its base"})));
  }
  Dictionary dictionary;
  dictionary.name = CompiledName(file);
  dictionary.default_dictionary = source->default_dictionary;
  for (Draft& draft : source->drafts) {
    NameBaseTable(draft.record_sql, draft.record_sql.alias);
    if (absl::Status status = CheckRecordSql(draft, data); !status.ok()) {
      return InFile(file, status);
    }
    dictionary.record_sqls.push_back(std::move(draft.record_sql));
  }
  return dictionary;
}

absl::Status MergeOverride(std::string_view file, std::string_view text, const DataDictionary& data,
                           Dictionary& base) {
  absl::StatusOr<SourceFile> source = ReadSource(text);
  absl::Status status = source.ok() ? Merge(*std::move(source), data, base) : source.status();
  return status.ok() ? status : InFile(file, status);
}

}  // namespace relais::recordsql

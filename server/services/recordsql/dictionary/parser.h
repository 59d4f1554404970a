// Builds RecordSqls from sections, one section kind at a time. Private to the dictionary loader.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_PARSER_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_PARSER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/services/recordsql/dictionary/condition.h"
#include "server/services/recordsql/dictionary/dictionary.h"
#include "server/services/recordsql/dictionary/source.h"

namespace relais::recordsql {

// A table or alias that a condition or column names, to be checked once every join is known.
struct Reference {
  std::string table;
  int line = 0;
};

// One RecordSql being read.
struct Draft {
  RecordSql record_sql;
  std::vector<Reference> references;
};

struct SourceFile {
  std::string default_dictionary;
  std::string overwrite;  // the base this file overrides; empty for a base
  int line = 0;
  std::vector<Draft> drafts;
};

// Reads a whole file; no check across sections yet. Errors are "LINE: sentence".
absl::StatusOr<SourceFile> ReadSource(std::string_view text);

// Reads one section into the draft.
absl::Status ReadSection(const Section& section, Draft& draft);

// <Join>, <LeftJoin>, <Join01>, and the LEFT JOIN lines of <FROM>.
absl::Status ReadJoin(const Section& section, Draft& draft);
absl::Status ReadFromJoin(const std::vector<Token>& tokens, size_t& next, Draft& draft);

// Parses a condition, records what it names, and stores its text.
absl::StatusOr<Condition> TakeCondition(const std::vector<Token>& tokens, size_t& next,
                                        const Scope& scope, Draft& draft);

// A list of names separated by commas, semicolons or blanks (an attribute's value).
std::vector<std::string> SplitNames(std::string_view text);

// Everything that can only be judged on a complete RecordSql: names that lead nowhere, duplicates,
// and the dossier guard.
absl::Status CheckRecordSql(const Draft& draft, const DataDictionary& data);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_PARSER_H_

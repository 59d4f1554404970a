// RecordSql dictionaries: the vendor's declarative source language (.dhsq), loaded into plain
// structs.
//
// A dictionary is a text file of <RecordSql> elements; each names a table, its columns, optional
// joins, and the where, order-by and having cases a caller may ask for by name. The gateway serves
// its catalogue from these files; the sandbox executes them. Pure: no I/O, no state.
//
// All names are case-insensitive; they are kept as written and compared folded (see SameName).

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_DICTIONARY_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_DICTIONARY_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace relais::recordsql {

// How a value is written in the data dictionary (its "nature") and so what a gateway may promise of
// it.
enum class ValueKind { kText, kInteger, kDecimal, kDate, kDateTime, kTime, kBoolean };

struct Nature {
  ValueKind kind = ValueKind::kText;
  int length = 0;  // characters (text) or digits (numbers); 0 = not said
  int scale = 0;   // digits after the decimal point (kDecimal)
};

// One column of a table in the data dictionary.
struct Field {
  std::string name;  // as written, without the table
  Nature nature;
  std::string label;  // may be empty
};

struct Table {
  std::string name;
  std::string label;
  std::vector<Field> fields;  // in file order; the row id <TABLE>_ID is implied, never listed
};

// The data dictionary that goes with RecordSql dictionaries: tables, columns, natures. See
// docs/dictionaries.md for the text format (ours: the vendor's compiled format is not public).
struct DataDictionary {
  std::vector<Table> tables;
  const Table* FindTable(std::string_view name) const;
};

struct SelectItem {
  std::string table;       // alias or table as written before the dot; empty for an expression
  std::string field;       // "*" for every column of the table; empty for an expression
  std::string expression;  // SQL text; empty for TABLE.FIELD
  std::string alias;  // name in the response; empty = the documented default (field or TABLE_FIELD)
  int line = 0;
};

// A boolean condition, already parsed; `text` is the normalised SQL in which every parameter stands
// as
// `:name` and references to the context record stand as `MZ.FIELD`.
struct Condition {
  std::string text;
  int line = 0;
};

enum class ParameterType { kChar, kInt, kDate, kNum };

struct Parameter {
  ParameterType type = ParameterType::kChar;
  std::string name;
};

struct ConditionCase {  // a where case or a having case
  std::string name;
  std::vector<Parameter>
      parameters;       // in order of appearance, which is what positional values follow
  Condition condition;  // several lines are ANDed
};

struct OrderCase {
  std::string name;
  std::string label;  // may be empty
  std::vector<std::string> columns;
};

enum class JoinKind { kInner, kLeft, kAtMostOne };  // <Join>, <LeftJoin>, <Join01>

struct Join {
  JoinKind kind = JoinKind::kLeft;
  std::string name;  // the alias when the source gives none; empty for a LEFT JOIN line of FROM,
                     // which is part of the query for good
  std::vector<std::string> dependencies;  // joins that activating this one pulls in
  std::vector<std::string> column_names;  // select columns that belong to it
  bool active = true;                     // false: declared NoActivate
  std::string table;
  std::string alias;
  Condition on;
};

struct RecordSql {
  std::string name;
  std::string comment;
  std::string table;  // the first FROM table: `tablename` in replies
  std::string alias;  // of that table; equals `table` when none is written
  std::vector<std::string>
      from;  // every FROM table as "TABLE" or "TABLE ALIAS", the first included
  std::vector<SelectItem> select;
  std::vector<std::string> mandatory_columns;
  std::vector<Join> joins;
  std::vector<Condition> common;  // unnamed WHERE lines: always applied, ANDed
  std::vector<std::string> group_by;
  std::vector<ConditionCase> where_cases;
  std::vector<OrderCase> order_cases;
  std::vector<ConditionCase> having_cases;
  std::vector<std::string> context_records;  // MZ first, then the aliases of `Public Record` lines
  int line = 0;

  const ConditionCase* FindWhere(std::string_view name) const;
  const ConditionCase* FindHaving(std::string_view name) const;
  const OrderCase* FindOrder(std::string_view name) const;
  const Join* FindJoin(std::string_view name) const;
};

// One dictionary file, its overrides merged in.
struct Dictionary {
  std::string name;                // compiled file name, e.g. "gtrstab.dhoq"
  std::string default_dictionary;  // DefaultDictionary attribute
  std::vector<RecordSql> record_sqls;
  const RecordSql* Find(std::string_view name) const;
};

// A column as it appears in replies when everything is selected and every join is active.
struct Column {
  std::string name;              // key in `records[].record`
  std::optional<Nature> nature;  // none when the data dictionary does not know the column
  std::string join;              // the join it depends on; empty for the base table
  std::string label;
  std::string source;  // where it comes from: TABLE.FIELD or the select expression
};

// Case-insensitive ASCII comparison: the rule for every name of this upstream.
bool SameName(std::string_view a, std::string_view b);

// Parses a data dictionary. Errors are INVALID_ARGUMENT "FILE:LINE: what is wrong".
absl::StatusOr<DataDictionary> ParseDataDictionary(std::string_view file, std::string_view text);

// Parses one .dhsq source (ISO-8859-1 or UTF-8 text, any line ending). `data` serves to refuse a
// RecordSql over a table that has a DOS column but no unnamed `Dos = MZ.Dos` line: that would leak
// every company file. Errors are INVALID_ARGUMENT "FILE:LINE: what is wrong".
absl::StatusOr<Dictionary> ParseDictionary(std::string_view file, std::string_view text,
                                           const DataDictionary& data);

// The base dictionary an override declares (overwrite="base.dhoq"), or empty for a file that is
// itself a base. Errors are INVALID_ARGUMENT "FILE:LINE: what is wrong".
absl::StatusOr<std::string> OverrideTarget(std::string_view file, std::string_view text);

// Merges an override (a file declared overwrite="base.dhoq") into `base`. It may only add select
// columns, simple joins and order-by cases; anything else is INVALID_ARGUMENT with the line.
absl::Status MergeOverride(std::string_view file, std::string_view text, const DataDictionary& data,
                           Dictionary& base);

// The columns of a reply in order, `*` expanded through `data`. A row id <TABLE>_ID leads the
// expansion of TABLE.*; NOTEBLOB columns are left out because the service never returns them.
std::vector<Column> ColumnsOf(const RecordSql& record_sql, const DataDictionary& data);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_DICTIONARY_H_

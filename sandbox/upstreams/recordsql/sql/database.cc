#include "sandbox/upstreams/recordsql/sql/database.h"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"
#include "sandbox/upstreams/recordsql/json_text.h"
#include "sandbox/upstreams/recordsql/sql/collation.h"
#include "sandbox/upstreams/recordsql/sql/generated.h"
#include "sandbox/upstreams/recordsql/sql/sources.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::ValueKind;

constexpr size_t kMaxOpenPages = 16;

int Collate(void*, int a_size, const void* a, int b_size, const void* b) {
  return CompareText({static_cast<const char*>(a), static_cast<size_t>(a_size)},
                     {static_cast<const char*>(b), static_cast<size_t>(b_size)});
}

std::string_view TextOf(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (text == nullptr) return {};
  return {text, static_cast<size_t>(sqlite3_value_bytes(value))};
}

// SQLite calls like(PATTERN, TEXT) for TEXT LIKE PATTERN.
void Like(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL ||
      sqlite3_value_type(arguments[1]) == SQLITE_NULL) {
    sqlite3_result_null(context);
    return;
  }
  sqlite3_result_int(context, MatchesLike(TextOf(arguments[1]), TextOf(arguments[0])) ? 1 : 0);
}

std::string_view ColumnType(ValueKind kind) {
  switch (kind) {
    case ValueKind::kInteger:
    case ValueKind::kBoolean:
      return "INTEGER";
    case ValueKind::kDecimal:
      return "NUMERIC";
    default:
      return "TEXT COLLATE ERP";
  }
}

std::string KeyOf(const Query& query) {
  std::string key = query.sql.text;
  for (const Value& value : query.sql.values) {
    key.push_back('\0');
    key.append(std::to_string(value.index()));
    if (const auto* whole = std::get_if<int64_t>(&value)) key.append(std::to_string(*whole));
    if (const auto* real = std::get_if<double>(&value)) key.append(std::to_string(*real));
    if (const auto* text = std::get_if<std::string>(&value)) key.append(*text);
  }
  return key;
}

template <typename Number, typename... Format>
void AppendNumber(Number number, std::string& out, Format... format) {
  char digits[400];  // the longest double in fixed notation
  const auto end = std::to_chars(digits, digits + sizeof(digits), number, format...);
  out.append(digits, static_cast<size_t>(end.ptr - digits));
}

void AppendValue(sqlite3_stmt* statement, int index, const OutputColumn& column, std::string& out) {
  const int type = sqlite3_column_type(statement, index);
  if (type == SQLITE_NULL) return;
  const bool decimal = column.nature && column.nature->kind == ValueKind::kDecimal;
  if (decimal && type != SQLITE_TEXT) {
    AppendNumber(sqlite3_column_double(statement, index), out, std::chars_format::fixed,
                 column.nature->scale);
  } else if (type == SQLITE_INTEGER) {
    AppendNumber(sqlite3_column_int64(statement, index), out);
  } else {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
    AppendEscaped({text, static_cast<size_t>(sqlite3_column_bytes(statement, index))}, out);
  }
}

// The text before each value: `","KEY":"`, written once per page.
std::vector<std::string> KeysOf(const Query& query) {
  std::vector<std::string> keys;
  for (const OutputColumn& column : query.columns) {
    std::string key = keys.empty() ? "{\"record\":{" : "\",";
    AppendQuoted(column.name, key);
    key.append(":\"");
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

void Database::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Database::Database(Options options) : options_(std::move(options)) {}

Database::~Database() {
  open_pages_.clear();
  sqlite3_close(db_);
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const dictionary::DataDictionary& data,
                                                         Options options) {
  std::unique_ptr<Database> database(new Database(std::move(options)));
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(":memory:", &database->db_, flags, nullptr) != SQLITE_OK) {
    return absl::InternalError("SQLite cannot open a database in memory");
  }
  sqlite3_create_collation(database->db_, "ERP", SQLITE_UTF8, nullptr, &Collate);
  sqlite3_create_function(database->db_, "like", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                          &Like, nullptr, nullptr);
  absl::Status status = database->AddTables(data);
  for (const NamedText& rows : database->options_.rows) status.Update(database->LoadRows(rows));
  if (!status.ok()) return status;
  return database;
}

absl::Status Database::Error(std::string_view doing) const {
  return Fail(ErrorCode::kSqlFailed, Concat({doing, ": ", sqlite3_errmsg(db_)}));
}

absl::Status Database::Run(const std::string& sql) {
  if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) {
    return absl::OkStatus();
  }
  return Error("erreur SQL");
}

absl::StatusOr<Database::Statement> Database::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return Error("erreur SQL");
  return Statement(statement);
}

absl::Status Database::AddTables(const dictionary::DataDictionary& data) {
  const std::lock_guard<std::mutex> lock(mutex_);
  open_pages_.clear();  // a table cannot be made under an open statement
  for (const dictionary::Table& table : data.tables) {
    std::string sql = Concat({"CREATE TABLE IF NOT EXISTS ", Quote(table.name), " (",
                              Quote(RowIdOf(table)), " INTEGER PRIMARY KEY"});
    for (const dictionary::Field& field : table.fields) {
      sql += Concat({", ", Quote(field.name), " ", ColumnType(field.nature.kind)});
    }
    if (absl::Status status = Run(sql + ")"); !status.ok()) return status;
  }
  data_ = data;
  return absl::OkStatus();
}

absl::Status Database::Generate(const std::vector<std::string>& tables) {
  if (!options_.generate) return absl::OkStatus();
  for (const std::string& table : tables) {
    if (!IsGenerated(table) || generated_.count(table) > 0) continue;
    open_pages_.clear();
    generated_.insert(table);
    if (absl::Status status = GenerateRows(db_, table, options_.movement_rows); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

// The statement standing at `offset`: the one the previous page left there, or a new one.
absl::StatusOr<Database::OpenPage> Database::Position(const Query& query, int64_t offset) {
  std::string key = KeyOf(query);
  const auto found = std::find_if(open_pages_.begin(), open_pages_.end(), [&](const OpenPage& p) {
    return p.next == offset && p.key == key;
  });
  if (found != open_pages_.end()) {
    OpenPage page = std::move(*found);
    open_pages_.erase(found);
    return page;
  }
  absl::StatusOr<Statement> statement = Prepare(query.sql.text + " LIMIT -1 OFFSET ?");
  if (!statement.ok()) return statement.status();
  int index = 0;
  for (const Value& value : query.sql.values) BindValue(value, ++index, statement->get());
  sqlite3_bind_int64(statement->get(), ++index, offset);
  return OpenPage{std::move(key), offset, *std::move(statement)};
}

absl::StatusOr<Page> Database::Fetch(const Query& query, int64_t offset, int count) {
  const std::vector<std::string> keys = KeysOf(query);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status status = Generate(query.tables); !status.ok()) return status;
  absl::StatusOr<OpenPage> open = Position(query, offset);
  if (!open.ok()) return open.status();
  sqlite3_stmt* statement = open->statement.get();
  Page page;
  while (page.count < count) {
    const int code = sqlite3_step(statement);
    if (code == SQLITE_DONE) return page;
    if (code != SQLITE_ROW) return Error("erreur SQL");
    if (page.count++ > 0) page.records.push_back(',');
    for (size_t i = 0; i < keys.size(); ++i) {
      page.records.append(keys[i]);
      AppendValue(statement, static_cast<int>(i), query.columns[i], page.records);
    }
    page.records.append(keys.empty() ? "{\"record\":{}}" : "\"}}");
  }
  open->next = offset + page.count;
  open_pages_.push_front(*std::move(open));
  if (open_pages_.size() > kMaxOpenPages) open_pages_.pop_back();
  return page;
}

}  // namespace relais::sandbox::recordsql

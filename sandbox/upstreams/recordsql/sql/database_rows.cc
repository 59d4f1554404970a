// Rows into the database: fixture files and single insertions.
#include <sqlite3.h>

#include <algorithm>

#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/sql/database.h"
#include "sandbox/upstreams/recordsql/sql/sources.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::SameName;

std::vector<std::string> SplitRow(std::string_view line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ';') {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back().push_back(c);
    }
  }
  return cells;
}

}  // namespace

void Database::BindValue(const Value& value, int index, sqlite3_stmt* statement) {
  if (const auto* whole = std::get_if<int64_t>(&value)) {
    sqlite3_bind_int64(statement, index, *whole);
  } else if (const auto* real = std::get_if<double>(&value)) {
    sqlite3_bind_double(statement, index, *real);
  } else {
    const std::string& text = std::get<std::string>(value);
    sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()),
                      SQLITE_TRANSIENT);
  }
}

absl::Status Database::LoadRows(const NamedText& rows) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> header;
  const std::string text = dictionary::ToUtf8(rows.second);
  int line = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::vector<std::string> cells =
        SplitRow(std::string_view(text).substr(start, end - start));
    start = end + 1;
    if (++line == 1) {
      header = cells;
      continue;
    }
    if (cells.size() == 1 && cells[0].empty()) continue;
    std::map<std::string, std::string> values;
    for (size_t i = 0; i < cells.size() && i < header.size(); ++i) values[header[i]] = cells[i];
    const absl::StatusOr<int64_t> id = InsertLocked(rows.first, values);
    if (!id.ok() || cells.size() != header.size()) {
      const std::string why(id.ok() ? "the number of cells is not that of the header"
                                    : std::string(id.status().message()));
      return absl::InvalidArgumentError(
          Concat({"rows/", rows.first, ".csv:", std::to_string(line), ": ", why}));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Database::Insert(std::string_view table,
                                         const std::map<std::string, std::string>& values) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status status = Generate({std::string(table)}); !status.ok()) return status;
  open_pages_.clear();
  return InsertLocked(table, values);
}

absl::StatusOr<int64_t> Database::InsertLocked(std::string_view table,
                                               const std::map<std::string, std::string>& values) {
  const dictionary::Table* found = data_.FindTable(table);
  if (found == nullptr) return absl::NotFoundError(Concat({"there is no table '", table, "'"}));
  std::string names;
  std::string marks;
  for (const auto& [name, value] : values) {
    const bool known = SameName(name, RowIdOf(*found)) ||
                       std::any_of(found->fields.begin(), found->fields.end(),
                                   [&key = name](const auto& f) { return SameName(f.name, key); });
    if (!known) return absl::InvalidArgumentError(Concat({table, " has no column '", name, "'"}));
    names += Concat({names.empty() ? "" : ", ", Quote(name)});
    marks += marks.empty() ? "?" : ", ?";
  }
  absl::StatusOr<Statement> statement =
      Prepare(Concat({"INSERT INTO ", Quote(found->name), " (", names, ") VALUES (", marks, ")"}));
  if (!statement.ok()) return statement.status();
  int index = 0;
  for (const auto& [name, value] : values) BindValue(value, ++index, statement->get());
  if (sqlite3_step(statement->get()) != SQLITE_DONE) return Error("insertion refusée");
  return sqlite3_last_insert_rowid(db_);
}

}  // namespace relais::sandbox::recordsql

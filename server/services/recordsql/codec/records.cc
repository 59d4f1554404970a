#include "server/services/recordsql/codec/records.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "server/core/base/error.h"
#include "server/core/base/text/number.h"
#include "server/services/recordsql/names.h"

namespace relais::recordsql {
namespace {

namespace od = ::simdjson::ondemand;

constexpr std::size_t kMaxColumns = 4096;  // as many as the upstream's database can select

bool HasTwice(const std::vector<Column>& columns) {
  for (auto one = columns.begin(); one != columns.end(); ++one) {
    const auto same = [&](const Column& other) { return SameName(one->name, other.name); };
    if (std::any_of(one + 1, columns.end(), same)) return true;
  }
  return false;
}

}  // namespace

RecordReader::RecordReader(const DecodeOptions& options, RowLayout& layout)
    : options_(options), layout_(layout), last_key_(options.key_before) {
  last_number_ = ParseNumber(options.key_before).value_or(last_number_);
  if (layout.fixed) UseLayout();
}

absl::Status RecordReader::Read(od::array records, ExecuteReply& reply) {
  for (auto element : records) {
    od::object wrapper;
    if (const auto error = element.get_object().get(wrapper)) return Malformed(error);
    if (absl::Status status = ReadEntry(wrapper); !status.ok()) return status;
    if (IsOverlap(reply)) {
      ++reply.passed_over;
      continue;
    }
    if (absl::Status status = CheckKey(); !status.ok()) return status;
    AddRow(reply);
  }
  if (batch_.count > 0) reply.batches.push_back(std::move(batch_));
  return absl::OkStatus();
}

absl::Status RecordReader::ReadEntry(od::object wrapper) {
  bool found = false;
  for (auto member : wrapper) {
    std::string_view key;
    if (const auto error = member.unescaped_key().get(key)) return Malformed(error);
    if (key != "record") {
      od::value value;
      if (const auto error = member.value().get(value)) return Malformed(error);
      if (absl::Status status = PassOver(value); !status.ok()) return status;
      continue;
    }
    if (found) return Malformed("an entry has two records");
    found = true;
    od::object record;
    if (const auto error = member.value().get_object().get(record)) return Malformed(error);
    if (absl::Status status = ReadRecord(record); !status.ok()) return status;
  }
  return found ? absl::OkStatus() : Malformed("an entry has no record");
}

absl::Status RecordReader::ReadRecord(od::object record) {
  const bool first = !layout_.fixed;
  std::vector<Column> columns;
  cells_.assign(first ? 0 : layout_.columns.size(), std::nullopt);
  given_.assign(cells_.size(), false);
  key_ = std::nullopt;
  odd_.clear();
  std::size_t next = 0;  // where the column is expected
  for (auto member : record) {
    od::field field;
    if (const auto error = std::move(member).get(field)) return Malformed(error);
    Cell cell;
    if (plain_ && next < cells_.size() && !given_[next] &&
        field.key().unsafe_is_equal(layout_.columns[next].name)) {
      if (absl::Status status = ReadCell(field.value(), cell); !status.ok()) return status;
      if (next == key_index_) key_ = cell;
      given_[next] = true;
      cells_[next++] = cell;
      continue;
    }
    std::string_view name;
    if (const auto error = field.unescaped_key().get(name)) return Malformed(error);
    if (absl::Status status = ReadCell(field.value(), cell); !status.ok()) return status;
    if (SameName(name, options_.key_column)) key_ = cell;
    if (first) {
      if (columns.size() == kMaxColumns) return Malformed("a record has too many columns");
      columns.push_back(Candidate(std::string(name)));
      cells_.push_back(cell);
    } else if (absl::Status status = Place(name, cell, next); !status.ok()) {
      return status;
    }
  }
  if (first) {
    if (HasTwice(columns)) return Malformed("a record has a column twice");
    layout_ = RowLayout(std::move(columns), /*fixed=*/true);
    UseLayout();
  }
  return absl::OkStatus();
}

// A scalar's text; of anything else its JSON, which lasts until the next record.
absl::Status RecordReader::ReadCell(od::value value, Cell& cell) {
  const auto error = ScalarText(value, cell);
  if (error == simdjson::SUCCESS) return absl::OkStatus();
  od::json_type type;
  if (const auto failed = value.type().get(type)) return Malformed(failed);
  if (type != od::json_type::object && type != od::json_type::array) return Malformed(error);
  absl::Status status = json::ReadTextOrJson(value, odd_.emplace_back());
  cell = odd_.back();
  return status;
}

// The declared column of that name, or an untyped one.
Column RecordReader::Candidate(const std::string& name) const {
  for (const Column& column : layout_.columns) {
    if (SameName(column.name, name)) return column;
  }
  Column column;
  column.name = name;
  return column;
}

absl::Status RecordReader::Place(std::string_view name, const Cell& cell, std::size_t& next) {
  for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
    if (SameName(layout_.columns[i].name, name)) {
      if (given_[i]) return Malformed("a record has a column twice");
      given_[i] = true;
      cells_[i] = cell;
      next = i + 1;
      return absl::OkStatus();
    }
  }
  if (SameName(name, options_.key_column)) return absl::OkStatus();
  return Malformed("a record has a column that the others have not");
}

void RecordReader::UseLayout() {
  plain_ = std::all_of(layout_.columns.begin(), layout_.columns.end(),
                       [](const Column& column) { return IsIdentifier(column.name); });
  if (options_.key_column.empty()) return;
  for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
    if (SameName(layout_.columns[i].name, options_.key_column)) key_index_ = i;
  }
}

bool RecordReader::IsOverlap(const ExecuteReply& reply) const {
  return options_.overlaps && reply.count + reply.passed_over == 0 && key_ == options_.key_before;
}

// Without this, rows could be lost or repeated unseen when pages are cut by the column's values.
absl::Status RecordReader::CheckKey() {
  if (options_.key_column.empty()) return absl::OkStatus();
  const auto refuse = [this](const char* why) -> absl::Status {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kKeysetNotOrdered)
           << "Pages cannot be cut by " << options_.key_column << ": " << why
           << ". Use another keyset_field or none.";
  };
  if (!key_ || key_->empty()) return refuse("a row has no value in it");
  if (key_->size() > kMostKeyValueBytes) return refuse("a value in it is too long for a token");
  if (*key_ == last_key_) return refuse("two rows have the same value in it");
  last_key_ = *key_;
  if (!options_.key_is_number) return absl::OkStatus();
  const std::optional<std::int64_t> number = ParseNumber(*key_);
  if (!number) return refuse("a value is no whole number");
  if (*number <= last_number_) return refuse("the rows do not come in its ascending order");
  last_number_ = *number;
  return absl::OkStatus();
}

void RecordReader::AddRow(ExecuteReply& reply) {
  AppendRow(cells_, layout_.types, scratch_, batch_.rows);
  ++batch_.count;
  ++reply.count;
  if (!options_.key_column.empty()) batch_.last_key = *key_;
  if (batch_.rows.size() < options_.batch_bytes) return;
  reply.batches.push_back(std::move(batch_));
  batch_ = RowBatch();
}

}  // namespace relais::recordsql

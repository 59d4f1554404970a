// Rows, and what is told of them.

#include <chrono>
#include <climits>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "clients/cpp/tests/scenario_json.h"
#include "nlohmann/json.hpp"
#include "relais/client.h"

namespace relais::client::testing {
namespace {

using ProtoRow = recordsql::v1::Row;

// `.005`, with as many digits as needed; nothing for 0.
std::string Fraction(int nanos) {
  if (nanos == 0) return "";
  std::string text = absl::StrFormat(".%09d", nanos);
  return text.substr(0, text.find_last_not_of('0') + 1);
}

std::string Cell(const recordsql::v1::Value& value) {
  using Value = recordsql::v1::Value;
  switch (value.kind_case()) {
    case Value::kStringValue:
      return value.string_value() == "~" ? "\\~" : value.string_value();
    case Value::kIntegerValue:
      return absl::StrCat(value.integer_value());
    case Value::kDecimalValue:
      return value.decimal_value();
    case Value::kBoolValue:
      return value.bool_value() ? "true" : "false";
    case Value::kDateValue: {
      const auto& date = value.date_value();
      return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
    }
    case Value::kDateTimeValue: {
      const auto& t = value.date_time_value();
      return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d%s", t.year(), t.month(), t.day(),
                             t.hours(), t.minutes(), t.seconds(), Fraction(t.nanos()));
    }
    case Value::kTimeValue: {
      const auto& t = value.time_value();
      return absl::StrFormat("%02d:%02d:%02d%s", t.hours(), t.minutes(), t.seconds(),
                             Fraction(t.nanos()));
    }
    default:
      return "~";
  }
}

std::string TextOf(int64_t value) { return absl::StrCat(value); }
std::string TextOf(const std::string& value) { return value; }
std::string TextOf(bool value) { return value ? "true" : "false"; }
std::string TextOf(const Decimal& value) { return value.text; }
std::string TextOf(absl::CivilDay value) { return absl::FormatCivilTime(value); }
std::string TextOf(absl::CivilSecond value) { return absl::FormatCivilTime(value); }
std::string TextOf(absl::Duration value) {
  const absl::CivilSecond time = absl::CivilSecond() + absl::ToInt64Seconds(value);
  return absl::StrFormat(
      "%02d:%02d:%02d%s", time.hour(), time.minute(), time.second(),
      Fraction(static_cast<int>(absl::ToInt64Nanoseconds(value % absl::Seconds(1)))));
}

template <class T, class Key>
Json Got(const Row& row, const Key& key, bool nullable) {
  absl::StatusOr<std::optional<T>> value = row.Get<std::optional<T>>(key);
  if (!nullable) {
    absl::StatusOr<T> known = row.Get<T>(key);
    if (known.ok()) return {{"value", TextOf(*known)}};
    return {{"error", true}, {"message", std::string(known.status().message())}};
  }
  if (!value.ok()) return {{"error", true}, {"message", std::string(value.status().message())}};
  return value->has_value() ? Json{{"value", TextOf(**value)}} : Json{{"null", true}};
}

template <class Key>
Json GotAs(const Row& row, const Key& key, std::string type) {
  const bool nullable = absl::EndsWith(type, "?");
  if (nullable) type.pop_back();
  if (type == "integer") return Got<int64_t>(row, key, nullable);
  if (type == "text") return Got<std::string>(row, key, nullable);
  if (type == "bool") return Got<bool>(row, key, nullable);
  if (type == "decimal") return Got<Decimal>(row, key, nullable);
  if (type == "date") return Got<absl::CivilDay>(row, key, nullable);
  if (type == "datetime") return Got<absl::CivilSecond>(row, key, nullable);
  return Got<absl::Duration>(row, key, nullable);
}

// What has been read of a result.
class Reading {
 public:
  explicit Reading(Command& command) : command_(command) {}

  void Add(const ProtoRow& row) {
    std::string line;
    std::vector<std::string> cells;
    for (const auto& value : row.values()) {
      std::string cell = Cell(value);
      absl::StrAppend(&line, line.empty() && cells.empty() ? "" : "\x1f", cell);
      if (count_ < 20) cells.push_back(std::move(cell));
      if (count_ >= 20) cells.resize(1);
    }
    digest_.Add(line + "\n");
    if (count_++ < 20) values_.push_back(cells);
  }
  void Get(const Row& row) {
    const Json getters = command_.words.value("getters", Json::array());
    for (size_t i = 0; i < getters.size(); ++i) {
      if (getters[i][0] != count_ - 1) continue;
      const std::string type = getters[i][2];
      got_[i] = getters[i][1].is_string() ? GotAs(row, getters[i][1].get<std::string>(), type)
                                          : GotAs(row, getters[i][1].get<int>(), type);
    }
  }
  void Tell(const Rows& rows) {
    Json& answer = command_.answer;
    answer["columns"] = Json::array();
    for (const auto& column : rows.Columns()) answer["columns"].push_back(column.name());
    answer["rows"] = count_;
    answer["digest"] = digest_.Hex();
    answer["values"] = values_;
    answer["resumes"] = rows.Resumes();
    answer["checkpoint"] = absl::Base64Escape(rows.Checkpoint().SerializeAsString());
    for (const auto& [index, value] : got_) answer["got"].push_back(value);
  }
  int count() const { return count_; }

 private:
  Command& command_;
  int count_ = 0;
  internal::Sha256 digest_;
  Json values_ = Json::array();
  std::map<size_t, Json> got_;
};

}  // namespace

void ReadRows(Command& command) {
  recordsql::v1::StreamRecordsRequest request;
  if (command.words.contains("checkpoint")) {
    std::string bytes;
    absl::Base64Unescape(command.Text("checkpoint"), &bytes);
    request.ParseFromString(bytes);
  } else {
    request = command.Message<recordsql::v1::StreamRecordsRequest>("request");
  }
  RowOptions options;
  if (const int rest = command.words.value("batch_ms", 0); rest > 0) {
    options.progress = [rest](const Progress&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(rest));
    };
  }
  Rows rows = command.client.recordsql().Rows(request, options);
  Reading reading(command);
  if (int batches = command.words.value("checkpoint_after", 0); batches > 0) {
    for (auto& batch : rows.Batches()) {
      command.Fail(batch.status());
      if (!batch.ok()) break;
      for (const ProtoRow& row : batch->rows()) reading.Add(row);
      if (--batches == 0) break;
    }
    return reading.Tell(rows);
  }
  const int limit = command.words.value("limit", INT_MAX);
  for (absl::StatusOr<Row>& row : rows) {
    command.Fail(row.status());
    if (!row.ok()) break;
    reading.Add(row->proto());
    reading.Get(*row);
    if (reading.count() >= limit) break;
  }
  reading.Tell(rows);
}

}  // namespace relais::client::testing

#include <cstdint>
#include <optional>

#include "server/json/tidy.h"
#include "server/services/recordsql/codec/codec.h"
#include "server/services/recordsql/codec/json.h"
#include "server/services/recordsql/codec/records.h"

namespace relais::recordsql {
namespace {

namespace od = ::simdjson::ondemand;

absl::Status ReadRecords(od::value value, RecordReader& reader, ExecuteReply& reply) {
  od::json_type type;
  if (const auto error = value.type().get(type)) return Malformed(error);
  if (type == od::json_type::null) {
    Cell none;
    const auto error = ScalarText(value, none);
    return error ? Malformed(error) : absl::OkStatus();
  }
  od::array records;
  if (const auto error = value.get_array().get(records)) return Malformed(error);
  return reader.Read(records, reply);
}

}  // namespace

RowLayout::RowLayout(std::vector<Column> expected, bool fixed)
    : columns(std::move(expected)), fixed(fixed) {
  for (const Column& column : columns) {
    types.push_back(column.nature ? ToValueType(column.nature->kind) : v1::VALUE_TYPE_UNSPECIFIED);
  }
}

absl::StatusOr<AuthReply> DecodeAuth(const std::string& body) {
  AuthReply reply;
  const absl::Status status =
      ReadReply(body, reply.head, [&](std::string_view key, od::value value) -> absl::Status {
        if (key != "access_token") return PassOver(value);
        Cell token;
        if (const auto error = ScalarText(value, token)) return Malformed(error);
        reply.token = std::string(token.value_or(""));
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  if (reply.head.error == 0 && reply.token.empty()) return Malformed("it has no token");
  return reply;
}

absl::StatusOr<ExecuteReply> DecodeExecute(const std::string& body, const DecodeOptions& options,
                                           RowLayout& layout) {
  ExecuteReply reply;
  RecordReader reader(options, layout);
  std::optional<std::int64_t> declared;
  bool has_records = false;
  const absl::Status status =
      ReadReply(body, reply.head, [&](std::string_view key, od::value value) -> absl::Status {
        if (key == "nbrecord") {
          if (declared) return Malformed("it has two \"nbrecord\"");
          absl::Status status = json::Read(value, declared);
          return status.ok() && !declared ? Malformed(simdjson::INCORRECT_TYPE) : status;
        }
        if (key == "tablename") {
          return ReadText(value, reply.table);
        }
        if (key != "records") return PassOver(value);
        if (has_records) return Malformed("it has two lists of records");
        has_records = true;
        return ReadRecords(value, reader, reply);
      });
  if (!status.ok()) return status;
  if (reply.head.error != 0) return reply;
  if (!has_records) return Malformed("it has no \"records\"");
  if (declared != reply.count + reply.passed_over)
    return Malformed("\"nbrecord\" does not agree with its records");
  return reply;
}

absl::StatusOr<ReplyHead> DecodeRefusal(const std::string& body, const absl::Status& malformed) {
  absl::StatusOr<ReplyHead> head = DecodeHead(json::ToUtf8(body));
  return head.ok() && head->error != 0 ? head : malformed;
}

absl::StatusOr<ReplyHead> DecodeHead(const std::string& body) {
  ReplyHead head;
  const absl::Status status =
      ReadReply(body, head, [](std::string_view, od::value value) { return PassOver(value); });
  if (!status.ok()) return status;
  return head;
}

}  // namespace relais::recordsql

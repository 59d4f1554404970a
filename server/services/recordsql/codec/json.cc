#include "server/services/recordsql/codec/json.h"

namespace relais::recordsql {
namespace {

namespace od = ::simdjson::ondemand;

// Reads what every reply has; false when `key` is none of it.
bool ReadHead(std::string_view key, od::value value, ReplyHead& head, bool& has_error,
              simdjson::error_code& error) {
  if (key == "error") {
    if (has_error) {  // which of two codes counts is anybody's guess
      error = simdjson::TAPE_ERROR;
      return true;
    }
    has_error = true;
    error = value.get_int64().get(head.error);
    return true;
  }
  const bool is_text = key == "txterr" || key == "txterror";
  if (!is_text && key != "infos") return false;
  Cell cell;
  error = ScalarText(value, cell);
  if (error == simdjson::SUCCESS)
    (is_text ? head.text : head.infos) = std::string(cell.value_or(""));
  return true;
}

}  // namespace

simdjson::error_code ScalarText(od::value value, Cell& cell) {
  std::string_view text;
  const simdjson::error_code error = value.get_string().get(text);
  if (error == simdjson::SUCCESS) {
    cell = text;
    return error;
  }
  if (error != simdjson::INCORRECT_TYPE) return error;
  od::json_type type;
  if (const auto failed = value.type().get(type)) return failed;
  if (type == od::json_type::null) {
    bool null = false;  // `nul` begins like it
    if (const auto failed = value.is_null().get(null)) return failed;
    if (!null) return simdjson::TAPE_ERROR;
    cell = std::nullopt;
    return simdjson::SUCCESS;
  }
  if (type == od::json_type::boolean) {
    bool truth = false;
    if (const auto failed = value.get_bool().get(truth)) return failed;
    cell = truth ? "1" : "0";
    return simdjson::SUCCESS;
  }
  if (type != od::json_type::number) return simdjson::INCORRECT_TYPE;
  std::string_view token = value.raw_json_token();
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  cell = token;
  double number = 0;
  return value.get_double().get(number);  // consumes it, and checks that it is a number
}

absl::Status ReadReply(const std::string& body, ReplyHead& head,
                       absl::FunctionRef<absl::Status(std::string_view, od::value)> read) {
  bool has_error = false;
  const auto read_member = [&](std::string_view key, od::value value) -> absl::Status {
    simdjson::error_code error = simdjson::SUCCESS;
    if (!ReadHead(key, value, head, has_error, error)) return read(key, value);
    return error ? Malformed(error) : absl::OkStatus();
  };
  if (absl::Status status = json::ReadObject(body, read_member); !status.ok()) return status;
  return has_error ? absl::OkStatus() : Malformed("it has no \"error\"");
}

}  // namespace relais::recordsql

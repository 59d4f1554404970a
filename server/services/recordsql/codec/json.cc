#include "server/services/recordsql/codec/json.h"

#include <cstdint>
#include <optional>

namespace relais::recordsql {
namespace {

namespace od = ::simdjson::ondemand;

absl::Status ReadError(od::value value, std::optional<std::int64_t>& code) {
  if (code) return Malformed(simdjson::TAPE_ERROR);  // which of two counts is anybody's guess
  absl::Status status = json::Read(value, code);
  return status.ok() && !code ? Malformed(simdjson::INCORRECT_TYPE) : status;
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

absl::Status ReadText(od::value value, std::string& text) {
  od::json_type type;
  if (const auto error = value.type().get(type)) return Malformed(error);
  text.clear();
  if (type == od::json_type::object || type == od::json_type::array) return PassOver(value);
  Cell cell;
  if (const auto error = ScalarText(value, cell)) return Malformed(error);
  text = std::string(cell.value_or(""));
  return absl::OkStatus();
}

absl::Status ReadReply(const std::string& body, ReplyHead& head,
                       absl::FunctionRef<absl::Status(std::string_view, od::value)> read) {
  std::optional<std::int64_t> code;
  const auto read_member = [&](std::string_view key, od::value value) -> absl::Status {
    if (key == "error") return ReadError(value, code);
    if (key == "txterr" || key == "txterror") return ReadText(value, head.text);
    if (key == "infos") return ReadText(value, head.infos);
    return read(key, value);
  };
  if (absl::Status status = json::ReadObject(body, read_member); !status.ok()) return status;
  if (!code) return Malformed("it has no \"error\"");
  head.error = *code;
  return absl::OkStatus();
}

}  // namespace relais::recordsql

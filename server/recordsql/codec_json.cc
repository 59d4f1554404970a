#include "server/recordsql/codec_json.h"

#include "server/base/error.h"
#include "server/base/view.h"

namespace relais::recordsql {
namespace {

namespace od = ::simdjson::ondemand;

constexpr int kMaxDepth = 64;

// One parser per worker: its buffers are as large as the largest reply so far and cost page faults
// to make anew.
od::parser& WorkerParser() {
  thread_local od::parser parser;
  return parser;
}

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

simdjson::error_code Walk(od::value value, int depth) {
  if (depth > kMaxDepth) return simdjson::DEPTH_ERROR;
  od::json_type type;
  if (const auto error = value.type().get(type)) return error;
  if (type == od::json_type::object) {
    od::object object;
    if (const auto error = value.get_object().get(object)) return error;
    for (auto member : object) {
      std::string_view key;
      if (const auto error = member.unescaped_key().get(key)) return error;
      od::value inner;
      if (const auto error = member.value().get(inner)) return error;
      if (const auto error = Walk(inner, depth + 1)) return error;
    }
    return simdjson::SUCCESS;
  }
  if (type == od::json_type::array) {
    od::array array;
    if (const auto error = value.get_array().get(array)) return error;
    for (auto element : array) {
      od::value inner;
      if (const auto error = element.get(inner)) return error;
      if (const auto error = Walk(inner, depth + 1)) return error;
    }
    return simdjson::SUCCESS;
  }
  Cell cell;
  return ScalarText(value, cell);
}

}  // namespace

absl::Status Malformed(std::string_view why) {
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
         << "The upstream's reply is not a whole RecordSql answer: " << View(why) << ".";
}

absl::Status Malformed(simdjson::error_code code) {
  switch (code) {
    case simdjson::EMPTY:
      return Malformed("it is empty");
    case simdjson::UTF8_ERROR:
      return Malformed("it is not valid UTF-8");
    case simdjson::DEPTH_ERROR:
      return Malformed("it is nested too deep");
    case simdjson::INCORRECT_TYPE:
      return Malformed("a value has the wrong type");
    default:
      return Malformed("it is not well-formed JSON");
  }
}

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

absl::Status PassOver(od::value value) {
  const simdjson::error_code error = Walk(value, 0);
  return error ? Malformed(error) : absl::OkStatus();
}

absl::Status ReadReply(const std::string& body, ReplyHead& head,
                       absl::FunctionRef<absl::Status(std::string_view, od::value)> read) {
  simdjson::padded_string copy;  // only where the parser could not look a little beyond the end
  if (body.capacity() - body.size() < simdjson::SIMDJSON_PADDING)
    copy = simdjson::padded_string(body);
  const simdjson::padded_string_view view =
      copy.size() > 0 ? simdjson::padded_string_view(copy)
                      : simdjson::padded_string_view(body.data(), body.size(), body.capacity());
  od::document document;
  if (const auto error = WorkerParser().iterate(view).get(document)) return Malformed(error);
  od::object object;
  if (const auto error = document.get_object().get(object)) return Malformed(error);
  bool has_error = false;
  for (auto member : object) {
    std::string_view key;
    if (const auto error = member.unescaped_key().get(key)) return Malformed(error);
    od::value value;
    if (const auto error = member.value().get(value)) return Malformed(error);
    simdjson::error_code error = simdjson::SUCCESS;
    if (ReadHead(key, value, head, has_error, error)) {
      if (error) return Malformed(error);
    } else if (absl::Status status = read(key, value); !status.ok()) {
      return status;
    }
  }
  const char* rest = nullptr;
  if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
    return Malformed("something follows it");
  }
  if (!has_error) return Malformed("it has no \"error\"");
  return absl::OkStatus();
}

}  // namespace relais::recordsql

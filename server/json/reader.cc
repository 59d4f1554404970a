#include "server/json/reader.h"

#include <cmath>
#include <cstddef>

#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/json/mend.h"
#include "server/json/parser_lease.h"

namespace relais::json {
namespace {

constexpr int kMaxDepth = 64;

absl::Status WalkMembers(od::object object, MemberFunction read) {
  for (auto member : object) {
    std::string_view key;
    if (const auto error = member.unescaped_key().get(key)) return Malformed(error);
    Value value;
    if (const auto error = member.value().get(value)) return Malformed(error);
    if (absl::Status status = read(key, value); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status WalkElements(od::array array, ElementFunction read) {
  for (auto element : array) {
    Value value;
    if (const auto error = element.get(value)) return Malformed(error);
    if (absl::Status status = read(value); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// The text as the parser takes it: without a byte order mark and lone halves of characters. It is
// copied only for these, and where the parser could not look a little beyond the end.
simdjson::padded_string_view ForParser(const std::string& text, simdjson::padded_string& copy) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  const std::size_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  if (!LoneHalves(text).empty()) {
    copy = simdjson::padded_string(Mended(text).substr(begin));
  } else if (text.capacity() - text.size() < simdjson::SIMDJSON_PADDING) {
    copy = simdjson::padded_string(text.substr(begin));
  } else {
    return simdjson::padded_string_view(text.data() + begin, text.size() - begin,
                                        text.capacity() - begin);
  }
  return copy;
}

absl::Status ReadDocument(const std::string& text,
                          absl::FunctionRef<absl::Status(od::document&)> read) {
  simdjson::padded_string copy;
  const simdjson::padded_string_view view = ForParser(text, copy);
  ParserLease lease;
  od::document document;
  if (const auto error = lease.parser().iterate(view).get(document)) return Malformed(error);
  if (absl::Status status = read(document); !status.ok()) return status;
  const char* rest = nullptr;
  if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
    return Malformed("something follows it");
  }
  return absl::OkStatus();
}

absl::Status Walk(Value value, int depth);

absl::Status WalkScalar(Value value, od::json_type type) {
  std::string_view text;
  double number = 0;
  bool truth = false;
  switch (type) {
    case od::json_type::string:
      if (const auto error = value.get_string().get(text)) return Malformed(error);
      return absl::OkStatus();
    case od::json_type::number:
      if (const auto error = value.get_double().get(number)) return Malformed(error);
      return absl::OkStatus();
    case od::json_type::boolean:
      if (const auto error = value.get_bool().get(truth)) return Malformed(error);
      return absl::OkStatus();
    default:
      return ReadNull(value, truth);
  }
}

absl::Status Walk(Value value, int depth) {
  if (depth > kMaxDepth) return Malformed(simdjson::DEPTH_ERROR);
  od::json_type type;
  if (const auto error = value.type().get(type)) return Malformed(error);
  if (type == od::json_type::object) {
    return ReadMembers(value,
                       [depth](std::string_view, Value inner) { return Walk(inner, depth + 1); });
  }
  if (type == od::json_type::array) {
    return ReadElements(value, [depth](Value inner) { return Walk(inner, depth + 1); });
  }
  return WalkScalar(value, type);
}

// The text that a value is written with; the document goes on behind it.
absl::Status TakeText(Value value, od::json_type type, std::string_view& text) {
  if (type == od::json_type::object) {
    od::object object;
    if (const auto error = value.get_object().get(object)) return Malformed(error);
    const auto error = object.raw_json().get(text);
    return error ? Malformed(error) : absl::OkStatus();
  }
  if (type == od::json_type::array) {
    od::array array;
    if (const auto error = value.get_array().get(array)) return Malformed(error);
    const auto error = array.raw_json().get(text);
    return error ? Malformed(error) : absl::OkStatus();
  }
  text = value.raw_json_token();
  return WalkScalar(value, type);
}

// Asks for a type, null aside.
template <typename T, typename Get>
absl::Status ReadNullable(Value value, std::optional<T>& out, Get get) {
  bool is_null = false;
  if (absl::Status status = ReadNull(value, is_null); !status.ok()) return status;
  out.reset();
  return is_null ? absl::OkStatus() : get();
}

}  // namespace

absl::Status Malformed(std::string_view why) {
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
         << "The upstream's reply is not a whole answer: " << View(why) << ".";
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

absl::Status ReadObject(const std::string& text, MemberFunction read) {
  return ReadDocument(text, [read](od::document& document) {
    od::object object;
    if (const auto error = document.get_object().get(object)) return Malformed(error);
    return WalkMembers(object, read);
  });
}

absl::Status ReadArray(const std::string& text, ElementFunction read) {
  return ReadDocument(text, [read](od::document& document) {
    od::array array;
    if (const auto error = document.get_array().get(array)) return Malformed(error);
    return WalkElements(array, read);
  });
}

absl::Status ReadMembers(Value value, MemberFunction read) {
  od::object object;
  if (const auto error = value.get_object().get(object)) return Malformed(error);
  return WalkMembers(object, read);
}

absl::Status ReadElements(Value value, ElementFunction read) {
  od::array array;
  if (const auto error = value.get_array().get(array)) return Malformed(error);
  return WalkElements(array, read);
}

bool HasType(Value value, od::json_type wanted) {
  od::json_type type;
  return value.type().get(type) == simdjson::SUCCESS && type == wanted;
}

absl::Status ReadNumber(Value value, std::optional<std::int64_t>& out) {
  out.reset();
  std::int64_t number = 0;
  if (value.get_int64().get(number) == simdjson::SUCCESS) {
    out = number;
    return absl::OkStatus();
  }
  constexpr double kMostExact = std::int64_t{1} << 53;
  double real = 0;
  if (const auto error = value.get_double().get(real)) return Malformed(error);
  if (std::trunc(real) == real && std::abs(real) <= kMostExact)
    out = static_cast<std::int64_t>(real);
  return absl::OkStatus();
}

absl::Status Read(Value value, std::optional<std::string>& out) {
  return ReadNullable(value, out, [&]() {
    std::string_view text;
    if (const auto error = value.get_string().get(text)) return Malformed(error);
    out.emplace(text);
    return absl::OkStatus();
  });
}

absl::Status Read(Value value, std::optional<std::int64_t>& out) {
  return ReadNullable(value, out, [&]() {
    absl::Status status = ReadNumber(value, out);
    return status.ok() && !out ? Malformed(simdjson::INCORRECT_TYPE) : status;
  });
}

absl::Status Read(Value value, std::optional<bool>& out) {
  return ReadNullable(value, out, [&]() {
    bool truth = false;
    if (const auto error = value.get_bool().get(truth)) return Malformed(error);
    out = truth;
    return absl::OkStatus();
  });
}

absl::Status Read(Value value, std::vector<std::string>& out) {
  out.clear();
  bool is_null = false;
  if (absl::Status status = ReadNull(value, is_null); !status.ok() || is_null) return status;
  return ReadElements(value, [&out](Value element) {
    std::string_view text;
    if (const auto error = element.get_string().get(text)) return Malformed(error);
    out.emplace_back(text);
    return absl::OkStatus();
  });
}

absl::Status ReadNull(Value value, bool& is_null) {
  is_null = false;
  od::json_type type;
  if (const auto error = value.type().get(type)) return Malformed(error);
  if (type != od::json_type::null) return absl::OkStatus();
  if (const auto error = value.is_null().get(is_null)) return Malformed(error);
  return is_null ? absl::OkStatus() : Malformed(simdjson::TAPE_ERROR);  // `nul` begins like it
}

absl::Status ReadTextOrJson(Value value, std::string& out) {
  od::json_type type;
  if (const auto error = value.type().get(type)) return Malformed(error);
  std::string_view text;
  if (type == od::json_type::string) {
    if (const auto error = value.get_string().get(text)) return Malformed(error);
    out = text;
    return absl::OkStatus();
  }
  if (absl::Status status = TakeText(value, type, text); !status.ok()) return status;
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  out = text;
  // What was skipped to find its end has not been looked at.
  if (type == od::json_type::object) {
    return ReadObject(out, [](std::string_view, Value inner) { return Walk(inner, 1); });
  }
  if (type == od::json_type::array) {
    return ReadArray(out, [](Value inner) { return Walk(inner, 1); });
  }
  return absl::OkStatus();
}

absl::Status PassOver(Value value) { return Walk(value, 0); }

}  // namespace relais::json

#include "server/cli/json.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "server/core/base/text/view.h"

namespace relais::cli {
namespace {

// The index behind the string whose opening quote is at `begin`; the text's size if it does not
// end.
std::size_t EndOfString(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

// The index behind the object that begins at `begin`; 0 if it does not end.
std::size_t EndOfObject(std::string_view text, std::size_t begin) {
  int depth = 0;
  for (std::size_t i = begin; i < text.size();) {
    if (text[i] == '"') {
      i = EndOfString(text, i);
      continue;
    }
    if (text[i] == '{' || text[i] == '[') ++depth;
    if ((text[i] == '}' || text[i] == ']') && --depth == 0) return i + 1;
    ++i;
  }
  return 0;
}

void BreakLine(std::string& out, int depth) {
  out.push_back('\n');
  out.append(2 * static_cast<std::size_t>(depth), ' ');
}

}  // namespace

absl::StatusOr<std::vector<std::string_view>> SplitObjects(std::string_view text) {
  std::vector<std::string_view> objects;
  for (std::size_t at = 0; at < text.size();) {
    if (absl::ascii_isspace(text[at])) {
      ++at;
      continue;
    }
    const std::string number = absl::StrCat("Message ", objects.size() + 1);
    if (text[at] != '{') {
      return absl::InvalidArgumentError(absl::StrCat(
          number, " is not a JSON object: it begins with \"", View(text.substr(at, 20)), "\"."));
    }
    const std::size_t end = EndOfObject(text, at);
    if (end == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat(number, " does not end: a closing brace, bracket or quote is missing."));
    }
    objects.push_back(text.substr(at, end - at));
    at = end;
  }
  return objects;
}

absl::Status FromJson(std::string_view json, google::protobuf::Message& message) {
  const auto status =
      google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, &message);
  if (status.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("Not a ", message.GetDescriptor()->full_name(),
                                                 " in JSON: ", std::string(status.message())));
}

absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message) {
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json);
  if (!status.ok()) return absl::InternalError(std::string(status.message()));
  return Indented(json);
}

std::string Indented(std::string_view json) {
  std::string out;
  int depth = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      const std::size_t end = EndOfString(json, i);
      out.append(json.substr(i, end - i));
      i = end - 1;
      continue;
    }
    const bool closes = c == '}' || c == ']';
    const bool empty = closes && i > 0 && (json[i - 1] == '{' || json[i - 1] == '[');
    if (closes) --depth;
    if (closes && !empty) BreakLine(out, depth);
    out.push_back(c);
    if (c == ':') out.push_back(' ');
    if (c == '{' || c == '[') ++depth;
    const bool opens =
        (c == '{' || c == '[') && i + 1 < json.size() && json[i + 1] != '}' && json[i + 1] != ']';
    if (opens || c == ',') BreakLine(out, depth);
  }
  return out;
}

}  // namespace relais::cli

#include "sandbox/upstreams/robot/front/target.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

constexpr absl::string_view kNamespace = "UiPath.Server.Configuration.OData.";

// A name with what stands in parentheses behind it.
struct Segment {
  std::string name;
  bool open = false;
  std::string inside;
};

Segment SegmentOf(const std::string& text) {
  Segment segment;
  const std::size_t open = text.find('(');
  segment.name = text.substr(0, open);
  if (absl::StartsWithIgnoreCase(segment.name, kNamespace)) {
    segment.name.erase(0, kNamespace.size());
  }
  if (open == std::string::npos) return segment;
  if (text.back() != ')') throw Refusal(404, 0, "There is no such resource.");
  segment.open = true;
  segment.inside = text.substr(open + 1, text.size() - open - 2);
  return segment;
}

std::string Unquoted(const std::string& text, bool& quoted) {
  quoted = text.size() >= 2 && text.front() == '\'' && text.back() == '\'';
  if (!quoted) return text;
  return absl::StrReplaceAll(text.substr(1, text.size() - 2), {{"''", "'"}});
}

// name=value, separated by commas outside of quotes.
void ReadArguments(const std::string& inside, Target& target) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  int depth = 0;  // of a list, [1,2]
  for (const char c : inside) {
    if (c == '\'') quoted = !quoted;
    if (!quoted) depth += c == '[' ? 1 : (c == ']' ? -1 : 0);
    if (c == ',' && !quoted && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  for (const std::string& part : parts) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos) throw Refusal(400, 1000, "An argument has no name.");
    bool was_quoted = false;
    target.arguments[absl::AsciiStrToLower(part.substr(0, equals))] =
        Unquoted(part.substr(equals + 1), was_quoted);
  }
}

void ReadSet(const std::vector<std::string>& segments, std::size_t at, Target& target) {
  for (std::size_t i = at; i < segments.size(); ++i) {
    const Segment segment = SegmentOf(segments[i]);
    absl::StrAppend(&target.route, i > at ? "." : "", segment.name);
    if (!segment.open) continue;
    if (segment.inside.empty()) {
      target.tolerated = "empty parentheses";
    } else if (i > at || absl::StrContains(segment.inside, '=')) {
      ReadArguments(segment.inside, target);
    } else {
      bool quoted = false;
      const std::string key = Unquoted(segment.inside, quoted);
      if (absl::SimpleAtoi(key, &target.key)) {
        if (quoted) target.tolerated = "a quoted number as key";
        target.route += "()";
      } else if (quoted) {
        target.text_key = key;
        target.route += "('')";
      } else {
        throw Refusal(404, 0, "There is no such resource.");
      }
    }
  }
}

bool Is(const std::string& segment, const char* word) {
  return absl::EqualsIgnoreCase(segment, word);
}

}  // namespace

std::optional<Target> ParseTarget(const std::string& path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  const std::vector<std::string> segments = absl::StrSplit(absl::string_view(path).substr(1), '/');
  for (std::size_t i = 0; i < segments.size() && i <= 3; ++i) {
    const bool identity = Is(segments[i], "identity") || Is(segments[i], "identity_");
    const bool odata = Is(segments[i], "odata");
    const bool api = Is(segments[i], "api");
    if (!identity && !odata && !api) continue;
    // /x, /org/tenant/x, /org/tenant/orchestrator_/x; the identity server is one of the org's, and
    // robot programs look for it below their tenant.
    const bool rooted =
        i == 0 || (i == 1 && identity) || i == 2 || (i == 3 && Is(segments[2], "orchestrator_"));
    if (!rooted || i + 1 >= segments.size()) return std::nullopt;
    Target target;
    for (std::size_t j = 0; j < i; ++j) absl::StrAppend(&target.prefix, "/", segments[j]);
    if (odata) {
      ReadSet(segments, i + 1, target);
    } else {
      target.route =
          absl::StrCat(identity ? "identity/" : "api/",
                       absl::StrJoin(segments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                     segments.end(), "/"));
    }
    return target;
  }
  return std::nullopt;
}

std::optional<std::string> DecodeFolderPath(const std::string& encoded) {
  std::string bytes;
  if (!absl::Base64Unescape(encoded, &bytes) || bytes.size() % 2 != 0) return std::nullopt;
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const unsigned unit = static_cast<unsigned char>(bytes[i]) |
                          (static_cast<unsigned>(static_cast<unsigned char>(bytes[i + 1])) << 8);
    if (unit < 0x80) {
      text.push_back(static_cast<char>(unit));
    } else if (unit < 0x800) {
      text.push_back(static_cast<char>(0xC0 | (unit >> 6)));
      text.push_back(static_cast<char>(0x80 | (unit & 0x3F)));
    } else {
      text.push_back(static_cast<char>(0xE0 | (unit >> 12)));
      text.push_back(static_cast<char>(0x80 | ((unit >> 6) & 0x3F)));
      text.push_back(static_cast<char>(0x80 | (unit & 0x3F)));
    }
  }
  return text;
}

}  // namespace relais::sandbox::robot

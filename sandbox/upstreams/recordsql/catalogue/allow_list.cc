// The service's allow-list of dictionaries: just enough XML for <params><dhoqs><dhoq Name="…"/>.
#include <optional>

#include "sandbox/upstreams/recordsql/catalogue/catalogue.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::SameName;

// Where the markup starting at `start` ends: past `?>`, `-->` or `>`.
std::optional<size_t> EndOfMarkup(std::string_view xml, size_t start) {
  std::string_view end = ">";
  if (xml.substr(start, 2) == "<?") end = "?>";
  if (xml.substr(start, 4) == "<!--") end = "-->";
  const size_t found = xml.find(end, start);
  if (found == std::string_view::npos) return std::nullopt;
  return found + end.size();
}

std::string_view ElementName(std::string_view markup) {
  const size_t start = markup.find_first_not_of("</ ");
  if (start == std::string_view::npos) return "";
  return markup.substr(start, markup.find_first_of(" \t\r\n/>", start) - start);
}

std::optional<std::string> NameAttribute(std::string_view markup) {
  for (size_t i = markup.find('='); i != std::string_view::npos; i = markup.find('=', i + 1)) {
    const size_t last = markup.find_last_not_of(" \t\r\n", i - 1);
    const size_t first = markup.find_last_of(" \t\r\n", last) + 1;
    const size_t quote = markup.find_first_of("\"'", i);
    if (last == std::string_view::npos || quote == std::string_view::npos) return std::nullopt;
    const size_t end = markup.find(markup[quote], quote + 1);
    if (end == std::string_view::npos) return std::nullopt;
    if (SameName(markup.substr(first, last - first + 1), "Name")) {
      return std::string(markup.substr(quote + 1, end - quote - 1));
    }
    i = end;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseAllowList(std::string_view file,
                                                        std::string_view xml) {
  const auto refuse = [file](std::string_view why) {
    return absl::InvalidArgumentError(Concat({file, ": ", why}));
  };
  std::vector<std::string> names;
  bool in_list = false;
  for (size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at)) {
    const std::optional<size_t> end = EndOfMarkup(xml, at);
    if (!end) return refuse("a '<' is not closed");
    const std::string_view markup = xml.substr(at, *end - at);
    at = *end;
    if (markup[1] == '?' || markup[1] == '!') continue;
    const std::string_view element = ElementName(markup);
    if (SameName(element, "dhoqs")) in_list = markup[1] != '/';
    if (!in_list || markup[1] == '/' || !SameName(element, "dhoq")) continue;
    std::optional<std::string> name = NameAttribute(markup);
    if (!name) return refuse("a <dhoq> element has no Name attribute");
    names.push_back(*std::move(name));
  }
  if (xml.find("<params") == std::string_view::npos) return refuse("the root is not <params>");
  return names;
}

}  // namespace relais::sandbox::recordsql

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/core/base/text/nearest.h"
#include "server/core/base/text/view.h"
#include "server/services/exports/schedule/schedule_reader.h"

namespace relais::exports {
namespace {

constexpr std::size_t kMostOfZone = 64;

// Absl takes paths of files as well, and the machine's own zone, which are no names of zones.
bool IsZoneName(std::string_view name) {
  const auto is_of_name = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '+' || c == '-' ||
           c == '/';
  };
  return !name.empty() && name.size() <= kMostOfZone && name != "localtime" &&
         absl::ascii_isalpha(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), is_of_name);
}

// The names of the machine's database; none when it has no list of them.
std::vector<std::string> ZoneNames() {
  const char* folder = std::getenv("TZDIR");
  std::ifstream file(absl::StrCat(folder == nullptr ? "/usr/share/zoneinfo" : folder, "/zone.tab"));
  std::vector<std::string> names = {"UTC"};
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (cells.size() >= 3 && line.front() != '#') names.push_back(cells[2]);
  }
  return names;
}

}  // namespace

std::optional<absl::TimeZone> ReadTimeZone(std::string_view name, std::string_view path,
                                           Violations& violations) {
  absl::TimeZone zone;
  if (IsZoneName(name) && absl::LoadTimeZone(View(name), &zone)) return zone;
  violations.Add(path, [&] {
    std::string nearest;
    if (violations.WorthASuggestion()) nearest = Nearest(name, ZoneNames());
    const std::string meant =
        nearest.empty() ? std::string() : absl::StrCat("; did you mean \"", nearest, "\"?");
    return absl::StrCat("must be a zone of the IANA database, e.g. \"Europe/Paris\"", meant);
  });
  return std::nullopt;
}

}  // namespace relais::exports

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/json/mend.h"
#include "server/services/recordsql/codec/codec.h"

namespace relais::recordsql {
namespace {

using InfosJson = nlohmann::json;

constexpr std::size_t kMaxInfos = 64 << 10;
constexpr std::size_t kMaxInfosDepth = 16;

void Flatten(const InfosJson& json, const std::string& path,
             std::map<std::string, std::string>& out) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      Flatten(value, path.empty() ? key : absl::StrCat(path, ".", key), out);
    }
  } else if (json.is_string()) {
    out[path] = json.get<std::string>();
  } else if (!json.is_null()) {
    out[path] = json.dump(-1, ' ', false, InfosJson::error_handler_t::replace);
  }
}

}  // namespace

std::map<std::string, std::string> FlattenInfos(std::string_view infos) {
  std::map<std::string, std::string> values;
  if (infos.size() > kMaxInfos) return values;
  bool too_deep = false;
  const auto limit_depth = [&](int depth, InfosJson::parse_event_t, InfosJson&) {
    too_deep = too_deep || static_cast<std::size_t>(depth) > kMaxInfosDepth;
    return !too_deep;
  };
  const InfosJson json =
      InfosJson::parse(json::Mended(std::string(infos)), limit_depth, /*allow_exceptions=*/false);
  if (json.is_object() && !too_deep) Flatten(json, "", values);
  return values;
}

std::optional<absl::Time> ParseUpstreamTime(std::string_view text) {
  absl::Time time;
  std::string error;
  if (text.size() != 14 || !std::all_of(text.begin(), text.end(), absl::ascii_isdigit)) {
    return std::nullopt;  // the parser would pass over blanks
  }
  if (!absl::ParseTime("%E4Y%m%d%H%M%S", View(text), absl::UTCTimeZone(), &time, &error)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace relais::recordsql

#include "server/services/jobqueue/codec/marker.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "server/core/base/view.h"

namespace relais::jobqueue {
namespace {

constexpr std::string_view kBegin = "[relais:";
constexpr std::string_view kEnd = "]";
constexpr std::size_t kMarkerSize = 16;
constexpr std::size_t kMarkSize = kBegin.size() + kMarkerSize + kEnd.size();

}  // namespace

bool IsMarker(std::string_view text) {
  return text.size() == kMarkerSize && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
         });
}

std::string AddMarker(std::string_view text, std::string_view marker) {
  if (marker.empty()) return std::string(text);
  return absl::StrCat(View(text), text.empty() ? "" : "\n", View(kBegin), View(marker), View(kEnd));
}

MarkedText StripMarker(std::string_view description) {
  const MarkedText unmarked{std::string(description), ""};
  if (description.size() < kMarkSize) return unmarked;
  std::string_view text = description.substr(0, description.size() - kMarkSize);
  const std::string_view mark = description.substr(text.size());
  const std::string_view marker = mark.substr(kBegin.size(), kMarkerSize);
  if (mark.substr(0, kBegin.size()) != kBegin || mark.substr(kMarkSize - kEnd.size()) != kEnd ||
      !IsMarker(marker)) {
    return unmarked;
  }
  if (!text.empty()) {
    if (text.back() != '\n' || text.size() == 1) return unmarked;
    text.remove_suffix(1);
  }
  return {std::string(text), std::string(marker)};
}

}  // namespace relais::jobqueue

#include "server/services/jobqueue/codec/marker.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"

namespace relais::jobqueue {
namespace {

constexpr std::string_view kBegin = "[relais:";
constexpr std::string_view kEnd = "]";
constexpr std::size_t kMarkerSize = 16;
constexpr std::size_t kMarkSize = kBegin.size() + kMarkerSize + kEnd.size();

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

bool IsMarker(std::string_view text) {
  return text.size() == kMarkerSize && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
         });
}

std::string AddMark(std::string_view text, const Mark& mark) {
  if (mark.marker.empty()) return std::string(text);
  return absl::StrCat(View(text), text.empty() ? "" : "\n", View(kBegin), mark.marker,
                      mark.request_id.empty() ? "" : " ", mark.request_id, View(kEnd));
}

MarkedText StripMark(std::string_view description) {
  const MarkedText unmarked{std::string(description)};
  const std::size_t line = description.rfind('\n');
  const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
  std::string_view mark = description.substr(begin);
  if (mark.size() < kMarkSize || mark.substr(0, kBegin.size()) != kBegin ||
      mark.substr(mark.size() - kEnd.size()) != kEnd) {
    return unmarked;
  }
  mark.remove_prefix(kBegin.size());
  mark.remove_suffix(kEnd.size());
  const std::string_view marker = mark.substr(0, kMarkerSize);
  const std::string_view rest = mark.substr(kMarkerSize);
  if (!IsMarker(marker)) return unmarked;
  if (!rest.empty() && (rest.size() == 1 || rest.front() != ' ' || !IsPrintable(rest)))
    return unmarked;
  if (begin == 1) return unmarked;  // an empty text has no line break behind it
  return {std::string(description.substr(0, begin == 0 ? 0 : begin - 1)),
          {std::string(marker), std::string(rest.substr(rest.empty() ? 0 : 1))}};
}

}  // namespace relais::jobqueue

// What formats of strftime's may have, and what Excel has in their place.

#include <array>
#include <cstddef>
#include <string_view>

#include "absl/strings/ascii.h"
#include "server/core/base/text/text.h"
#include "server/services/exports/format/time_text.h"

namespace relais::exports {
namespace {

// libxlsxwriter cuts off the rest.
constexpr std::size_t kMostOfExcelFormat = 120;

enum class Shows { kDay, kTimeOfDay, kZone, kNeither };

struct Conversion {
  std::string_view name;  // behind "%"
  Shows shows;
  std::string_view excel;  // empty: Excel has nothing like it
};

constexpr auto kConversions = std::to_array<Conversion>({
    {"Y", Shows::kDay, "yyyy"},
    {"E4Y", Shows::kDay, "yyyy"},
    {"y", Shows::kDay, "yy"},
    {"m", Shows::kDay, "mm"},
    {"b", Shows::kDay, "mmm"},
    {"B", Shows::kDay, "mmmm"},
    {"d", Shows::kDay, "dd"},
    {"e", Shows::kDay, ""},
    {"a", Shows::kDay, "ddd"},
    {"A", Shows::kDay, "dddd"},
    {"j", Shows::kDay, ""},
    {"u", Shows::kDay, ""},
    {"w", Shows::kDay, ""},
    {"G", Shows::kDay, ""},
    {"V", Shows::kDay, ""},
    {"F", Shows::kDay, "yyyy-mm-dd"},
    {"H", Shows::kTimeOfDay, "hh"},
    {"I", Shows::kTimeOfDay, ""},
    {"p", Shows::kTimeOfDay, ""},
    {"M", Shows::kTimeOfDay, "mm"},
    {"S", Shows::kTimeOfDay, "ss"},
    {"E3S", Shows::kTimeOfDay, "ss.000"},
    {"E6S", Shows::kTimeOfDay, ""},
    {"E9S", Shows::kTimeOfDay, ""},
    {"E*S", Shows::kTimeOfDay, ""},
    {"R", Shows::kTimeOfDay, "hh:mm"},
    {"T", Shows::kTimeOfDay, "hh:mm:ss"},
    {"z", Shows::kZone, ""},
    {"Ez", Shows::kZone, ""},
    {"Z", Shows::kZone, ""},
    {"%", Shows::kNeither, "\\%"},
});

const Conversion* ConversionAt(std::string_view rest) {
  for (const Conversion& conversion : kConversions) {
    if (rest.substr(0, conversion.name.size()) == conversion.name) return &conversion;
  }
  return nullptr;
}

bool ShowsFor(Shows shows, gateway::CellKind kind) {
  if (kind == gateway::CellKind::kDate) return shows == Shows::kDay || shows == Shows::kNeither;
  if (kind == gateway::CellKind::kTime)
    return shows == Shows::kTimeOfDay || shows == Shows::kNeither;
  return true;
}

bool BeginsLikeFormula(std::string_view format) {
  constexpr std::string_view kBeginnings[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
  for (const std::string_view beginning : kBeginnings) {
    if (format.substr(0, beginning.size()) == beginning) return true;
  }
  return false;
}

// "mm" is minutes to Excel only behind hours or before seconds.
bool ReadAsMinutes(std::string_view before, std::string_view after) {
  return before == "H" || after == "S" || after == "E3S";
}

}  // namespace

std::string_view WhyNoTimeFormat(std::string_view format, gateway::CellKind kind) {
  if (CharactersIn(format) > 64) return "must have at most 64 characters";
  if (HasControl(format)) return "must not contain control characters";
  if (BeginsLikeFormula(format)) return "must not begin as a formula does";
  bool shows_something = false;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    const Conversion* const conversion = ConversionAt(format.substr(i + 1));
    if (conversion == nullptr) {
      return "must have only these behind %: Y y m b B d e a A j u w G V F H I p M S R T z Z Ez "
             "E4Y E3S E6S E9S E*S %";
    }
    if (!ShowsFor(conversion->shows, kind)) {
      return kind == gateway::CellKind::kDate ? "must not show a time of day: the column has days"
                                              : "must not show a day: the column has times of day";
    }
    shows_something = shows_something || conversion->shows != Shows::kNeither;
    i += conversion->name.size();
  }
  if (!format.empty() && !shows_something) return "must show the value";
  return "";
}

void TimePattern::LookUp() {
  std::string_view before;
  const auto next_after = [&](std::size_t i) -> std::string_view {
    while (++i < pieces_.size()) {
      if (!pieces_[i].conversion.empty()) return pieces_[i].conversion;
    }
    return "";
  };
  bool known = true;  // to Excel
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (piece.conversion.empty()) {
      known = known && piece.literal.find('"') == std::string::npos;
      excel_format_.append("\"").append(piece.literal).append("\"");
      continue;
    }
    const Conversion* const conversion = ConversionAt(piece.conversion);
    if (conversion == nullptr) continue;  // WhyNoTimeFormat refuses it
    shows_zone_ = shows_zone_ || conversion->shows == Shows::kZone;
    shows_day_ = shows_day_ || conversion->shows == Shows::kDay;
    shows_millis_ = shows_millis_ || piece.conversion == "E3S";
    const bool minutes = ReadAsMinutes(before, next_after(i));
    if (conversion->excel.empty() ||
        (conversion->excel == "mm" && minutes != (piece.conversion == "M")))
      known = false;
    excel_format_.append(conversion->excel);
    before = piece.conversion;
  }
  if (!known || excel_format_.size() > kMostOfExcelFormat) excel_format_.clear();
}

}  // namespace relais::exports

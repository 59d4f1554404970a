#include "server/core/aip/filter_value.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/core/base/text/nearest.h"
#include "server/core/base/text/number.h"
#include "server/core/base/text/view.h"

namespace relais {
namespace {

constexpr std::size_t kMostListed = 12;

absl::Status NotA(std::string_view text, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(ShowFilterText(text), " is not ", View(what)));
}

absl::StatusOr<FilterValue> ReadEnum(const FilterField& field, const std::string& text) {
  const auto& names = field.values;
  if (std::find(names.begin(), names.end(), text) != names.end()) return FilterValue(text);
  std::string allowed = absl::StrCat("a value of ", field.name);
  if (const std::string nearest = Nearest(text, names); !nearest.empty()) {
    absl::StrAppend(&allowed, "; did you mean ", nearest, "?");
  } else if (names.size() <= kMostListed) {
    absl::StrAppend(&allowed, ", which are ", absl::StrJoin(names, ", "));
  }
  return NotA(text, allowed);
}

absl::StatusOr<FilterValue> ReadInteger(const std::string& text) {
  const std::optional<std::int64_t> number = ParseNumber(text);
  if (!number) return NotA(text, "an integer of 64 bits");
  return FilterValue(*number);
}

// What absl::ParseTime takes besides: blanks, signs, years of any length, "infinite-future".
bool LooksLikeTime(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00";
  if (text.size() <= kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool fits = kShape[i] == '0' ? absl::ascii_isdigit(text[i]) : text[i] == kShape[i];
    if (!fits) return false;
  }
  return !absl::ascii_isspace(text.back());
}

absl::StatusOr<FilterValue> ReadTime(const std::string& text) {
  absl::Time time;
  if (!LooksLikeTime(text) || !absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) {
    return NotA(text, "a time such as 2024-01-31T12:00:00Z");
  }
  return FilterValue(time);
}

}  // namespace

absl::StatusOr<FilterValue> ReadFilterValue(const FilterField& field, const std::string& text) {
  switch (field.type) {
    case FilterField::Type::kEnum:
      return ReadEnum(field, text);
    case FilterField::Type::kInteger:
      return ReadInteger(text);
    case FilterField::Type::kTime:
      return ReadTime(text);
    case FilterField::Type::kBool:
      if (text != "true" && text != "false") return NotA(text, "true or false");
      return FilterValue(text == "true");
    case FilterField::Type::kText:
      break;
  }
  return FilterValue(text);
}

std::string ShowFilterText(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  std::size_t size = std::min(text.size(), kLongest);
  // Not in the middle of a character.
  while (size > 0 && size < text.size() &&
         (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    --size;
  }
  std::string shown = "\"";
  for (const char c : text.substr(0, size)) shown += absl::ascii_iscntrl(c) ? '?' : c;
  shown += size < text.size() ? "…\"" : "\"";
  return shown;
}

}  // namespace relais

#include "server/services/exports/format/decimal_text.h"

#include <algorithm>
#include <cstddef>

namespace relais::exports {
namespace {

constexpr std::size_t kDigitsOfDouble = 15;

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Adds one to the digits from `begin` on, across the point.
void Increment(std::string& out, std::size_t begin) {
  for (std::size_t i = out.size(); i > begin; --i) {
    char& c = out[i - 1];
    if (c == '.') continue;
    if (c != '9') {
      ++c;
      return;
    }
    c = '0';
  }
  out.insert(begin, 1, '1');
}

bool HasDigitButZero(std::string_view text) {
  return text.find_first_not_of("0.") != std::string_view::npos;
}

}  // namespace

bool SplitDecimal(std::string_view text, DecimalParts& parts) {
  parts.negative = !text.empty() && text.front() == '-';
  if (parts.negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  parts.whole = text.substr(0, point);
  parts.fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (parts.whole.empty() && parts.fraction.empty()) return false;
  if (!AllDigits(parts.whole) || !AllDigits(parts.fraction)) return false;
  parts.whole.remove_prefix(std::min(parts.whole.find_first_not_of('0'), parts.whole.size()));
  return true;
}

bool IsPlainInteger(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || !AllDigits(text)) return false;
  return text.front() != '0' || (text.size() == 1 && !negative);
}

bool IsPlainDecimal(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return IsPlainInteger(text);
  const std::string_view fraction = text.substr(point + 1);
  return !fraction.empty() && AllDigits(fraction) && IsPlainInteger(text.substr(0, point));
}

void AppendDecimal(const DecimalParts& parts, int scale, std::string& out) {
  const std::size_t begin = out.size();
  out.append(parts.whole.empty() ? "0" : parts.whole);
  const std::size_t digits = scale < 0 ? parts.fraction.size() : static_cast<std::size_t>(scale);
  if (digits > 0) {
    out.push_back('.');
    const std::string_view kept = parts.fraction.substr(0, digits);
    out.append(kept).append(digits - kept.size(), '0');
  }
  if (digits < parts.fraction.size() && parts.fraction[digits] >= '5') Increment(out, begin);
  if (parts.negative && HasDigitButZero(std::string_view(out).substr(begin)))
    out.insert(begin, 1, '-');
}

bool AppendInteger(const DecimalParts& parts, std::string& out) {
  if (HasDigitButZero(parts.fraction)) return false;
  AppendDecimal(parts, 0, out);
  return true;
}

bool FitsDouble(std::string_view text) {
  const std::size_t first = text.find_first_of("123456789");
  if (first == std::string_view::npos) return text.size() <= kDigitsOfDouble;
  const std::string_view rest = text.substr(first);
  const bool point = rest.find('.') != std::string_view::npos;
  return rest.size() - (point ? 1 : 0) <= kDigitsOfDouble;
}

}  // namespace relais::exports

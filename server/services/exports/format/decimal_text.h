// Numbers as texts, exact to the last digit.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_DECIMAL_TEXT_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_DECIMAL_TEXT_H_

#include <string>
#include <string_view>

namespace relais::exports {

// A number: a "-", digits, perhaps a point and digits; no exponent, no "+", no space.
struct DecimalParts {
  bool negative = false;
  std::string_view whole{};     // without leading zeros: empty for 0
  std::string_view fraction{};  // digits behind the point
};

// False when `text` is no number.
bool SplitDecimal(std::string_view text, DecimalParts& parts);

// Whether `text` is a number in its one form, with or without a fraction: most are.
bool IsPlainInteger(std::string_view text);
bool IsPlainDecimal(std::string_view text);

// Appends the number in its one form: "0.5" for ".5", "7" for "007", "0" for "-0". With `scale` of
// 0 or more it has so many digits behind the point, rounded half away from zero.
void AppendDecimal(const DecimalParts& parts, int scale, std::string& out);

// Appends the number without its fraction; false when that is not zero.
bool AppendInteger(const DecimalParts& parts, std::string& out);

// Whether a double holds the number as it is written: it has at most 15 digits from the first that
// is not 0. `text` is what AppendDecimal or AppendInteger make.
bool FitsDouble(std::string_view text);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_DECIMAL_TEXT_H_

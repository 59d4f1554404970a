#include "server/config/forms/duration.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/core/base/text/number.h"

namespace relais::config {
namespace {

// A billion hours in nanoseconds do not fit into 64 bits.
__extension__ using Wide = __int128;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::size_t kMostDigits = 9;

struct Unit {
  std::string_view name;
  std::int64_t nanos;
};
constexpr std::array<Unit, 4> kUnits = {{{"ms", 1'000'000},
                                         {"s", kNanosPerSecond},
                                         {"m", 60 * kNanosPerSecond},
                                         {"h", 3600 * kNanosPerSecond}}};

std::optional<std::int64_t> NanosOf(std::string_view unit) {
  for (const Unit& known : kUnits) {
    if (known.name == unit) return known.nanos;
  }
  return std::nullopt;
}

// Takes the digits at the start of `text`; nothing if there are none or too many.
std::optional<std::string_view> TakeDigits(std::string_view& text) {
  std::size_t length = text.find_first_not_of("0123456789");
  if (length == std::string_view::npos) length = text.size();
  if (length == 0 || length > kMostDigits) return std::nullopt;
  const std::string_view digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

absl::Status NotADuration() {
  return absl::InvalidArgumentError("is not a duration; write it like 5s, 0.5s, 500ms or 2m");
}

}  // namespace

absl::StatusOr<google::protobuf::Duration> ParseDuration(std::string_view text) {
  const auto whole = TakeDigits(text);
  if (!whole) return NotADuration();
  std::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    const auto digits = TakeDigits(text);
    if (!digits) return NotADuration();
    fraction = *digits;
  }
  const auto unit = NanosOf(text);
  if (!unit) return NotADuration();

  Wide nanos = static_cast<Wide>(ParseNumber(*whole).value_or(0)) * *unit;
  const Wide scaled = static_cast<Wide>(ParseNumber(fraction).value_or(0)) * *unit;
  std::int64_t scale = 1;
  for (std::size_t i = 0; i < fraction.size(); ++i) scale *= 10;
  if (scaled % scale != 0) return NotADuration();
  nanos += scaled / scale;
  google::protobuf::Duration duration;
  duration.set_seconds(static_cast<std::int64_t>(nanos / kNanosPerSecond));
  duration.set_nanos(static_cast<std::int32_t>(nanos % kNanosPerSecond));
  return duration;
}

std::string FormatDuration(const google::protobuf::Duration& duration) {
  std::string text = absl::StrCat(duration.seconds());
  if (duration.nanos() != 0) {
    text.append(absl::StrFormat(".%09d", duration.nanos()));
    text.erase(text.find_last_not_of('0') + 1);
  }
  text.push_back('s');
  return text;
}

absl::Duration ToAbsl(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

}  // namespace relais::config

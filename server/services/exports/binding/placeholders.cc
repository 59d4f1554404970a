#include "server/services/exports/binding/placeholders.h"

#include <array>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "server/core/base/error.h"
#include "server/core/base/text/text.h"
#include "server/core/base/text/view.h"
#include "simdjson.h"

namespace relais::exports {
namespace {

constexpr std::size_t kMostOfTimeFormat = 64;
constexpr std::string_view kDateConversions = "YmdyjeFDGgVuwaAbBhCUW%";
constexpr std::string_view kTimeConversions = "YmdyjeFDGgVuwaAbBhCUW%HIMSpRTzZs";

// A place-holder of the period: a day or an instant.
struct PeriodName {
  std::string_view name;
  bool is_day;
};
constexpr std::array<PeriodName, 5> kPeriodNames = {{{"period.start", true},
                                                     {"period.last_day", true},
                                                     {"period.end", true},
                                                     {"period.start_time", false},
                                                     {"period.end_time", false}}};

// Expands one text from its beginning to its end.
class TemplateExpander {
 public:
  TemplateExpander(std::string_view text, const PlaceholderValues& values)
      : text_(text), values_(values) {}

  absl::StatusOr<std::vector<ExpandedPiece>> Run() {
    if (!simdjson::validate_utf8(text_.data(), text_.size())) {
      return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest)
             << "The template is no valid UTF-8.";
    }
    std::vector<ExpandedPiece> pieces;
    std::string literal;
    const auto flush = [&] {
      if (!literal.empty()) pieces.push_back({std::exchange(literal, {}), /*literal=*/true});
    };
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("$${")) {
        literal += "${";
        at_ += 3;
      } else if (rest.starts_with("${")) {
        auto value = ReadPlaceholder();
        if (!value.ok()) return value.status();
        flush();
        pieces.push_back({*std::move(value), /*literal=*/false});
      } else {
        literal += text_[at_++];
      }
    }
    flush();
    return pieces;
  }

 private:
  absl::StatusOr<std::string> ReadPlaceholder() {
    const std::size_t begin = at_;
    const std::size_t end = text_.find('}', begin);
    if (end == text_.npos) return Refuse(begin, "\"${\" has no \"}\"; \"$${\" stands for \"${\"");
    const std::string_view inner = text_.substr(begin + 2, end - begin - 2);
    at_ = end + 1;
    const std::size_t colon = inner.find(':');
    const std::string_view name = inner.substr(0, colon);
    if (colon == inner.npos) return ValueOf(name, std::nullopt, begin);
    return ValueOf(name, inner.substr(colon + 1), begin + 2 + colon + 1);
  }

  // `at`: of the format, or of the place-holder when it has none.
  absl::StatusOr<std::string> ValueOf(std::string_view name, std::optional<std::string_view> format,
                                      std::size_t at) const {
    for (const PeriodName& known : kPeriodNames) {
      if (name == known.name) return PeriodTime(known, format, at);
    }
    const auto text = values_.texts.find(std::string(name));
    if (name != "period" && text == values_.texts.end()) {
      return Refuse(at, "there is no such place-holder; known are " + KnownNames());
    }
    if (format) return Refuse(at, "only days and instants have a format");
    return name == "period" ? values_.period.id : text->second;
  }

  absl::StatusOr<std::string> PeriodTime(const PeriodName& name,
                                         std::optional<std::string_view> format,
                                         std::size_t at) const {
    if (format) {
      if (absl::Status status = CheckFormat(*format, name.is_day, at); !status.ok()) return status;
    }
    const absl::TimeZone utc = absl::UTCTimeZone();
    if (name.is_day) {
      const absl::Time midnight = absl::FromCivil(DayOf(name.name), utc);
      return absl::FormatTime(View(format.value_or("%Y-%m-%d")), midnight, utc);
    }
    const bool is_end = name.name == "period.end_time";
    const absl::Time time = is_end ? values_.period.end : values_.period.start;
    return absl::FormatTime(View(format.value_or("%Y-%m-%dT%H:%M:%E*SZ")), time, utc);
  }

  absl::CivilDay DayOf(std::string_view name) const {
    const auto day = [this](absl::Time time) { return absl::ToCivilDay(time, values_.zone); };
    if (name == "period.start") return day(values_.period.start);
    const absl::CivilDay last = day(values_.period.end - absl::Nanoseconds(1));
    return name == "period.last_day" ? last : last + 1;
  }

  absl::Status CheckFormat(std::string_view format, bool is_day, std::size_t at) const {
    if (format.empty() || CharactersIn(format) > kMostOfTimeFormat) {
      return Refuse(at, absl::StrCat("a format has 1 to ", kMostOfTimeFormat, " characters"));
    }
    const std::string_view known = is_day ? kDateConversions : kTimeConversions;
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%') continue;
      if (++i == format.size() || known.find(format[i]) == known.npos) {
        return Refuse(at + i - 1, absl::StrCat("one of ", View(known), " is expected behind \"%\"",
                                               is_day ? ", since this is a day" : ""));
      }
    }
    return absl::OkStatus();
  }

  std::string KnownNames() const {
    std::string names = "period";
    for (const PeriodName& known : kPeriodNames) absl::StrAppend(&names, ", ", View(known.name));
    for (const auto& [name, text] : values_.texts) absl::StrAppend(&names, ", ", name);
    return names;
  }

  absl::Status Refuse(std::size_t at, std::string_view what) const {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest)
           << "At character " << CharactersIn(text_.substr(0, at)) + 1
           << " of the template: " << what << ".";
  }

  const std::string_view text_;
  const PlaceholderValues& values_;
  std::size_t at_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<ExpandedPiece>> ExpandPieces(std::string_view text,
                                                        const PlaceholderValues& values) {
  return TemplateExpander(text, values).Run();
}

absl::StatusOr<std::string> Expand(std::string_view text, const PlaceholderValues& values) {
  const auto pieces = ExpandPieces(text, values);
  if (!pieces.ok()) return pieces.status();
  std::string expanded;
  for (const ExpandedPiece& piece : *pieces) expanded += piece.text;
  return expanded;
}

}  // namespace relais::exports

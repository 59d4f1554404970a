// Days and times of day: read from the texts of cells, shown by formats of strftime's.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_TIME_TEXT_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_TIME_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "server/gateway/offers/cells.h"

namespace relais::exports {

// What a text says, without the day that a time has not and the time that a day has not.
struct WallTime {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int nanos = 0;
  bool has_day = false;
  bool has_time = false;
  bool has_zone = false;  // it was an instant
  absl::Time instant{};   // of one that has a zone
};

// Reads "2024-03-31", "23:59:59", both with a "T" or a space between, with up to 9 digits of a
// fraction and, behind day and time, "Z" or an offset. False when `text` is nothing of these, or
// no day of the calendar from year 1 to 9999. An instant is shown in `zone`.
bool ReadWallTime(std::string_view text, absl::TimeZone zone, WallTime& wall);

// A format, taken apart once.
class TimePattern {
 public:
  TimePattern() = default;
  // `format` is one that WhyNoTimeFormat has nothing against.
  explicit TimePattern(std::string_view format);

  // Appends the time. `zone` is that of instants.
  void Append(const WallTime& wall, absl::TimeZone zone, std::string& out) const;

  // Whether it shows the zone, which only instants have.
  bool shows_zone() const { return shows_zone_; }
  // Whether it shows a day, which times of day have not.
  bool shows_day() const { return shows_day_; }

  // The number format of Excel's that shows the same; empty when there is none.
  const std::string& excel_format() const { return excel_format_; }
  // Whether it shows thousandths of a second.
  bool shows_millis() const { return shows_millis_; }

 private:
  struct Piece {
    std::string conversion{};  // what follows "%", e.g. "Y", "E3S"; empty: `literal`
    std::string literal{};
  };
  void LookUp();

  std::string format_{};
  std::vector<Piece> pieces_{};
  bool simple_ = true;  // only numbers of fixed width, which need no library
  bool shows_zone_ = false;
  bool shows_day_ = false;
  bool shows_millis_ = false;
  std::string excel_format_{};
};

// A sentence's end about a format for values of `kind` (kDate, kTime or kDateTime; kNull: of any of
// them) that is none; empty when it is one.
std::string_view WhyNoTimeFormat(std::string_view format, gateway::CellKind kind);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_TIME_TEXT_H_

// The texts of cells that are not text: see CellKind. Made without memory of their own, since there
// are many of them.

#ifndef RELAIS_SERVER_GATEWAY_OFFERS_CELL_TEXT_H_
#define RELAIS_SERVER_GATEWAY_OFFERS_CELL_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/datetime.pb.h"
#include "google/type/timeofday.pb.h"

namespace relais::gateway {

// Each function gives a text that lasts until the next.
class CellText {
 public:
  struct Day {
    std::int64_t year;
    int month;
    int day;
  };
  struct Clock {
    int hours;
    int minutes;
    int seconds;
    int nanos;
  };

  std::string_view Integer(std::int64_t number);
  std::string_view Date(const Day& day);
  std::string_view Date(const google::type::Date& date);
  std::string_view Time(const Clock& clock);
  std::string_view Time(const google::type::TimeOfDay& time);
  std::string_view DateTime(const Day& day, const Clock& clock);
  std::string_view DateTime(const google::type::DateTime& time);
  std::string_view Instant(const google::protobuf::Timestamp& instant);

 private:
  void Digits(std::int64_t number, int width);
  void TwoDigits(int number);
  void Character(char c) { text_[size_++] = c; }
  void Append(const Day& day);
  void Append(const Clock& clock);
  std::string_view Text() const { return {text_, size_}; }

  static constexpr std::size_t kLongest = 64;
  char text_[kLongest];
  std::size_t size_ = 0;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_OFFERS_CELL_TEXT_H_

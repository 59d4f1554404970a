// Which log rows to ask for next, and which of those that come are new: the whole of tailing but
// the asking. Pure.
//
// A pass reads forward from a time by pages that overlap: each begins just before the last row of
// the one before, so rows that share an instant are not lost between pages, and no page lies deep
// in a result. A pass ends where the log does, or at the watermark: the time up to which all rows
// are taken to have come, `allowed_lateness` before now. The next pass begins as far back as rows
// may come late.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_LOG_TAIL_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_LOG_TAIL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace relais::robot {

// What is known of a row here.
struct LogRow {
  absl::Time time;
  std::uint64_t identity = 0;  // tells it from rows of the same time
};

// Behind which row a stream goes on.
class LogPosition {
 public:
  // The row has been told.
  void Advance(const LogRow& row);

  // Of the rows told; InfinitePast: none was.
  absl::Time newest() const { return newest_; }
  // Rows later than this are found again by the next question.
  absl::Time found_again_after() const;
  // Rows told that the next question finds again.
  const std::vector<LogRow>& boundary() const { return boundary_; }

  // As a resume token bound to `arguments`; INVALID_RESUME_TOKEN for any other text.
  std::string Encode(std::string_view arguments) const;
  static absl::StatusOr<LogPosition> Decode(std::string_view token, std::string_view arguments);

 private:
  absl::Time newest_ = absl::InfinitePast();
  std::vector<LogRow> boundary_;
};

struct LogTailOptions {
  absl::Time start = absl::InfinitePast();  // earlier rows are not told
  // How late a row may come and is still told in its order: younger rows are not told yet.
  absl::Duration allowed_lateness{};
  absl::Duration grace{};        // how late a row may come and is still found
  std::int64_t page = 1000;      // rows of one question
  std::int64_t window = 10'000;  // rows of a result that can be reached
  bool history_only = false;     // one pass, and nothing is too young
};

class LogTail {
 public:
  struct Question {
    absl::Time after;  // exclusive; InfinitePast: from the beginning
    std::int64_t skip = 0;
    std::int64_t top = 0;
  };
  enum class Step {
    kGoOn,       // the pass goes on
    kCaughtUp,   // it has ended: ask again later
    kOutOfReach  // more rows of one instant than the upstream can give
  };
  struct Verdict {
    bool tell = false;
    bool late = false;  // a later row was told before
  };

  LogTail(LogTailOptions options, const LogPosition& position);

  // What to ask now; `now` is by the upstream's clock.
  Question NextQuestion(absl::Time now);
  // The answer, sorted by time, of a result of `count` rows in all (negative: not known). One
  // verdict for each row.
  Step Take(const std::vector<LogRow>& rows, std::int64_t count, absl::Time now,
            std::vector<Verdict>& verdicts);

 private:
  using Key = std::pair<absl::Time, std::uint64_t>;

  Step GoOn(std::size_t rows, absl::Time last, std::int64_t count, absl::Time now);
  absl::Time LookBack(absl::Time now) const;
  void Forget(absl::Time now);

  const LogTailOptions options_;
  const absl::Time begin_;  // of the first question
  absl::btree_set<Key> seen_;
  absl::Time newest_;
  absl::Time after_;
  std::int64_t skip_ = 0;
  bool in_pass_ = false;
};

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_LOG_TAIL_H_

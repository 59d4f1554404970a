#include "server/services/robot/backend/log_tail.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "server/core/aip/continuation.h"
#include "server/core/base/error.h"

namespace relais::robot {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'600'000'000);
constexpr char kArguments[] = "TailRobotLogs|x";

// A log that answers as Elasticsearch does: by times of whole milliseconds, up to a window.
class Log {
 public:
  explicit Log(std::int64_t window = 10'000) : window_(window) {}

  void Add(absl::Time time, std::uint64_t identity) { rows_.push_back({time, identity}); }
  void AddLater(absl::Time visible, absl::Time time, std::uint64_t identity) {
    hidden_.emplace(visible, LogRow{time, identity});
  }
  void Show(absl::Time now) {
    while (!hidden_.empty() && hidden_.begin()->first <= now) {
      rows_.push_back(hidden_.begin()->second);
      hidden_.erase(hidden_.begin());
    }
  }

  std::vector<LogRow> Answer(const LogTail::Question& question, std::int64_t& count) {
    EXPECT_LT(question.skip + question.top, window_);
    EXPECT_GT(question.top, 0);
    std::vector<LogRow> found;
    for (const LogRow& row : rows_) {
      if (question.after == absl::InfinitePast() || Floor(row.time) > Floor(question.after))
        found.push_back(row);
    }
    std::stable_sort(found.begin(), found.end(), [](const LogRow& left, const LogRow& right) {
      return left.time < right.time;
    });
    count = std::min(static_cast<std::int64_t>(found.size()), window_);
    const auto begin = std::min<std::size_t>(question.skip, found.size());
    const auto end = std::min<std::size_t>(begin + question.top, found.size());
    asked += 1;
    return {found.begin() + begin, found.begin() + end};
  }

  int asked = 0;

 private:
  static std::int64_t Floor(absl::Time time) { return absl::ToUnixMillis(time); }

  const std::int64_t window_;
  std::vector<LogRow> rows_;
  std::multimap<absl::Time, LogRow> hidden_;
};

// Reads a pass to its end; the identities of the rows that are told.
std::vector<std::uint64_t> ReadPass(LogTail& tail, Log& log, absl::Time now,
                                    LogPosition* position = nullptr,
                                    std::set<std::uint64_t>* late = nullptr) {
  std::vector<std::uint64_t> told;
  while (true) {
    std::int64_t count = -1;
    const std::vector<LogRow> rows = log.Answer(tail.NextQuestion(now), count);
    std::vector<LogTail::Verdict> verdicts;
    const LogTail::Step step = tail.Take(rows, count, now, verdicts);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!verdicts[i].tell) continue;
      told.push_back(rows[i].identity);
      if (position != nullptr) position->Advance(rows[i]);
      if (late != nullptr && verdicts[i].late) late->insert(rows[i].identity);
    }
    if (step == LogTail::Step::kCaughtUp) return told;
    EXPECT_EQ(step, LogTail::Step::kGoOn);
    if (step != LogTail::Step::kGoOn) return told;
  }
}

std::vector<std::uint64_t> UpTo(std::uint64_t last, std::uint64_t first = 1) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t i = first; i <= last; ++i) all.push_back(i);
  return all;
}

TEST(LogTail, ReadsFarBeyondTheWindowByTime) {
  Log log(1000);
  for (std::uint64_t i = 1; i <= 20'000; ++i)
    log.Add(kStart + absl::Microseconds(700) * static_cast<std::int64_t>(i), i);
  LogTail tail({.page = 100, .window = 1000, .history_only = true}, {});
  EXPECT_EQ(ReadPass(tail, log, kStart + absl::Hours(1)), UpTo(20'000));
  EXPECT_LT(log.asked, 250);
}

TEST(LogTail, TellsRowsOfOneInstantOnceEach) {
  Log log;
  for (std::uint64_t i = 1; i <= 2'500; ++i) log.Add(kStart, i);
  for (std::uint64_t i = 2'501; i <= 2'600; ++i) log.Add(kStart + absl::Nanoseconds(100), i);
  LogTail tail({.page = 100, .history_only = true}, {});
  EXPECT_EQ(ReadPass(tail, log, kStart + absl::Hours(1)), UpTo(2'600));
}

// However many rows share an instant, the token that goes on behind them is taken back.
TEST(LogPosition, HasNoTokenThatIsRefusedLater) {
  for (const std::uint64_t rows :
       {std::uint64_t{189}, std::uint64_t{20'000}, std::uint64_t{30'000}}) {
    LogPosition position;
    for (std::uint64_t i = 1; i <= rows; ++i)
      position.Advance({.time = kStart, .identity = ~std::uint64_t{0} - i});
    const auto again = LogPosition::Decode(position.Encode("tail"), "tail");
    ASSERT_TRUE(again.ok()) << rows << again.status();
    EXPECT_EQ(again->newest(), kStart);
    EXPECT_EQ(again->boundary().size(), std::min<std::uint64_t>(rows, kMostKeyBytes / 16));
    EXPECT_EQ(again->boundary().back().identity, ~std::uint64_t{0} - rows);
  }
}

TEST(LogTail, SaysWhenMoreRowsShareAnInstantThanCanBeReached) {
  Log log(100);
  for (std::uint64_t i = 1; i <= 500; ++i) log.Add(kStart, i);
  LogTail tail({.page = 50, .window = 100, .history_only = true}, {});
  LogTail::Step step = LogTail::Step::kGoOn;
  while (step == LogTail::Step::kGoOn) {
    std::int64_t count = -1;
    const auto rows = log.Answer(tail.NextQuestion(kStart), count);
    std::vector<LogTail::Verdict> verdicts;
    step = tail.Take(rows, count, kStart, verdicts);
  }
  EXPECT_EQ(step, LogTail::Step::kOutOfReach);
}

TEST(LogTail, BeginsWithTheInstantThatIsAskedFor) {
  Log log;
  log.Add(kStart - absl::Nanoseconds(100), 1);
  log.Add(kStart, 2);
  log.Add(kStart + absl::Seconds(1), 3);
  LogTail tail({.start = kStart, .history_only = true}, {});
  EXPECT_EQ(ReadPass(tail, log, kStart + absl::Hours(1)), (std::vector<std::uint64_t>{2, 3}));
}

TEST(LogTail, HoldsYoungRowsBackSoThatLateOnesAreInOrder) {
  Log log;
  LogTail tail({.allowed_lateness = absl::Seconds(10), .grace = absl::Seconds(60)}, {});
  log.Add(kStart, 1);
  log.Add(kStart + absl::Seconds(3), 3);
  EXPECT_EQ(ReadPass(tail, log, kStart + absl::Seconds(5)), UpTo(0));
  log.Add(kStart + absl::Seconds(2), 2);  // seven seconds late
  EXPECT_EQ(ReadPass(tail, log, kStart + absl::Seconds(10)), UpTo(1));
  EXPECT_EQ(ReadPass(tail, log, kStart + absl::Seconds(20)), UpTo(3, 2));
  EXPECT_EQ(ReadPass(tail, log, kStart + absl::Seconds(30)), UpTo(0));
}

TEST(LogTail, FindsRowsThatComeLaterThanThatAndSaysSo) {
  Log log;
  LogTail tail({.allowed_lateness = absl::Seconds(1), .grace = absl::Seconds(60)}, {});
  std::set<std::uint64_t> late;
  log.Add(kStart, 1);
  log.Add(kStart + absl::Seconds(30), 2);
  EXPECT_EQ(ReadPass(tail, log, kStart + absl::Seconds(40), nullptr, &late), UpTo(2));
  log.Add(kStart + absl::Seconds(5), 3);
  EXPECT_EQ(ReadPass(tail, log, kStart + absl::Seconds(50), nullptr, &late), UpTo(3, 3));
  EXPECT_EQ(late, std::set<std::uint64_t>{3});
}

TEST(LogTail, AsksOnceWhenNothingIsNew) {
  Log log;
  LogTail tail({.allowed_lateness = absl::Seconds(1), .grace = absl::Seconds(60)}, {});
  for (std::uint64_t i = 1; i <= 50; ++i) log.Add(kStart + absl::Seconds(static_cast<int>(i)), i);
  ReadPass(tail, log, kStart + absl::Minutes(2));
  log.asked = 0;
  EXPECT_EQ(ReadPass(tail, log, kStart + absl::Minutes(3)), UpTo(0));
  EXPECT_EQ(log.asked, 1);
}

TEST(LogTail, GoesOnBehindWhateverWasTold) {
  Log log;
  for (std::uint64_t i = 1; i <= 900; ++i)
    log.Add(kStart + absl::Microseconds(300) * static_cast<std::int64_t>(i / 7), i);
  for (const int taken : {1, 7, 8, 450, 899, 900}) {
    LogTail first({.page = 100, .history_only = true}, {});
    LogPosition position;
    std::vector<std::uint64_t> told;
    LogPosition all;
    std::vector<std::uint64_t> read = ReadPass(first, log, kStart + absl::Hours(1), &all);
    ASSERT_EQ(read.size(), 900U);
    for (int i = 0; i < taken; ++i) {
      const std::uint64_t id = read[static_cast<std::size_t>(i)];
      position.Advance({kStart + absl::Microseconds(300) * static_cast<std::int64_t>(id / 7), id});
      told.push_back(id);
    }
    const auto decoded = LogPosition::Decode(position.Encode(kArguments), kArguments);
    ASSERT_TRUE(decoded.ok());
    LogTail second({.page = 100, .history_only = true}, *decoded);
    for (const std::uint64_t id : ReadPass(second, log, kStart + absl::Hours(1)))
      told.push_back(id);
    EXPECT_EQ(told, read) << taken;
  }
}

TEST(LogPosition, IsBoundToItsArguments) {
  LogPosition position;
  position.Advance({kStart, 7});
  const std::string token = position.Encode(kArguments);
  EXPECT_TRUE(
      HasReason(LogPosition::Decode(token, "others").status(), Reason::kInvalidResumeToken));
  EXPECT_TRUE(HasReason(LogPosition::Decode(token + "A", kArguments).status(),
                        Reason::kInvalidResumeToken));
}

// Rows appear with random lag, many at one instant, and the stream is cut and resumed at random.
TEST(LogTail, LosesNothingAndRepeatsNothingWhateverComesWhen) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::minstd_rand random(seed);
    Log log(500);
    absl::Time time = kStart;
    for (std::uint64_t id = 1; id <= 3'000; ++id) {
      if (random() % 4 != 0) time += absl::Microseconds(static_cast<int>(random() % 40'000));
      const absl::Duration lag = absl::Milliseconds(static_cast<int>(random() % 9'000));
      log.AddLater(time + lag, time, id);
    }
    const LogTailOptions options{.allowed_lateness = absl::Seconds(10),
                                 .grace = absl::Seconds(30),
                                 .page = 50,
                                 .window = 500};
    auto tail = std::make_unique<LogTail>(options, LogPosition());
    LogPosition position;
    std::vector<std::uint64_t> told;
    for (absl::Time now = kStart; now < time + absl::Minutes(1); now += absl::Seconds(1)) {
      log.Show(now);
      for (const std::uint64_t id : ReadPass(*tail, log, now, &position)) told.push_back(id);
      if (random() % 10 != 0) continue;
      const auto decoded = LogPosition::Decode(position.Encode(kArguments), kArguments);
      ASSERT_TRUE(decoded.ok());
      tail = std::make_unique<LogTail>(options, *decoded);
    }
    std::set<std::uint64_t> distinct(told.begin(), told.end());
    EXPECT_EQ(told.size(), 3'000U) << seed;
    EXPECT_EQ(distinct.size(), 3'000U) << seed;
  }
}

}  // namespace
}  // namespace relais::robot

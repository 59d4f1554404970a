#include "server/services/robot/api/log_page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/core/aip/continuation.h"
#include "server/core/base/error.h"

namespace relais::robot {
namespace {

const absl::Time kFirst = absl::FromUnixMillis(1'600'000'000'123);

// An upstream's rows, newest first, each with its number.
class NewestFirst {
 public:
  void Add(absl::Time time) {
    UpstreamLog& row = rows_.emplace_back();
    row.time = time;
    row.log.set_id(static_cast<std::int64_t>(rows_.size()));
  }

  // The numbers of all rows, page by page; `between` comes after each.
  std::vector<std::int64_t> Read(
      std::size_t size, const std::function<void()>& between = [] {}) {
    std::vector<std::int64_t> told;
    std::string token;
    do {
      const auto page = LogPage::Read(token, 0, "list");
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      EXPECT_EQ(page->passed, static_cast<std::int64_t>(told.size()));
      std::vector<UpstreamLog> left;
      for (const UpstreamLog& row : rows_) {
        if (row.time <= page->until) left.push_back(row);
      }
      std::stable_sort(left.begin(), left.end(), [](const UpstreamLog& a, const UpstreamLog& b) {
        return a.time != b.time ? a.time > b.time : a.log.id() > b.log.id();
      });
      const auto count = static_cast<std::int64_t>(left.size());
      left.erase(left.begin(), left.begin() + std::min(page->skip, count));
      left.resize(std::min(left.size(), size));
      for (const UpstreamLog& row : left) told.push_back(row.log.id());
      token = page->NextToken(left, counts ? std::optional(count) : std::nullopt, "list");
      between();
    } while (!token.empty() && told.size() < 10'000);
    return told;
  }

  bool counts = true;

 private:
  std::vector<UpstreamLog> rows_;
};

std::vector<std::int64_t> DownFrom(std::int64_t first) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = first; i > 0; --i) numbers.push_back(i);
  return numbers;
}

TEST(LogPage, GoesOnBehindTheLastRowWhateverIsWrittenMeanwhile) {
  for (const bool counts : {true, false}) {
    NewestFirst log;
    log.counts = counts;
    for (int i = 0; i < 25; ++i) log.Add(kFirst + absl::Microseconds(300) * i);
    for (const std::size_t size : {std::size_t{1}, std::size_t{3}, std::size_t{7}}) {
      int number = 0;
      const auto told =
          log.Read(size, [&] { log.Add(kFirst + absl::Hours(1) + absl::Seconds(++number)); });
      EXPECT_EQ(std::vector(told.end() - 25, told.end()), DownFrom(25)) << size;
    }
  }
}

TEST(LogPage, TellsRowsOfOneMillisecondOnceEach) {
  NewestFirst log;
  for (int i = 0; i < 189; ++i) log.Add(kFirst + absl::Nanoseconds(100) * (i / 2));
  for (int i = 0; i < 20; ++i) log.Add(kFirst + absl::Milliseconds(1));
  EXPECT_EQ(log.Read(10), DownFrom(209));
  EXPECT_EQ(log.Read(1000), DownFrom(209));
}

TEST(LogPage, GivesRowsWithoutATimeToo) {
  NewestFirst log;
  for (int i = 0; i < 5; ++i) log.Add(absl::InfinitePast());
  EXPECT_EQ(log.Read(2), DownFrom(5));
}

TEST(LogPage, RefusesForgedTokens) {
  for (const char* key : {"", ":", "1", "x:5", "5:x", "-1:5", "9:5", "1:5:5", "1: 5"}) {
    const std::string token = EncodeContinuation({.offset = 8, .key = key}, Fingerprint("list"));
    const auto page = LogPage::Read(token, 0, "list");
    EXPECT_EQ(page.ok(), std::string(key) == "1") << key;
    EXPECT_TRUE(page.ok() || HasReason(page.status(), Reason::kInvalidPageToken)) << key;
  }
  const std::string token = EncodeContinuation({.offset = 8, .key = "8:5"}, Fingerprint("list"));
  EXPECT_TRUE(LogPage::Read(token, 0, "list").ok());
  EXPECT_FALSE(LogPage::Read(token, 0, "other").ok());
}

}  // namespace
}  // namespace relais::robot

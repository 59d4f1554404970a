#include "server/services/campaign/backend/watch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace relais::campaign {
namespace {

// "OFFSET:TEXT" of every line, batches separated by "|".
std::string Shown(const std::vector<LogBatch>& batches) {
  std::string shown;
  for (const LogBatch& batch : batches) {
    absl::StrAppend(&shown, shown.empty() ? "" : "|");
    for (const v1::LogLine& line : batch.lines)
      absl::StrAppend(&shown, line.offset(), ":", line.text(), ",");
  }
  return shown;
}

TEST(CutLog, GivesWholeLinesWithTheirOffsets) {
  EXPECT_EQ(Shown(CutLog("one\ntwo\r\nthr", 0, 100, false)), "0:one,4:two,");
  EXPECT_EQ(Shown(CutLog("one\ntwo\r\nthr", 0, 100, true)), "0:one,4:two,9:thr,");
  EXPECT_EQ(Shown(CutLog("one\ntwo\n", 4, 100, false)), "4:two,");
  EXPECT_EQ(Shown(CutLog("\n\n", 0, 100, true)), "0:,1:,");
  EXPECT_TRUE(CutLog("", 0, 100, true).empty());
  EXPECT_TRUE(CutLog("one\n", 9, 100, true).empty()) << "beyond the end";
}

TEST(CutLog, MakesBatchesOfAboutThatSize) {
  EXPECT_EQ(Shown(CutLog("one\ntwo\nthree\n", 0, 8, true)), "0:one,4:two,|8:three,");
  EXPECT_EQ(Shown(CutLog("longer than that\nx\n", 0, 8, true)), "0:longer than that,|17:x,");
}

TEST(CutLog, IsTheWholeLogWhereverItIsCut) {
  std::string log;
  for (int i = 0; i < 50; ++i) absl::StrAppend(&log, "line ", i, i % 7 == 0 ? "\r\n" : "\n");
  const std::string whole = Shown(CutLog(log, 0, 1 << 20, true));
  for (std::size_t cut = 0; cut <= log.size(); ++cut) {
    const auto first = CutLog(log.substr(0, cut), 0, 1 << 20, false);
    const std::int64_t from = first.empty() ? 0 : first.back().end;
    EXPECT_EQ(Shown(first) + Shown(CutLog(log, from, 1 << 20, true)), whole) << cut;
  }
}

}  // namespace
}  // namespace relais::campaign

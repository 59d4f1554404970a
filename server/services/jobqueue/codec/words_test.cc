#include "server/services/jobqueue/codec/words.h"

#include <gtest/gtest.h>

#include "google/protobuf/util/time_util.h"

namespace relais::jobqueue {
namespace {

std::string Parsed(std::string_view text) {
  const auto time = ParseTime(text);
  return time ? google::protobuf::util::TimeUtil::ToString(*time) : "-";
}

TEST(UpstreamTime, IsReadInEveryFormThatServersWrite) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-21T09:15:30Z", "2026-11-21T09:15:30Z"},
      {"2026-11-21T09:15:30", "2026-11-21T09:15:30Z"},  // UTC when it does not say
      {"2026-11-21t09:15:30z", "2026-11-21T09:15:30Z"},
      {"2026-11-21T09:15:30.1234567Z", "2026-11-21T09:15:30.123456700Z"},
      {"2026-11-21T09:15:30.1234567", "2026-11-21T09:15:30.123456700Z"},
      {"2026-11-21T09:15:30.1+00:00", "2026-11-21T09:15:30.100Z"},
      {"2026-11-21T09:15:30.123456789Z", "2026-11-21T09:15:30.123456789Z"},
      {"2026-11-21T09:15:30+05:30", "2026-11-21T03:45:30Z"},
      {"2026-11-21T09:15:30-10:00", "2026-11-21T19:15:30Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"0001-01-01T00:00:00", "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999999900Z"},
  };
  for (const auto& [text, time] : cases) EXPECT_EQ(Parsed(text), time) << text;
}

TEST(UpstreamTime, IsRefusedWhenItIsNone) {
  for (const char* text : {"",
                           "2026-11-21",
                           "2026-11-21T",
                           "2026-11-21T09:15",
                           "2026-11-21T09:15Z",
                           "2026-11-21 09:15:30Z",
                           "26-11-21T09:15:30Z",
                           "2026-1-21T09:15:30Z",
                           "2026-13-21T09:15:30Z",
                           "2026-00-21T09:15:30Z",
                           "2026-02-29T09:15:30Z",
                           "2026-11-31T09:15:30Z",
                           "2026-11-21T24:00:00Z",
                           "2026-11-21T09:60:30Z",
                           "2026-11-21T09:15:60Z",
                           "2026-11-21T09:15:30.Z",
                           "2026-11-21T09:15:30.1234567890Z",
                           "2026-11-21T09:15:30,1Z",
                           "2026-11-21T09:15:30Zx",
                           "2026-11-21T09:15:30 Z",
                           "2026-11-21T09:15:30+5:30",
                           "2026-11-21T09:15:30+0530",
                           "2026-11-21T09:15:30+24:00",
                           "2026-11-21T09:15:30+05:60",
                           "2026-11-21T09:15:30+",
                           "2026-11-21T09:15:30.5+",
                           "+026-11-21T09:15:30Z",
                           " 2026-11-21T09:15:30Z",
                           "2026-11-21T09:15:-1Z",
                           "soon",
                           "0000-01-01T00:00:00Z",
                           "0001-01-01T00:00:00+01:00",
                           "9999-12-31T23:59:59-00:01",
                           "/Date(1795252530000)/",
                           "1795252530"}) {
    EXPECT_EQ(Parsed(text), "-") << text;
  }
}

TEST(UpstreamTime, IsWrittenInUtcWithSevenDigitsAtMost) {
  const auto written = [](std::int64_t seconds, std::int32_t nanos) {
    google::protobuf::Timestamp time;
    time.set_seconds(seconds);
    time.set_nanos(nanos);
    return FormatTime(time);
  };
  EXPECT_EQ(written(1893553445, 0), "2030-01-02T03:04:05Z");
  EXPECT_EQ(written(1893553445, 678901234), "2030-01-02T03:04:05.6789012Z");
  EXPECT_EQ(written(1893553445, 99), "2030-01-02T03:04:05Z");
  EXPECT_EQ(written(1893553445, 500000000), "2030-01-02T03:04:05.5Z");
  EXPECT_EQ(written(-62135596800, 0), "0001-01-01T00:00:00Z");
  EXPECT_EQ(written(253402300799, 999999999), "9999-12-31T23:59:59.9999999Z");
  EXPECT_EQ(written(-1, 250000000), "1969-12-31T23:59:59.25Z");
}

TEST(UpstreamWords, AreKnownOrKeptAsOther) {
  for (int type = v1::Job::TYPE_EXCEL_IMPORT; v1::Job::Type_IsValid(type); ++type) {
    EXPECT_EQ(TypeOf(WordOf(static_cast<v1::Job::Type>(type))), type);
  }
  for (int state = v1::Job::STATE_PENDING; v1::Job::State_IsValid(state); ++state) {
    EXPECT_EQ(StateOf(WordOf(static_cast<v1::Job::State>(state))), state);
  }
  EXPECT_EQ(TypeOf("ComparisonTableJob"), v1::Job::TYPE_OTHER);
  EXPECT_EQ(TypeOf("excelImportJob"), v1::Job::TYPE_OTHER);
  EXPECT_EQ(TypeOf(""), v1::Job::TYPE_UNSPECIFIED);
  EXPECT_EQ(StateOf("Deleted"), v1::Job::STATE_OTHER);
  EXPECT_EQ(StateOf(""), v1::Job::STATE_UNSPECIFIED);
  EXPECT_EQ(WordOf(v1::Job::TYPE_OTHER), "");
  EXPECT_EQ(WordOf(v1::Job::STATE_UNSPECIFIED), "");
}

TEST(UpstreamWords, TellWhatHasEnded) {
  EXPECT_TRUE(HasEnded(v1::Job::STATE_SUCCEEDED));
  EXPECT_TRUE(HasEnded(v1::Job::STATE_FAILED));
  EXPECT_TRUE(HasEnded(v1::Job::STATE_CANCELLED));
  EXPECT_FALSE(HasEnded(v1::Job::STATE_PENDING));
  EXPECT_FALSE(HasEnded(v1::Job::STATE_RUNNING));
  EXPECT_FALSE(HasEnded(v1::Job::STATE_OTHER));
}

}  // namespace
}  // namespace relais::jobqueue

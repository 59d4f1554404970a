#include "server/gateway/names.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relais/jobqueue/v1/jobqueue.pb.h"

namespace relais::gateway {
namespace {

using Ids = std::vector<std::string>;

TEST(NamePattern, GivesTheIdsOfANameOfItsForm) {
  const NamePattern pattern("queues/{queue}/jobs/{job}");
  EXPECT_EQ(pattern.text(), "queues/{queue}/jobs/{job}");
  EXPECT_EQ(pattern.IdsOf("queues/main/jobs/1"), (Ids{"main", "1"}));
  EXPECT_EQ(pattern.IdsOf("queues/a-1/jobs/x~y%2F"), (Ids{"a-1", "x~y%2F"}));
}

TEST(NamePattern, RefusesWhateverIsNotQuiteOfThatForm) {
  const NamePattern pattern("queues/{queue}/jobs/{job}");
  const std::string whole = "queues/main/jobs/1";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(pattern.IdsOf(whole.substr(0, size))) << size;
  for (const char* name :
       {"queues/main/jobs/1/", "queues/main/jobs/1/outputFiles/x", "/queues/main/jobs/1",
        "queues//jobs/1", "queues/main/jobs/", "queue/main/jobs/1", "queues/main/job/1",
        "queuesmain/jobs/1", "queues/main/jobs1", "erps/main/jobs/1"}) {
    EXPECT_FALSE(pattern.IdsOf(name)) << name;
  }
}

TEST(NamePattern, BeginsWithTheKeyOfAConnection) {
  const NamePattern pattern("queues/{queue}");
  EXPECT_TRUE(pattern.IdsOf("queues/" + std::string(63, 'a')));
  EXPECT_FALSE(pattern.IdsOf("queues/" + std::string(64, 'a')));
  for (const char* id : {"Main", "1a", "-a", "a_b", "a.b", "é", "a b", ".."})
    EXPECT_FALSE(pattern.IdsOf(std::string("queues/") + id)) << id;
}

TEST(NamePattern, RefusesALongName) {
  const NamePattern pattern("queues/{queue}/jobs/{job}");
  const std::string head = "queues/main/jobs/";
  EXPECT_TRUE(pattern.IdsOf(head + std::string(2048 - head.size(), 'x')));
  EXPECT_FALSE(pattern.IdsOf(head + std::string(2049 - head.size(), 'x')));
}

struct FileName {
  static constexpr char kType[] = "jobqueue.relais.dev/OutputFile";
  static constexpr char kHint[] = "where {output_file} is its name in base64url";
};

TEST(PatternOf, IsWhatTheProtoDeclares) {
  ASSERT_NE(jobqueue::v1::OutputFile::descriptor(), nullptr);
  EXPECT_EQ(PatternOf(FileName::kType).text(),
            "queues/{queue}/jobs/{job}/outputFiles/{output_file}");
  EXPECT_EQ(IdsOf<FileName>("queues/main/jobs/1/outputFiles/x"), (Ids{"main", "1", "x"}));
  EXPECT_EQ(FormOf<FileName>(),
            "must be queues/{queue}/jobs/{job}/outputFiles/{output_file}, where {output_file} is "
            "its name in base64url");
}

TEST(PatternOf, EndsTheProgramForATypeThatNoProtoDeclares) {
  EXPECT_DEATH(PatternOf("jobqueue.relais.dev/Nonsense"), "no proto declares the resource type");
  EXPECT_DEATH(PatternOf("nonsense"), "no proto declares the resource type");
}

TEST(Unescape, ReadsEscapesOfUrlsAndRefusesHalfOnes) {
  EXPECT_EQ(Unescape("a%2Fb%25"), "a/b%");
  EXPECT_EQ(Unescape("%c3%A9"), "é");
  EXPECT_EQ(Unescape(""), "");
  for (const char* id : {"%", "%2", "a%2", "%zz", "%2g"}) EXPECT_EQ(Unescape(id), std::nullopt);
}

TEST(PlainText, IsUtf8WithoutControlCharacters) {
  EXPECT_TRUE(IsPlainText("Départements", 100));
  EXPECT_FALSE(IsPlainText("", 100));
  EXPECT_FALSE(IsPlainText("abc", 2));
  EXPECT_FALSE(IsPlainText("a\tb", 100));
  EXPECT_FALSE(IsPlainText("\xff", 100));
}

}  // namespace
}  // namespace relais::gateway

#include "server/core/watch/resume.h"

#include <gtest/gtest.h>

#include <limits>

#include "server/core/base/error.h"

namespace relais::watch {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

TEST(Resume, SurvivesItsToken) {
  for (const Resume resume : {Resume{0, 0}, Resume{0, kLargest}, Resume{kLargest, 1}}) {
    const auto decoded =
        DecodeResume(EncodeResume(resume, "WatchJobs queues/main"), "WatchJobs queues/main");
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(**decoded, resume);
  }
}

TEST(Resume, IsNoneForAnEmptyToken) {
  const auto decoded = DecodeResume("", "WatchJobs queues/main");
  ASSERT_TRUE(decoded.ok());
  EXPECT_FALSE(decoded->has_value());
}

TEST(Resume, RefusesATokenOfSomethingElse) {
  const std::string token = EncodeResume({7, 8}, "WatchJobs queues/main");
  EXPECT_TRUE(HasReason(DecodeResume(token, "WatchJobs queues/other").status(),
                        Reason::kInvalidResumeToken));
}

TEST(Resume, RefusesEveryTokenThatWasCutOrChanged) {
  const std::string token = EncodeResume({7, 8}, "x");
  for (std::size_t size = 1; size < token.size(); ++size) {
    const auto decoded = DecodeResume(token.substr(0, size), "x");
    // Without its padding the token is still the same.
    if (decoded.ok()) {
      EXPECT_EQ(**decoded, (Resume{7, 8})) << size;
    }
  }
  EXPECT_FALSE(DecodeResume("rubbish", "x").ok());
  EXPECT_FALSE(DecodeResume(std::string("\0", 1), "x").ok());
  EXPECT_FALSE(DecodeResume(std::string(1 << 20, 'A'), "x").ok());
}

}  // namespace
}  // namespace relais::watch

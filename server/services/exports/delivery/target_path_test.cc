#include "server/services/exports/delivery/target_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/core/base/error.h"

namespace relais::exports {
namespace {

absl::StatusOr<TargetPath> TargetOf(std::string path, std::string id = "run-1") {
  return TargetPathOf({.local_path = "", .path = std::move(path), .id = std::move(id)});
}

TEST(ATargetPath, IsTakenApart) {
  const absl::StatusOr<TargetPath> target = TargetOf("2024/03/prices \"now\".csv");
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_THAT(target->folders, testing::ElementsAre("2024", "03"));
  EXPECT_EQ(target->name, "prices \"now\".csv");
  EXPECT_EQ(target->partial, ".relais-run-1.part");
  EXPECT_EQ(UrlPathOf(*target, target->name), "/2024/03/prices%20%22now%22.csv");
}

TEST(ATargetPath, ThatWouldLeadElsewhereIsRefused) {
  for (const char* path :
       {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "./a", "a\nb", "a\x7f"}) {
    EXPECT_TRUE(HasReason(TargetOf(path).status(), Reason::kInvalidRequest)) << path;
  }
  EXPECT_FALSE(TargetOf(std::string("a\0b", 3)).ok());
}

TEST(ATargetPath, HasAnIdThatIsSafeInNames) {
  for (const char* id : {"", "a/b", "..", "a b", "a.b"}) {
    EXPECT_FALSE(TargetOf("a", id).ok()) << id;
  }
  EXPECT_FALSE(TargetOf("a", std::string(65, 'a')).ok());
  EXPECT_TRUE(TargetOf("a", std::string(64, 'a')).ok());
}

}  // namespace
}  // namespace relais::exports

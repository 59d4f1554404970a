#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "server/core/state/sqlite_store.h"
#include "tests/support/temporary_folder.h"

namespace relais::state {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Documents : public ::testing::Test {
 protected:
  void Open() {
    store_ = nullptr;
    auto store = SqliteStore::Open(folder_.path() + "/state.sqlite");
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  void SetUp() override { Open(); }

  DocumentStore& documents() { return store_->documents(); }
  bool Put(const std::string& key, std::int64_t version, const std::string& body = "",
           absl::Time due = absl::InfiniteFuture()) {
    const auto put =
        documents().Put({.kind = "kind", .key = key, .version = version, .due = due, .body = body});
    EXPECT_TRUE(put.ok()) << put.status();
    return put.ok() && *put;
  }
  static std::vector<std::string> Keys(const absl::StatusOr<std::vector<Document>>& documents) {
    std::vector<std::string> keys;
    for (const Document& document : *documents) keys.push_back(document.key);
    return keys;
  }

  const TemporaryFolder folder_;
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(Documents, AreWhatWasPutLastAlsoAfterARestart) {
  const std::string bytes("\0\xff binary", 9);
  EXPECT_TRUE(Put("a", 0, bytes, absl::FromUnixSeconds(7)));
  EXPECT_TRUE(Put("a", 1, bytes + "2", absl::FromUnixSeconds(8)));
  Open();
  const auto found = documents().Find("kind", "a");
  ASSERT_TRUE(found.ok() && *found);
  EXPECT_EQ(**found, (Document{.kind = "kind",
                               .key = "a",
                               .version = 2,
                               .due = absl::FromUnixSeconds(8),
                               .body = bytes + "2"}));
}

TEST_F(Documents, AreChangedOnlyFromTheVersionThatIsKept) {
  EXPECT_TRUE(Put("a", 0, "first"));
  EXPECT_FALSE(Put("a", 0, "second"));
  EXPECT_TRUE(Put("a", 1, "third"));
  EXPECT_FALSE(Put("a", 1, "fourth"));
  EXPECT_FALSE(Put("b", 1, "of nothing"));
  EXPECT_EQ((**documents().Find("kind", "a")).body, "third");
  EXPECT_FALSE(*documents().Remove("kind", "a", 1));
  EXPECT_TRUE(*documents().Remove("kind", "a", 2));
  EXPECT_FALSE(documents().Find("kind", "a")->has_value());
}

TEST_F(Documents, AreListedByTheirKeysBelowAPrefix) {
  for (const char* key : {"a/1", "a/2", "a/10", "b/1", "a%", "a"}) EXPECT_TRUE(Put(key, 0));
  EXPECT_THAT(Keys(documents().List("kind", "a/", "", 10)), ElementsAre("a/1", "a/10", "a/2"));
  EXPECT_THAT(Keys(documents().List("kind", "a/", "a/1", 1)), ElementsAre("a/10"));
  EXPECT_THAT(Keys(documents().List("other", "", "", 10)), IsEmpty());
}

TEST_F(Documents, AreDueInTheOrderOfTheirTimes) {
  EXPECT_TRUE(Put("late", 0, "", absl::FromUnixSeconds(30)));
  EXPECT_TRUE(Put("soon", 0, "", absl::FromUnixSeconds(10)));
  EXPECT_TRUE(Put("never", 0));
  EXPECT_THAT(Keys(documents().Due("kind", absl::FromUnixSeconds(9), 10)), IsEmpty());
  EXPECT_THAT(Keys(documents().Due("kind", absl::FromUnixSeconds(30), 10)),
              ElementsAre("soon", "late"));
  EXPECT_THAT(Keys(documents().Due("kind", absl::InfiniteFuture(), 1)), ElementsAre("soon"));
}

}  // namespace
}  // namespace relais::state

#include "server/core/aip/paging.h"

#include <gtest/gtest.h>

#include <limits>

#include "server/core/aip/continuation.h"
#include "server/core/base/error.h"

namespace relais {
namespace {

TEST(PageSize, TakesTheStandardForZeroAndTheMostForMore) {
  EXPECT_EQ(*PageSize(0, 100, 1000), 100);
  EXPECT_EQ(*PageSize(1, 100, 1000), 1);
  EXPECT_EQ(*PageSize(1000, 100, 1000), 1000);
  EXPECT_EQ(*PageSize(1001, 100, 1000), 1000);
  EXPECT_EQ(*PageSize(std::numeric_limits<std::int64_t>::max(), 100, 1000), 1000);
  EXPECT_EQ(*PageSize(0, 100, 7), 7);
}

TEST(PageSize, RefusesLessThanZeroWithItsField) {
  const absl::Status status = PageSize(-1, 100, 1000).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  ASSERT_EQ(DetailsOf(status).violations.size(), 1u);
  EXPECT_EQ(DetailsOf(status).violations[0].field, "page_size");
}

TEST(CutList, GivesEveryItemOnceAndEndsWithoutAToken) {
  std::size_t next = 0;
  std::string token;
  int pages = 0;
  do {
    const auto page = CutList(10, token, "list", 25);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->begin, next);
    next = page->end;
    token = page->NextToken(page->end);
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(next, 25u);
  EXPECT_EQ(pages, 3);
}

TEST(CutList, NeedsNoSecondPageForAFullOne) {
  const auto page = CutList(25, "", "list", 25);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->end, 25u);
  EXPECT_EQ(page->NextToken(page->end), "");
  EXPECT_EQ(CutList(0, "", "list", 0)->end, 0u);
}

TEST(CutList, IsEmptyWhenTheListHasShrunkBehindTheToken) {
  const std::string token = CutList(10, "", "list", 25)->NextToken(10);
  const auto page = CutList(10, token, "list", 3);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->begin, 3u);
  EXPECT_EQ(page->end, 3u);
  EXPECT_EQ(page->NextToken(page->end), "");
}

TEST(CutList, RefusesTheTokenOfAnotherList) {
  const std::string token = CutList(10, "", "list", 25)->NextToken(10);
  const auto page = CutList(10, token, "other", 25);
  EXPECT_TRUE(HasReason(page.status(), Reason::kInvalidPageToken));
  EXPECT_FALSE(CutList(-1, "", "list", 25).ok());
}

}  // namespace
}  // namespace relais

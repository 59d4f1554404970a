#include "server/services/robot/backend/read_all.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "server/core/base/error.h"

namespace relais::robot {
namespace {

using ::testing::ElementsAre;

// An upstream's list of robots, whose pages are at most so long.
class List {
 public:
  explicit List(std::int64_t robots) {
    for (std::int64_t id = 1; id <= robots; ++id) ids_.push_back(id);
  }

  absl::StatusOr<Page<UpstreamRobot>> Read(const odata::Query& query) {
    ++asked;
    EXPECT_EQ(query.order_by, "Id");
    EXPECT_FALSE(query.skip);
    std::int64_t after = 0;
    const std::string filter = query.filter.text();
    if (const std::size_t at = filter.rfind("Id gt "); at != std::string::npos && heeds_filter) {
      EXPECT_TRUE(absl::SimpleAtoi(filter.substr(at + 6), &after)) << filter;
    }
    Page<UpstreamRobot> page;
    std::int64_t left = 0;
    for (const std::int64_t id : ids_) {
      if (id <= after) continue;
      ++left;
      if (static_cast<std::int64_t>(page.items.size()) < std::min(*query.top, longest))
        page.items.push_back({.id = id});
    }
    if (counts) page.count = left;
    if (remove_first) ids_.erase(ids_.begin());
    return page;
  }

  std::vector<std::int64_t> Names(const odata::Query& query = {}) {
    auto robots =
        ReadAll<UpstreamRobot>(query, [this](const odata::Query& page) { return Read(page); });
    std::vector<std::int64_t> ids;
    for (const UpstreamRobot& robot : *robots) ids.push_back(robot.id);
    return ids;
  }

  std::int64_t longest = 1000;
  bool counts = false;
  bool remove_first = false;  // after each page
  bool heeds_filter = true;
  int asked = 0;

 private:
  std::vector<std::int64_t> ids_;
};

TEST(ReadAll, GivesEveryPage) {
  List list(2500);
  EXPECT_EQ(list.Names().size(), 2500u);
  EXPECT_EQ(list.asked, 4) << "without a count only an empty page is the last";
  List counted(2500);
  counted.counts = true;
  EXPECT_EQ(counted.Names().size(), 2500u);
  EXPECT_EQ(counted.asked, 3);
}

TEST(ReadAll, LeavesNothingOutWhenSomethingIsRemovedMeanwhile) {
  List list(1500);
  list.remove_first = true;
  const std::vector<std::int64_t> ids = list.Names();
  ASSERT_EQ(ids.size(), 1500u);
  EXPECT_EQ(ids.back(), 1500);
}

TEST(ReadAll, TakesPagesThatAreShorterThanAsked) {
  List list(25);
  list.longest = 10;
  EXPECT_EQ(list.Names().size(), 25u);
}

TEST(ReadAll, EndsWithAnErrorWhenThePageIsAlwaysTheSame) {
  List list(5);
  list.heeds_filter = false;
  const auto read =
      ReadAll<UpstreamRobot>({}, [&list](const odata::Query& page) { return list.Read(page); });
  EXPECT_TRUE(HasReason(read.status(), Reason::kUpstreamContractBroken)) << read.status();
  EXPECT_EQ(list.asked, 2);
  List counted(5);
  counted.heeds_filter = false;
  counted.counts = true;
  EXPECT_EQ(counted.Names().size(), 5u);
}

TEST(ReadAllByPosition, GoesOnBehindWhatHasCome) {
  std::vector<std::int64_t> asked;
  const auto list = [&asked](bool heeds_position, std::optional<std::int64_t> count) {
    asked.clear();
    return ReadAllByPosition<UpstreamFolder>(
        [&asked, heeds_position,
         count](std::int64_t passed) -> absl::StatusOr<Page<UpstreamFolder>> {
          asked.push_back(passed);
          Page<UpstreamFolder> page{.count = count};
          for (std::int64_t id = heeds_position ? passed + 1 : 1;
               id <= 25 && page.items.size() < 10; ++id) {
            page.items.push_back({.id = id});
          }
          return page;
        });
  };
  EXPECT_EQ(list(true, std::nullopt)->size(), 25u);
  EXPECT_THAT(asked, ElementsAre(0, 10, 20, 25));
  EXPECT_EQ(list(true, 25)->size(), 25u);
  EXPECT_THAT(asked, ElementsAre(0, 10, 20));
  EXPECT_EQ(list(false, 10)->size(), 10u);
  EXPECT_TRUE(HasReason(list(false, std::nullopt).status(), Reason::kUpstreamContractBroken));
  EXPECT_THAT(asked, ElementsAre(0, 10));
}

TEST(ReadAll, KeepsTheFilter) {
  odata::Query query{.filter = odata::Condition::Compare("Name", "eq", odata::Text{"Id gt 7"})};
  EXPECT_EQ(After(query.filter, 12).text(), "Name eq 'Id gt 7' and Id gt 12");
  EXPECT_EQ(After({}, 12).text(), "Id gt 12");
  EXPECT_EQ(After(query.filter, 0).text(), "Name eq 'Id gt 7'");
}

}  // namespace
}  // namespace relais::robot

#include "server/services/exports/source/message_cells.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "relais/campaign/v1/campaign.pb.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "relais/robot/v1/robot.pb.h"
#include "server/services/exports/source/file_stream.h"

namespace relais::exports {
namespace {

using gateway::CellKind;
using ::testing::Contains;
using ::testing::Not;

template <typename Item>
Item ItemOf(const std::string& text) {
  Item item;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &item)) << text;
  return item;
}

// The cell of an item at a path: its kind and text.
template <typename Item>
std::pair<CellKind, std::string> CellAt(const std::string& path, const std::string& text) {
  const auto field = ItemField::Find(*Item::descriptor(), path);
  EXPECT_TRUE(field) << path;
  gateway::CellBlock block;
  block.Begin(1);
  field->AddCell(ItemOf<Item>(text), block);
  return {block.at(0, 0).kind, std::string(block.at(0, 0).text)};
}

using Cell = std::pair<CellKind, std::string>;

TEST(MessageCells, HaveTheKindsOfTheFields) {
  using jobqueue::v1::Job;
  EXPECT_EQ(CellAt<Job>("display_name", "display_name: 'a'"), Cell(CellKind::kText, "a"));
  EXPECT_EQ(CellAt<Job>("state", "state: STATE_FAILED"), Cell(CellKind::kText, "FAILED"));
  EXPECT_EQ(CellAt<Job>("ended", "ended: true"), Cell(CellKind::kBool, "true"));
  EXPECT_EQ(CellAt<Job>("queue_position", "queue_position: 7"), Cell(CellKind::kInteger, "7"));
  EXPECT_EQ(CellAt<Job>("queue_position", ""), Cell(CellKind::kNull, ""));
  EXPECT_EQ(CellAt<Job>("end_time", "end_time { seconds: 1711839599 nanos: 500000000 }"),
            Cell(CellKind::kInstant, "2024-03-30T22:59:59.5Z"));
  EXPECT_EQ(CellAt<Job>("submitter_roles", "submitter_roles: 'a' submitter_roles: 'b'"),
            Cell(CellKind::kText, "a; b"));
  using campaign::v1::Answer;
  EXPECT_EQ(CellAt<Answer>("status_date", "status_date { year: 2024 month: 3 day: 1 }"),
            Cell(CellKind::kDate, "2024-03-01"));
}

TEST(MessageCells, ReachIntoMessagesAndMaps) {
  using campaign::v1::Answer;
  const std::string axes = "axes { key: 'Pays' value: 'FR' } axes { key: 'A.B' value: 'x' }";
  EXPECT_EQ(CellAt<Answer>("axes.Pays", axes), Cell(CellKind::kText, "FR"));
  EXPECT_EQ(CellAt<Answer>("axes.A.B", axes), Cell(CellKind::kText, "x"));
  EXPECT_EQ(CellAt<Answer>("axes.None", axes), Cell(CellKind::kNull, ""));
  EXPECT_EQ(CellAt<Answer>("axes", axes), Cell(CellKind::kText, "A.B=x; Pays=FR"));
}

TEST(MessageCells, AreNotOfWhatHasNoCell) {
  const auto& job = *jobqueue::v1::Job::descriptor();
  for (const char* path : {"", "nothing", "import_summary", "state.x", "display_name.x", "."})
    EXPECT_FALSE(ItemField::Find(job, path)) << path;
  std::vector<std::string> names;
  for (const ItemField& field : ItemField::AllOf(job)) names.push_back(field.column().name);
  EXPECT_THAT(names, Contains("display_name"));
  EXPECT_THAT(names, Not(Contains("import_summary")));
}

TEST(FileNamePattern, KnowsStarsAndQuestionMarks) {
  EXPECT_TRUE(IsLike("a.log", "*.log"));
  EXPECT_TRUE(IsLike("a.log", "?.log"));
  EXPECT_TRUE(IsLike("", "*"));
  EXPECT_TRUE(IsLike("abcabc", "*abc"));
  EXPECT_TRUE(IsLike("a*b", "a*b"));
  EXPECT_FALSE(IsLike("a.LOG", "*.log"));
  EXPECT_FALSE(IsLike("ab", "?"));
  EXPECT_FALSE(IsLike("a.log.x", "*.log"));
}

}  // namespace
}  // namespace relais::exports

#include "server/core/watch/table.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/test_hub.h"

namespace relais::watch {
namespace {

const Rendering kRendering = {.item = nullptr,
                              .changes = [](const Changes& changes) { return Text(changes); }};

PolledItem Item1(std::string key, std::string bytes) {
  return {std::move(key), std::move(bytes), false};
}

std::string Part1(Table& table, const PartKey& key) {
  return *Part::Message(table.FindPart(key).part, kRendering);
}

// What has changed since, in one part.
std::string Since(Table& table, std::uint64_t from) {
  return Part1(table, {.from = from, .upto = table.version(), .complete = from != 0});
}

TEST(Table, TellsWhatHasChangedSinceAVersion) {
  Table table(9, 100, 1000);
  EXPECT_EQ(table.version(), 0U);
  EXPECT_TRUE(table.Apply({Item1("b", "1"), Item1("a", "1"), Item1("c", "1")}).changed);
  EXPECT_EQ(Since(table, 0), "a=1 b=1 c=1 complete @1");
  EXPECT_FALSE(table.Apply({Item1("a", "1"), Item1("b", "1"), Item1("c", "1")}).changed);
  EXPECT_TRUE(table.Apply({Item1("a", "1"), Item1("b", "2"), Item1("c", "1")}).changed);
  EXPECT_TRUE(table.Apply({Item1("b", "2"), Item1("c", "1"), Item1("d", "1")}).changed);
  EXPECT_EQ(table.version(), 3U);
  EXPECT_EQ(Since(table, 0), "b=2 c=1 d=1 complete @3");
  EXPECT_EQ(Since(table, 1), "b=2 d=1 -a complete @3");
  EXPECT_EQ(Since(table, 2), "d=1 -a complete @3");
  EXPECT_EQ(Since(table, 3), "complete @3");
}

TEST(Table, CountsItemsByTheirStates) {
  Table table(9, 100, 1000);
  EXPECT_EQ(table.states(), StateCounts());
  table.Apply({{"a", "1", false, "RUNNING"}, {"b", "1", false, "RUNNING"}, {"log", "x", true}});
  EXPECT_EQ(table.states(), (StateCounts{{"RUNNING", 2}}));
  table.Apply({{"a", "2", true, "FAILED"}, {"b", "1", false, "RUNNING"}});
  EXPECT_EQ(table.states(), (StateCounts{{"FAILED", 1}, {"RUNNING", 1}}));
  table.Apply({{"a", "2", true, "FAILED"}});
  EXPECT_EQ(table.states(), (StateCounts{{"FAILED", 1}}));
  EXPECT_TRUE(table.all_terminal());
  table.Apply({});
  EXPECT_EQ(table.states(), StateCounts());
}

TEST(Table, BeginsWithItsFirstContentEvenIfThatIsEmpty) {
  Table table(9, 100, 1000);
  EXPECT_TRUE(table.Apply({}).changed);
  EXPECT_EQ(Since(table, 0), "complete @1");
  EXPECT_FALSE(table.Apply({}).changed);
}

TEST(Table, TakesTheLastOfEqualKeysAndNoneThatIsEmpty) {
  Table table(9, 100, 1000);
  table.Apply({Item1("a", "1"), Item1("", "x"), Item1("a", "2")});
  EXPECT_EQ(Since(table, 0), "a=2 complete @1");
}

TEST(Table, ForgetsThatAKeyWasGoneWhenItComesAgain) {
  Table table(9, 100, 1000);
  table.Apply({Item1("a", "1")});
  table.Apply({});
  table.Apply({Item1("a", "1")});
  EXPECT_EQ(Since(table, 1), "a=1 complete @3");
  table.Apply({});
  EXPECT_EQ(Since(table, 1), "-a complete @4");
}

TEST(Table, RaisesItsFloorWhenItForgetsRemovals) {
  Table table(9, 2, 1000);
  table.Apply({Item1("a", "1"), Item1("b", "1"), Item1("c", "1"), Item1("d", "1")});
  table.Apply({Item1("b", "1"), Item1("c", "1"), Item1("d", "1")});
  table.Apply({Item1("c", "1"), Item1("d", "1")});
  EXPECT_EQ(table.floor(), 0U);
  EXPECT_EQ(Since(table, 1), "-a -b complete @3");
  table.Apply({Item1("d", "1")});
  EXPECT_EQ(table.floor(), 2U);
  EXPECT_EQ(Since(table, 2), "-b -c complete @4");
}

TEST(Table, CutsPartsAndGivesATokenOnlyWhereOneCanGoOn) {
  Table table(9, 100, 4);
  table.Apply({Item1("a", "11"), Item1("b", "22"), Item1("c", "33")});
  const PartAt first = table.FindPart({.upto = 1, .restarted = true});
  EXPECT_EQ(*Part::Message(first.part, kRendering), "a=11 b=22 restarted @none");
  EXPECT_FALSE(first.last);
  EXPECT_EQ(Part1(table, {.upto = 1, .after = first.end}), "c=33 complete @1");
  table.Apply({Item1("a", "12"), Item1("b", "23")});
  const PartAt delta = table.FindPart({.from = 1, .upto = 2, .complete = true});
  EXPECT_EQ(*Part::Message(delta.part, kRendering), "a=12 b=23 complete @1");
  EXPECT_EQ(Part1(table, {.from = 1, .upto = 2, .after = delta.end, .complete = true}),
            "-c complete @2");
}

TEST(Table, SharesOnePartAmongAllWhoNeedIt) {
  Table table(9, 100, 1000);
  table.Apply({Item1("a", "1")});
  const PartKey key{.upto = 1};
  const auto part = table.FindPart(key).part;
  EXPECT_EQ(table.FindPart(key).part, part);
  EXPECT_EQ(Part::Message(part, kRendering), Part::Message(part, kRendering));
  table.Apply({Item1("a", "2")});
  EXPECT_NE(table.FindPart({.upto = 2}).part, part);
}

TEST(Table, KeepsTheRowOfAReaderThroughEverything) {
  Table table(9, 0, 1000);
  const Table::RowIterator row = table.Enter("a", nullptr);
  table.Apply({Item1("b", "1")});
  EXPECT_EQ(row->second.item, nullptr);
  EXPECT_EQ(table.Apply({Item1("a", "1")}).touched.size(), 1U);
  EXPECT_EQ(row->second.item->bytes(), "1");
  EXPECT_EQ(table.Apply({}).touched.size(), 1U);
  EXPECT_EQ(row->second.item, nullptr);
  table.Leave(row, row->second.readers.begin());
}

// Random histories: who applies each delta to what it had knows the table, from wherever it
// started.
TEST(Table, DeltasAddUpToTheTable) {
  std::minstd_rand random(42);
  for (int round = 0; round < 30; ++round) {
    Table table(9, 8, 6);
    std::map<std::string, std::string> known;
    const Rendering rendering = {.item = nullptr, .changes = [&](const Changes& changes) {
                                   if (changes.restarted) known.clear();
                                   for (const auto& item : changes.items) {
                                     known[item->key()] = item->bytes();
                                   }
                                   for (const auto& key : changes.removed) known.erase(key);
                                   return std::string();
                                 }};
    std::uint64_t seen = 0;
    for (int step = 0; step < 100; ++step) {
      std::map<std::string, std::string> truth;
      PolledTable polled;
      for (char key = 'a'; key < 'k'; ++key) {
        if (random() % 4 == 0) continue;
        truth[std::string(1, key)] = std::to_string(random() % 2);
      }
      for (const auto& [key, bytes] : truth) polled.push_back({key, bytes, false});
      table.Apply(std::move(polled));
      if (random() % 3 == 0) continue;  // a slow reader
      const bool restart = seen < table.floor();
      PartKey key{.from = restart ? 0 : seen, .upto = table.version(), .restarted = restart};
      for (bool last = false; !last;) {
        const PartAt at = table.FindPart(key);
        Part::Message(at.part, rendering);
        key.after = at.end;
        last = at.last;
      }
      seen = table.version();
      EXPECT_EQ(known, truth);
    }
  }
}

}  // namespace
}  // namespace relais::watch

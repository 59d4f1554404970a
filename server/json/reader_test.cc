#include "server/json/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/json/members.h"

namespace relais::json {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Thing {
  std::optional<std::string> name;
  std::optional<std::int64_t> size;
  std::optional<bool> good;
  std::vector<std::string> tags;
  std::string rest;
};

constexpr Member<Thing> kThing[] = {
    {"name", Into<&Thing::name>},
    {"size", Into<&Thing::size>},
    {"good", Into<&Thing::good>},
    {"tags", Into<&Thing::tags>},
    {"rest", [](Value value, Thing& thing) { return ReadTextOrJson(value, thing.rest); }},
};

absl::StatusOr<Thing> Decode(const std::string& text) {
  Thing thing;
  if (absl::Status status = ReadObject(text, kThing, thing); !status.ok()) return status;
  return thing;
}

void ExpectMalformed(const absl::Status& status, std::string_view what) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << what;
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamMalformedResponse)) << what;
}

TEST(JsonReader, PutsMembersWhereTheTableSays) {
  const auto thing = Decode(
      R"({"new":[{}],"tags":["a","\u00e9"],"good":false,"size":-7,"name":"x\ny","rest":"plain"})");
  ASSERT_TRUE(thing.ok()) << thing.status();
  EXPECT_EQ(thing->name, "x\ny");
  EXPECT_EQ(thing->size, -7);
  EXPECT_EQ(thing->good, false);
  EXPECT_THAT(thing->tags, ElementsAre("a", "é"));
  EXPECT_EQ(thing->rest, "plain");
}

TEST(JsonReader, TakesNullAndAbsenceForNothing) {
  for (const char* text : {R"({})", R"({"name":null,"size":null,"good":null,"tags":null})"}) {
    const auto thing = Decode(text);
    ASSERT_TRUE(thing.ok()) << thing.status();
    EXPECT_FALSE(thing->name || thing->size || thing->good);
    EXPECT_THAT(thing->tags, IsEmpty());
  }
}

TEST(JsonReader, KeepsAnythingThatIsNoTextAsItsJson) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"rest": {"a" : [1, {"b":null}]} ,"name":"n"})", R"({"a" : [1, {"b":null}]})"},
      {R"({"rest":[ ],"name":"n"})", "[ ]"},
      {R"({"rest": 1.50 ,"name":"n"})", "1.50"},
      {R"({"rest":true ,"name":"n"})", "true"},
      {R"({"rest":null,"name":"n"})", "null"},
      {R"({"name":"n","rest":"{\"a\":1}"})", R"({"a":1})"},
  };
  for (const auto& [text, rest] : cases) {
    const auto thing = Decode(text);
    ASSERT_TRUE(thing.ok()) << text << thing.status();
    EXPECT_EQ(thing->rest, rest);
    EXPECT_EQ(thing->name, "n") << text;
  }
}

TEST(JsonReader, RefusesWhatIsNoWholeDocument) {
  for (const std::string& text : {std::string(),
                                  std::string(" "),
                                  std::string("\0", 1),
                                  std::string("null"),
                                  std::string("[]"),
                                  std::string("1"),
                                  std::string("{"),
                                  std::string("{}}"),
                                  std::string("{} {}"),
                                  std::string("{\"a\":1,}"),
                                  std::string("{\"a\" 1}"),
                                  std::string("<html></html>"),
                                  std::string("\xef\xbb{}"),
                                  std::string("{}\xef\xbb\xbf"),
                                  std::string("{\"a\":nul}"),
                                  std::string("{\"a\":nulll}"),
                                  std::string("{\"a\":tru}"),
                                  std::string("{\"a\":[}]}"),
                                  std::string("{\"a\":01}"),
                                  std::string("{\"a\":\"\\x\"}"),
                                  std::string("{\"a\":\"\xff\"}"),
                                  std::string("{\"a\":\"\n\"}"),
                                  std::string("{\"a\":\"\\ud80\"}"),
                                  std::string("{\"rest\":[}]}"),
                                  std::string("{\"rest\":{\"a\":[1}]}"),
                                  std::string("{\"rest\":{\"a\":nope}}"),
                                  std::string("{\"rest\":[1 2]}"),
                                  std::string("{\"rest\":{\"a\"}}"),
                                  std::string("{\"rest\":nulll}")}) {
    ExpectMalformed(Decode(text).status(), text);
  }
}

TEST(JsonReader, RefusesOtherTypes) {
  for (const char* text :
       {R"({"name":1})", R"({"name":{}})", R"({"name":true})", R"({"size":"1"})", R"({"size":1.5})",
        R"({"size":9223372036854775808})", R"({"size":1e300})", R"({"size":1e-1})",
        R"({"size":[]})", R"({"good":0})", R"({"good":"true"})", R"({"tags":"a"})",
        R"({"tags":{}})", R"({"tags":[1]})", R"({"tags":[null]})", R"({"tags":[["a"]]})"}) {
    ExpectMalformed(Decode(text).status(), text);
  }
}

TEST(JsonReader, TakesHalvesOfCharacters) {
  const std::pair<const char*, const char*> cases[] = {
      {R"(a\ud83d!)", "a\uFFFD!"},         {R"(\uD83D\uDE00)", "\U0001F600"},
      {R"(\ude00\ud83d)", "\uFFFD\uFFFD"}, {R"(\ud83d\ud83d\ude00)", "\uFFFD\U0001F600"},
      {R"(\ud83d\n)", "\uFFFD\n"},         {R"(\\ud83d)", R"(\ud83d)"},
      {R"(\\\ud83d)", "\\\uFFFD"},         {R"(\"\ud83d\")", "\"\uFFFD\""},
  };
  for (const auto& [written, read] : cases) {
    const auto thing = Decode(absl::StrCat(R"({"name":")", written, R"(","size":1})"));
    ASSERT_TRUE(thing.ok()) << written << thing.status();
    EXPECT_EQ(thing->name, read) << written;
    EXPECT_EQ(thing->size, 1) << written;
  }
  const auto kept = Decode(R"({"rest":{"a":["\ud83d"]},"new":"\udfff"})");
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->rest, R"({"a":["\ufffd"]})");
}

TEST(JsonReader, TakesAByteOrderMark) {
  const auto thing = Decode(
      "\xef\xbb\xbf"
      R"({"name":"\ud83d","size":1})");
  ASSERT_TRUE(thing.ok()) << thing.status();
  EXPECT_EQ(thing->name, "\uFFFD");
  EXPECT_EQ(Decode("\xef\xbb\xbf {\"size\":2}")->size, 2);
}

TEST(JsonReader, TakesWholeNumbersHoweverTheyAreWritten) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"1.0", 1}, {"1e0", 1}, {"3600.00", 3600}, {"-2.5E1", -25}, {"0.0", 0}, {"12e2", 1200}};
  for (const auto& [written, number] : cases) {
    const auto thing = Decode(absl::StrCat(R"({"size":)", written, "}"));
    ASSERT_TRUE(thing.ok()) << written << thing.status();
    EXPECT_EQ(thing->size, number) << written;
  }
}

TEST(JsonReader, LeavesOutWhatIsOnlyPassedOnWhenItIsOdd) {
  constexpr Member<Thing> kLoose[] = {{"name", Optional<&Thing::name>},
                                      {"size", Optional<&Thing::size>},
                                      {"good", Optional<&Thing::good>},
                                      {"tags", Optional<&Thing::tags>}};
  const char* const others[] = {"null", R"({"a":[1]})",         "[[]]", R"(["a",1,null,"b"])",
                                "1.5",  "12345678901234567890", "true", R"("text")"};
  for (const char* odd : others) {
    for (const char* key : {"name", "size", "good", "tags"}) {
      Thing thing;
      const std::string text = absl::StrCat(R"({")", key, R"(":)", odd, R"(,"new":1})");
      EXPECT_TRUE(ReadObject(text, kLoose, thing).ok()) << text;
      EXPECT_EQ(thing.name.has_value(), text == R"({"name":"text","new":1})") << text;
      EXPECT_FALSE(thing.size.has_value()) << text;
      EXPECT_EQ(thing.good.has_value(), text == R"({"good":true,"new":1})") << text;
      if (text == R"({"tags":["a",1,null,"b"],"new":1})") {
        EXPECT_THAT(thing.tags, ElementsAre("a", "b"));
      } else {
        EXPECT_THAT(thing.tags, IsEmpty()) << text;
      }
    }
  }
  for (const char* bad : {"tru", "nul", "01", "[}", R"("\x")", "{\"a\"}"}) {
    Thing thing;
    ExpectMalformed(ReadObject(absl::StrCat(R"({"size":)", bad, "}"), kLoose, thing), bad);
  }
}

TEST(JsonReader, RefusesAMemberThatIsNeededAndStandsTwice) {
  const auto thing = Decode(R"({"name":"a","size":1,"name":"b"})");
  ExpectMalformed(thing.status(), "twice");
  EXPECT_THAT(std::string(thing.status().message()), HasSubstr("it has \"name\" twice"));
  EXPECT_TRUE(Decode(R"({"new":1,"new":2})").ok());
}

TEST(JsonReader, TakesTheLastOfWhatIsOnlyPassedOnAndStandsTwice) {
  constexpr Member<Thing> kLoose[] = {{"name", Optional<&Thing::name>},
                                      {"size", Into<&Thing::size>}};
  const std::pair<const char*, std::optional<std::string>> cases[] = {
      {R"("a","name":"b")", "b"},
      {R"([1],"name":"b")", "b"},  // malformed at first
      {R"("a","name":{})", std::nullopt},
      {R"(1,"name":null,"name":"c")", "c"}};
  for (const auto& [twice, name] : cases) {
    Thing thing;
    const std::string text = absl::StrCat(R"({"name":)", twice, R"(,"size":7})");
    EXPECT_TRUE(ReadObject(text, kLoose, thing).ok()) << text;
    EXPECT_EQ(thing.name, name) << text;
    EXPECT_EQ(thing.size, 7) << text;
  }
}

TEST(JsonReader, RefusesDeepNesting) {
  for (const char* key : {"rest", "new"}) {
    const std::string begin = std::string(R"({")") + key + R"(":)";
    const auto nested = [&](int depth) {
      return begin + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    EXPECT_TRUE(Decode(nested(60)).ok()) << key;
    ExpectMalformed(Decode(nested(70)).status(), key);
    ExpectMalformed(Decode(nested(100000)).status(), key);
    ExpectMalformed(Decode(begin + std::string(100000, '{')).status(), key);
  }
}

TEST(JsonReader, ReadsADocumentWithinADocument) {
  std::vector<std::string> names;
  const absl::Status status =
      ReadArray(R"(["{\"name\":\"a\"}","{\"name\":\"b\"}"])", [&](Value value) -> absl::Status {
        std::optional<std::string> inner;
        if (absl::Status failed = Read(value, inner); !failed.ok()) return failed;
        const auto thing = Decode(*inner);
        if (!thing.ok()) return thing.status();
        names.push_back(*thing->name);
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(names, ElementsAre("a", "b"));
}

// What is accepted is JSON, whatever byte is changed.
TEST(JsonReader, SurvivesAnyByteInAnyPlace) {
  const std::string text =
      R"({"name":"n","size":12,"good":true,"tags":["a"],"rest":{"x":[null,"y"]},"new":{"z":1.5e3}})";
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char byte : {'\0', '"', '\\', '{', '}', '[', ']', ',', ':', '9', 'n', '\xff', ' '}) {
      std::string changed = text;
      changed[at] = byte;
      ASSERT_TRUE(!Decode(changed).ok() || nlohmann::json::accept(changed)) << changed;
    }
    ASSERT_FALSE(Decode(text.substr(0, at)).ok());
  }
}

std::int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t pages = 0;
  statm >> pages >> pages;  // the second number
  return pages * sysconf(_SC_PAGESIZE);
}

TEST(JsonReader, KeepsNoMemoryOfALargeText) {
  const std::string element = "\"" + std::string(1000, 'x') + "\"";
  std::string text = "[" + element;
  while (text.size() < 32 << 20) text += "," + element;
  text += ']';
  [[maybe_unused]] const std::int64_t before = ResidentBytes();
  std::size_t read = 0;
  ASSERT_TRUE(ReadArray(text, [&](Value value) {
                std::optional<std::string> string;
                absl::Status status = Read(value, string);
                read += string.value_or("").size();
                return status;
              }).ok());
  EXPECT_GT(read, 31u << 20);
#if !defined(__SANITIZE_ADDRESS__)  // which keeps memory of its own
  EXPECT_LT(ResidentBytes() - before, 4 << 20);
#endif
}

}  // namespace
}  // namespace relais::json

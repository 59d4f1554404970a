#include "server/core/aip/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "server/core/base/error.h"

namespace relais {
namespace {

using Type = FilterField::Type;

const std::vector<FilterField>& Fields() {
  static const std::vector<FilterField> kFields = {
      {"display_name", Type::kText},
      {"state", Type::kEnum, {"PENDING", "RUNNING", "SUCCEEDED"}},
      {"queue_position", Type::kInteger},
      {"submit_time", Type::kTime},
      {"summary.finished", Type::kBool}};
  return kFields;
}

using Item = std::map<std::string, FilterValue, std::less<>>;

const absl::Time kNoon = absl::FromCivil(absl::CivilHour(2024, 1, 31, 12), absl::UTCTimeZone());

const Item& Steel() {
  static const Item kSteel = {{"display_name", std::string("Aciers Élémentaires \"42\"")},
                              {"state", std::string("PENDING")},
                              {"queue_position", std::int64_t{3}},
                              {"submit_time", kNoon},
                              {"summary.finished", true}};
  return kSteel;
}

bool MatchesSteel(std::string_view text, const Item& item = Steel()) {
  const absl::StatusOr<Filter> filter = ParseFilter(text, Fields());
  if (!filter.ok()) {
    ADD_FAILURE() << text << ": " << filter.status();
    return false;
  }
  return Matches(*filter, [&](std::string_view field) -> std::optional<FilterValue> {
    const auto found = item.find(field);
    if (found == item.end()) return std::nullopt;
    return found->second;
  });
}

std::vector<std::string> Problems(std::string_view text) {
  const absl::StatusOr<Filter> filter = ParseFilter(text, Fields(), "filter");
  if (filter.ok()) return {};
  EXPECT_TRUE(HasReason(filter.status(), Reason::kInvalidRequest));
  std::vector<std::string> problems;
  for (const Violation& violation : DetailsOf(filter.status()).violations) {
    EXPECT_EQ(violation.field, "filter");
    problems.push_back(violation.description);
  }
  return problems;
}

TEST(Filter, LetsEverythingThroughWhenEmpty) {
  EXPECT_TRUE(MatchesSteel(""));
  EXPECT_TRUE(MatchesSteel(" \t\n"));
}

TEST(Filter, ComparesEveryType) {
  for (const char* text : {"state = PENDING",
                           "state != RUNNING",
                           "state:PENDING",
                           "state=\"PENDING\"",
                           "queue_position = 3",
                           "queue_position > 2",
                           "queue_position >= 3",
                           "queue_position<4",
                           "queue_position <= 3",
                           "queue_position > -1",
                           "queue_position:3",
                           "submit_time = 2024-01-31T12:00:00Z",
                           "submit_time = '2024-01-31T13:00:00+01:00'",
                           "submit_time > 2024-01-31T11:59:59.9999999Z",
                           "submit_time<\"2024-01-31T12:00:00.001Z\"",
                           "summary.finished = true",
                           "summary.finished != false",
                           R"(display_name = "Aciers Élémentaires \"42\"")",
                           R"(display_name = 'Aciers Élémentaires "42"')",
                           "display_name > Acier",
                           "display_name : aciers",
                           "display_name : 'éLÉM'",
                           "display_name : ÉL",
                           R"(display_name : "\"42\"")",
                           "display_name:*",
                           "queue_position:*"}) {
    EXPECT_TRUE(MatchesSteel(text)) << text;
    EXPECT_FALSE(MatchesSteel("NOT " + std::string(text))) << text;
    EXPECT_FALSE(MatchesSteel("-" + std::string(text))) << text;
  }
}

TEST(Filter, BindsOrTighterThanAnd) {
  EXPECT_FALSE(MatchesSteel("state = PENDING OR state = RUNNING AND queue_position = 9"));
  EXPECT_TRUE(MatchesSteel("state = PENDING OR (state = RUNNING AND queue_position = 9)"));
  EXPECT_TRUE(MatchesSteel("queue_position = 9 OR state = PENDING AND queue_position = 3"));
  EXPECT_FALSE(MatchesSteel("NOT state = PENDING OR state = RUNNING"));
  EXPECT_TRUE(MatchesSteel("NOT (state = RUNNING AND queue_position = 3)"));
  EXPECT_TRUE(MatchesSteel("-(state = RUNNING)"));
}

TEST(Filter, TakesAMissingValueAsEqualToNothing) {
  const Item empty;
  for (const char* text : {"queue_position = 3", "queue_position < 3", "queue_position >= 3",
                           "display_name : a", "display_name:*", "display_name = \"\""}) {
    EXPECT_FALSE(MatchesSteel(text, empty)) << text;
  }
  EXPECT_TRUE(MatchesSteel("queue_position != 3", empty));
  EXPECT_TRUE(MatchesSteel("NOT display_name:*", empty));
}

TEST(Filter, TellsAnAsteriskInQuotesFromPresence) {
  EXPECT_FALSE(MatchesSteel("display_name : \"*\""));
  EXPECT_TRUE(MatchesSteel("display_name : \"*\"", {{"display_name", std::string("a*b")}}));
}

TEST(Filter, ShowsWhatEveryMatchFulfils) {
  const auto filter = ParseFilter(
      "state = PENDING AND (display_name : steel AND queue_position > 1) AND "
      "(state = RUNNING OR state = PENDING) AND NOT queue_position = 7",
      Fields());
  ASSERT_TRUE(filter.ok());
  const auto terms = filter->RequiredTerms();
  ASSERT_EQ(terms.size(), 3u);
  EXPECT_EQ(terms[0]->field, "state");
  EXPECT_EQ(terms[0]->op, FilterTerm::Operator::kEqual);
  EXPECT_EQ(std::get<std::string>(terms[0]->value), "PENDING");
  EXPECT_EQ(terms[1]->op, FilterTerm::Operator::kContains);
  EXPECT_EQ(std::get<std::int64_t>(terms[2]->value), 1);
  EXPECT_EQ(ParseFilter("state = PENDING", Fields())->RequiredTerms().size(), 1u);
  EXPECT_TRUE(ParseFilter("state = PENDING OR state = RUNNING", Fields())->RequiredTerms().empty());
  EXPECT_TRUE(ParseFilter("", Fields())->RequiredTerms().empty());
}

TEST(Filter, SaysWhereTheSyntaxIsWrongAndWhatShouldStandThere) {
  const std::pair<const char*, const char*> table[] = {
      {"state", "at character 6: ends where one of = != < <= > >= : should stand"},
      {"state =",
       "at character 8: ends where a value (in quotes, if it has other characters than "
       "letters and digits) should stand"},
      {"= 3", "at character 1: has \"=\" where a field, NOT or \"(\" should stand"},
      {"(state = PENDING", "at character 17: ends where AND, OR or \")\" should stand"},
      {"state = PENDING)", "at character 16: has \")\" where AND, OR or the end should stand"},
      {"()", "at character 2: has \")\" where a field, NOT or \"(\" should stand"},
      {"state = PENDING queue_position = 3",
       "at character 17: has \"queue_position\" where AND, OR or the end should stand"},
      {"state = PENDING and queue_position = 3",
       "at character 17: has \"and\" where AND, OR or the end should stand; write AND in capitals"},
      {"AND state = PENDING",
       "at character 1: has \"AND\" where a field, NOT or \"(\" should stand"},
      {"state = PENDING AND", "at character 20: ends where a field, NOT or \"(\" should stand"},
      {"NOT NOT state = PENDING",
       "at character 5: has \"NOT\" where a field, NOT or \"(\" should stand"},
      {"state == PENDING",
       "at character 8: has \"=\" where a value (in quotes, if it has other "
       "characters than letters and digits) should stand"},
      {"state ! PENDING", "at character 7: has \"!\" where one of = != < <= > >= : should stand"},
      {"display_name = \"é", "at character 16: opens a quote that is not closed"},
      {"display_name = 'é' é", "at character 20: has \"é\" where AND, OR or the end should stand"},
      {R"(display_name = "\x")",
       "at character 16: has a \"\\\" in quotes that is not followed by "
       "one of \\ \" ' n r t"},
      {"display_name = \"\\",
       "at character 16: has a \"\\\" in quotes that is not followed by one "
       "of \\ \" ' n r t"},
      {"steel", "at character 6: ends where one of = != < <= > >= : should stand"},
      {"f(x)", "at character 2: has \"(\" where one of = != < <= > >= : should stand"},
      {"state = (PENDING OR RUNNING)",
       "at character 9: has \"(\" where a value (in quotes, if it has other characters than "
       "letters and digits) should stand"},
  };
  for (const auto& [text, problem] : table) {
    EXPECT_THAT(Problems(text), testing::ElementsAre(problem)) << text;
  }
}

TEST(Filter, TellsEveryWrongNameAndValue) {
  EXPECT_THAT(
      Problems("stat = PENDING AND nonsense = 1 AND state = pending AND state > PENDING AND "
               "queue_position = x AND submit_time > 2024-01-31 AND summary.finished = 1 AND "
               "state = \"SOMETHING ELSE\""),
      testing::ElementsAre(
          "at character 1: \"stat\" is not a field; did you mean state?",
          "at character 20: \"nonsense\" is not a field; fields are display_name, state, "
          "queue_position, submit_time, summary.finished",
          "at character 45: \"pending\" is not a value of state; did you mean PENDING?",
          "at character 63: compares state by >; allowed are =, != and :",
          "at character 94: \"x\" is not an integer of 64 bits",
          "at character 114: \"2024-01-31\" is not a time such as 2024-01-31T12:00:00Z",
          "at character 148: \"1\" is not true or false",
          "at character 162: \"SOMETHING ELSE\" is not a value of state, which are PENDING, "
          "RUNNING, SUCCEEDED"));
}

TEST(Filter, RefusesWhatIsNoTimeOrInteger) {
  for (const char* value :
       {"infinite-future", "2024-13-01T00:00:00Z", "2024-01-31T00:00:00", "2024-01-31T00:00:00+1",
        "'2024-01-31 00:00:00Z'", "' 2024-01-31T00:00:00Z'", "'2024-01-31T00:00:00Z '",
        "-2024-01-31T00:00:00Z", "12024-01-31T00:00:00Z", "''"}) {
    EXPECT_EQ(Problems("submit_time > " + std::string(value)).size(), 1u) << value;
  }
  for (const char* value : {"9223372036854775808", "1.5", "1e3", "''", "+1", "' 1'", "0x1"}) {
    EXPECT_EQ(Problems("queue_position = " + std::string(value)).size(), 1u) << value;
  }
  EXPECT_TRUE(Problems("queue_position = -9223372036854775808").empty());
}

TEST(Filter, BoundsDepthLengthAndTheNumberOfItsComplaints) {
  const auto nested = [](int depth) {
    return std::string(depth, '(') + "state = PENDING" + std::string(depth, ')');
  };
  EXPECT_TRUE(MatchesSteel(nested(32)));
  EXPECT_THAT(Problems(nested(33)),
              testing::ElementsAre("at character 33: has parentheses nested deeper than 32"));
  EXPECT_THAT(Problems(std::string(4000, '(')), testing::SizeIs(1));
  std::string minuses;
  for (int i = 0; i < 2000; ++i) minuses += "-(";
  EXPECT_THAT(Problems(minuses), testing::SizeIs(1));
  EXPECT_THAT(Problems(std::string(4097, ' ')), testing::ElementsAre("is longer than 4096 bytes"));
  std::string many = "x=1";
  while (many.size() < 4000) many += " AND x=1";
  EXPECT_THAT(Problems(many), testing::SizeIs(16));
  const auto shown = Problems(std::string(63, 'a') + "éé = 1");
  EXPECT_THAT(shown[0], testing::HasSubstr(std::string(63, 'a') + "…\" is not a field"));
}

// Whatever the bytes, there is an answer.
TEST(Filter, SurvivesAnyBytes) {
  const std::string whole =
      "NOT (display_name : \"st\\\"eel\" OR state=PENDING) AND submit_time<2024-01-31T12:00:00Z";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    (void)ParseFilter(whole.substr(0, size), Fields());
    for (const char odd : {'\0', '\x80', '\xff', '\n', '(', '"', '-', ':'}) {
      std::string changed = whole;
      if (size < whole.size()) changed[size] = odd;
      (void)ParseFilter(changed, Fields());
    }
  }
  EXPECT_EQ(Problems(std::string("state = \0", 9)).size(), 1u);
  EXPECT_EQ(Problems("<html><body>502</body></html>").size(), 1u);
}

}  // namespace
}  // namespace relais

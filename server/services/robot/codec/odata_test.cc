#include "server/services/robot/codec/odata.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "sandbox/upstreams/robot/odata/expression.h"

namespace relais::robot::odata {
namespace {

std::string Filtered(const Condition& condition) {
  return Query{.top = 10, .filter = condition, .select = "State"}.Render();
}

absl::Time At(const char* text) {
  absl::Time time;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr));
  return time;
}

// What stands behind the path in the requests of the vendor's page.
TEST(OData, EscapesAsTheGoldenRequestLinesSay) {
  EXPECT_EQ(Filtered(Condition::Compare("Robot/Id", "eq", std::int64_t{749})),
            "?$top=10&$filter=Robot%2FId%20eq%20749&$select=State");
  EXPECT_EQ(Filtered(Condition::Compare("Robot/Name", "eq", Text{"DocBot"})),
            "?$top=10&$filter=Robot%2FName%20eq%20%27DocBot%27&$select=State");
  EXPECT_EQ(Filtered(Condition::Compare("Robot/Name", "eq", Text{"!~#$%^&*()_+=-"})),
            "?$top=10&$filter=Robot%2FName%20eq%20%27!~%23$%25%5E%26*()_%2B%3D-%27&$select=State");
  EXPECT_EQ(Filtered(Condition::Compare("Robot/Name", "eq", Text{"O'Neil"})),
            "?$top=10&$filter=Robot%2FName%20eq%20%27O%27%27Neil%27&$select=State");
  const Query recent{.top = 10,
                     .filter = Condition::And({Condition::Compare("State", "eq", Text{"Available"}),
                                               Condition::Compare("ReportingTime", "gt",
                                                                  At("2018-03-05T03:48:04.147Z"))}),
                     .select = "Robot",
                     .expand = "Robot"};
  EXPECT_EQ(recent.Render(),
            "?$top=10&$filter=State%20eq%20%27Available%27%20and%20ReportingTime%20gt%20"
            "2018-03-05T03:48:04.147Z&$select=Robot&$expand=Robot");
  const Query gone{.top = 10,
                   .filter = Condition::Compare("State", "eq", Text{"Disconnected"}),
                   .expand = "Robot"};
  EXPECT_EQ(gone.Render(), "?$top=10&$filter=State%20eq%20%27Disconnected%27&$expand=Robot");
  const Query logs{
      .top = 100, .skip = 200, .filter = Condition::Compare("RobotName", "eq", Text{"DocBot"})};
  EXPECT_EQ(logs.Render(), "?$top=100&$skip=200&$filter=RobotName%20eq%20%27DocBot%27");
  EXPECT_EQ(Argument("processId", Text{"input_output_arguments_example"}),
            "(processId=%27input_output_arguments_example%27)");
}

TEST(OData, WritesLiteralsAsOrchestratorReadsThem) {
  EXPECT_EQ(Render(Guid{"e49c0012-ee01-45e4-884c-0ce1f2aa6fbb"}),
            "e49c0012-ee01-45e4-884c-0ce1f2aa6fbb");
  EXPECT_EQ(Render(true), "true");
  EXPECT_EQ(Render(Null{}), "null");
  EXPECT_EQ(Render(At("2019-10-14T15:55:18.247362651+02:00")), "2019-10-14T13:55:18.2473626Z");
  EXPECT_EQ(Render(At("2019-10-14T13:55:18Z")), "2019-10-14T13:55:18Z");
}

// Of values to 100 ns, those hold that hold for the time itself.
TEST(OData, ComparesWithTimesBetweenTwoTicksAsTheyAre) {
  const absl::Time between = At("2019-10-14T13:55:18.00000015Z");
  const std::string tick = "2019-10-14T13:55:18.0000001Z";
  const auto text = [](std::string_view op, absl::Time time) {
    return Condition::Compare("T", op, time).text();
  };
  EXPECT_EQ(text("gt", between), "T gt " + tick);
  EXPECT_EQ(text("ge", between), "T gt " + tick);
  EXPECT_EQ(text("lt", between), "T le " + tick);
  EXPECT_EQ(text("le", between), "T le " + tick);
  EXPECT_EQ(text("eq", between), "T lt " + tick + " and T gt " + tick);
  EXPECT_EQ(text("ne", between), "not (T lt " + tick + " and T gt " + tick + ")");
  for (const char* op : {"gt", "ge", "lt", "le", "eq", "ne"})
    EXPECT_EQ(text(op, At(tick.c_str())), "T " + std::string(op) + " " + tick);
}

TEST(OData, GroupsWhatIsJoined) {
  const Condition a = Condition::Compare("A", "eq", std::int64_t{1});
  const Condition b = Condition::Contains("B", "x");
  EXPECT_EQ(Condition::And({a, Condition::Or({a, b}), Condition()}).text(),
            "A eq 1 and (A eq 1 or contains(B,'x'))");
  EXPECT_EQ(Condition::Not(Condition::And({a, b})).text(), "not (A eq 1 and contains(B,'x'))");
  EXPECT_EQ(Condition::Or({b, Condition::Not(a)}).text(), "contains(B,'x') or not (A eq 1)");
  EXPECT_TRUE(Condition::And({}).empty());
  EXPECT_EQ(Condition::And({Condition(), a}).text(), "A eq 1");
}

TEST(OData, SaysNothingWhenThereIsNothingToSay) { EXPECT_EQ(Query().Render(), ""); }

// A text of any characters, among them all that mean something to OData or to URLs.
std::string RandomText(std::minstd_rand& random) {
  static const std::vector<std::string> kParts = {
      "'",  "''",       "\"", " and ", " or ", " eq ", "(",
      ")",  "%27",      "%",  "+",     "&",    "#",    "/",
      "\\", "$filter=", "=",  ",",     "é",    "日本", "\xf0\x9f\xa4\x96",
      "a",  "Z",        "0",  " ",     "\t",   "null", "true",
      "--", ";"};
  std::string text;
  for (std::size_t n = random() % 12; n > 0; --n) text += kParts[random() % kParts.size()];
  return text;
}

std::string Decoded(const std::string& option) {
  std::string out;
  for (std::size_t i = 0; i < option.size(); ++i) {
    if (option[i] != '%') {
      EXPECT_EQ(std::string(" \"'<>#&+?\\=").find(option[i]), std::string::npos) << option;
      out += option[i];
      continue;
    }
    out += absl::HexStringToBytes(option.substr(i + 1, 2));
    i += 2;
  }
  return out;
}

// No text, whatever it contains, is taken for anything but a text.
TEST(OData, TextsComeBackAsTheyWere) {
  namespace upstream = ::relais::sandbox::robot;
  std::minstd_rand random(20261127);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = RandomText(random);
    const std::string other = RandomText(random);
    const Condition condition =
        Condition::Or({Condition::Compare("Name", "eq", Text{text}),
                       Condition::And({Condition::Compare("Name", "ne", Text{other}),
                                       Condition::Contains("Info", text)})});
    const std::string sent = Decoded(EncodeOption(condition.text()));
    EXPECT_EQ(sent, condition.text());
    const upstream::ExpressionPtr read = upstream::ParseFilter(sent);
    using Kind = upstream::Expression::Kind;
    const auto text_in = [](const upstream::Expression& comparison) {
      return std::get<std::string>(comparison.parts.at(1)->literal);
    };
    ASSERT_EQ(read->kind, Kind::kOr) << sent;
    ASSERT_EQ(read->parts.at(0)->kind, Kind::kEqual) << sent;
    EXPECT_EQ(text_in(*read->parts[0]), text);
    const upstream::Expression& rest = *read->parts.at(1);
    ASSERT_EQ(rest.kind, Kind::kAnd) << sent;
    EXPECT_EQ(text_in(*rest.parts.at(0)), other);
    EXPECT_EQ(text_in(*rest.parts.at(1)), text);
  }
}

}  // namespace
}  // namespace relais::robot::odata

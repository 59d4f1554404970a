// The language of filters, against a row of which everything is known.
#include "sandbox/upstreams/robot/odata/expression.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "absl/strings/str_replace.h"
#include "sandbox/upstreams/robot/simulator/schema.h"

namespace relais::sandbox::robot {
namespace {

class KnownRow final : public Row {
 public:
  std::string name = "O'Neil";

  Value Get(const Path& path) const override {
    if (path == Path{"Name"} || path == Path{"Robot", "Name"}) return name;
    if (path == Path{"Id"}) return std::int64_t{749};
    if (path == Path{"Nothing"}) return Null();
    if (path == Path{"Enabled"}) return true;
    if (path == Path{"Level"}) return std::string("Warn");
    if (path == Path{"Key"}) return Guid{"e49c0012-ee01-45e4-884c-0ce1f2aa6fbb"};
    if (path == Path{"Time"}) return absl::FromUnixSeconds(1'520'221'684);  // 2018-03-05T03:48:04Z
    throw ODataError("no such property");
  }
  int Ordinal(const Path& path, std::string_view word) const override {
    static const Property& level = *SchemaOf("RobotLogs")->Find("Level");
    return path == Path{"Level"} ? OrdinalOf(level, word) : -1;
  }
};

bool Holds(const std::string& filter) { return Matches(*ParseFilter(filter), KnownRow()); }

TEST(ODataFilter, ComparesValuesOfEveryType) {
  for (const char* filter : {"Id eq 749",
                             "Id eq 749L",
                             "Id ne 748",
                             "Id gt 748",
                             "Id ge 749",
                             "Id lt 749.5",
                             "748 lt Id",
                             "Name eq 'O''Neil'",
                             "Name eq 'o''neil'",
                             "Robot/Name eq 'O''Neil'",
                             "Enabled eq true",
                             "Enabled",
                             "not (Enabled eq false)",
                             "Nothing eq null",
                             "Id ne null",
                             "Key eq E49C0012-ee01-45e4-884c-0ce1f2aa6fbb",
                             "Time eq 2018-03-05T03:48:04Z",
                             "Time lt 2018-03-05T03:48:04.147Z",
                             "Time gt 2018-03-05T03:48:03.9999999Z",
                             "Level ge 'Info'",
                             "Level eq 'WARN'",
                             "Level eq '3'",
                             "Level eq UiPath.Core.Orchestrator.LogLevel'Warn'",
                             "Level in (UiPath.LogLevel'Info', UiPath.LogLevel'3')",
                             "Key eq guid'e49c0012-ee01-45e4-884c-0ce1f2aa6fbb'",
                             "'Error' gt Level",
                             "Id in (1, 749)",
                             "Name in ('a','O''Neil')",
                             "Key in ('E49C0012-ee01-45e4-884c-0ce1f2aa6fbb')"}) {
    EXPECT_TRUE(Holds(filter)) << filter;
  }
  for (const char* filter : {"Id eq 1", "Nothing gt 1", "Nothing eq 1", "Level gt 'Warn'",
                             "Id in (1,2)", "not Enabled", "Name eq 'ONeil'"}) {
    EXPECT_FALSE(Holds(filter)) << filter;
  }
}

TEST(ODataFilter, BindsNotTighterThanAndTighterThanOr) {
  EXPECT_TRUE(Holds("Id eq 749 or Id eq 1 and Id eq 2"));
  EXPECT_FALSE(Holds("(Id eq 749 or Id eq 1) and Id eq 2"));
  EXPECT_FALSE(Holds("not Id eq 749 and Id eq 749"));
  EXPECT_TRUE(Holds("not (Id eq 749 and Id eq 1)"));
}

TEST(ODataFilter, KnowsFunctionsOfText) {
  for (const char* filter :
       {"startswith(Name,'O''N')", "endswith(Name, 'eil')", "contains(Name,'NEI')",
        "startswith(Name,'x') eq false", "tolower(Name) eq 'o''neil'", "toupper(Name) eq 'O''NEIL'",
        "contains(Nothing,'x') eq false"}) {
    EXPECT_TRUE(Holds(filter)) << filter;
  }
}

TEST(ODataFilter, RefusesWhatMakesNoSense) {
  const std::string deep(5000, '(');
  std::string long_filter = "Id eq 1";
  for (int i = 0; i < 40; ++i) long_filter += " or Id eq 1";
  for (const std::string& filter : std::vector<std::string>{"",
                                                            " ",
                                                            "Id eq",
                                                            "eq 1",
                                                            "Id eq 'x",
                                                            "Id eq 1 Id",
                                                            "Id ~ 1",
                                                            "(Id eq 1",
                                                            "Id eq 1)",
                                                            "Name eq 1",
                                                            "Id eq 'x'",
                                                            "Key eq 'x'",
                                                            "'x'",
                                                            "Id",
                                                            "Other eq 1",
                                                            "Robot//Name eq 'x'",
                                                            "startswith(Name)",
                                                            "frobnicate(Name,'x')",
                                                            "Id in ()",
                                                            "Level eq LogLevel'Warn'",
                                                            "Key eq guid'1'",
                                                            "12x eq 1",
                                                            "Id eq \"1\"",
                                                            "Name eq 'a' ; drop",
                                                            deep,
                                                            long_filter}) {
    EXPECT_THROW((void)Holds(filter), ODataError) << filter.substr(0, 40);
  }
}

TEST(ODataFilter, ReadsBackEveryTextThatIsQuoted) {
  std::mt19937 source(7);
  for (int i = 0; i < 2000; ++i) {
    KnownRow row;
    row.name.clear();
    for (int length = static_cast<int>(source() % 20); length > 0; --length) {
      row.name.push_back(static_cast<char>(source() % 255 + 1));
    }
    const std::string filter =
        "Name eq '" + absl::StrReplaceAll(row.name, {{"'", "''"}}) + "' and Id eq 749";
    EXPECT_TRUE(Matches(*ParseFilter(filter), row)) << filter;
  }
}

}  // namespace
}  // namespace relais::sandbox::robot

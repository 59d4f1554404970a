#include "server/services/exports/binding/placeholders.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/core/base/error.h"
#include "server/services/exports/schedule/test_plan.h"

namespace relais::exports {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

PlaceholderValues ValuesOfEaster() {
  absl::TimeZone paris;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Paris", &paris));
  return {.period = CalendarPeriod(v1::GRANULARITY_DAY, absl::CivilDay(2024, 3, 31), paris),
          .zone = paris,
          .texts = {{"export", "closed-files"}, {"extension", ".csv"}, {"file", "Étude.pdf"}}};
}

std::string ExpandedAtEaster(const std::string& text) {
  const auto expanded = Expand(text, ValuesOfEaster());
  return expanded.ok() ? *expanded : std::string(expanded.status().message());
}

TEST(Placeholders, StandForThePeriodAndItsDays) {
  EXPECT_EQ(ExpandedAtEaster("${export}_${period}${extension}"), "closed-files_2024-03-31.csv");
  EXPECT_EQ(ExpandedAtEaster("${period.start} ${period.last_day} ${period.end}"),
            "2024-03-31 2024-03-31 2024-04-01");
  EXPECT_EQ(ExpandedAtEaster("${period.start_time}/${period.end_time}"),
            "2024-03-30T23:00:00Z/2024-03-31T22:00:00Z");
  EXPECT_EQ(ExpandedAtEaster("${period.start:%Y%m%d}-${period.end:%d.%m.%y}"), "20240331-01.04.24");
  EXPECT_EQ(ExpandedAtEaster("${period.start_time:%H%M%S %%}"), "230000 %");
  EXPECT_EQ(ExpandedAtEaster("${period.start:week %V of %G, a %A}"), "week 13 of 2024, a Sunday");
  EXPECT_EQ(ExpandedAtEaster(""), "");
  EXPECT_EQ(ExpandedAtEaster("no place-holder, 5 $, $x, {y}, $$"),
            "no place-holder, 5 $, $x, {y}, $$");
}

TEST(Placeholders, CanBeEscaped) {
  EXPECT_EQ(ExpandedAtEaster("$${period}"), "${period}");
  EXPECT_EQ(ExpandedAtEaster("$$${period}"), "$${period}");
  EXPECT_EQ(ExpandedAtEaster("$${ ${period}"), "${ 2024-03-31");
}

TEST(Placeholders, AreNotReplacedWithinWhatTheyStandFor) {
  PlaceholderValues values = ValuesOfEaster();
  values.texts["file"] = "${export}";
  EXPECT_EQ(Expand("${file}", values).value(), "${export}");
}

TEST(Placeholders, HaveDaysForMonthsAndForSlotsAsWell) {
  PlaceholderValues values = ValuesOfEaster();
  values.period = CalendarPeriod(v1::GRANULARITY_MONTH, absl::CivilDay(2024, 2, 10), values.zone);
  EXPECT_EQ(Expand("${period} ${period.start} ${period.last_day} ${period.end}", values).value(),
            "2024-02 2024-02-01 2024-02-29 2024-03-01");
  values.period = {"20240331T040000Z", InstantFrom("2024-03-30 05:00:00"),
                   InstantFrom("2024-03-31 04:00:00")};
  EXPECT_EQ(
      Expand("${period.start} ${period.last_day} ${period.end} ${period.end_time}", values).value(),
      "2024-03-30 2024-03-31 2024-04-01 2024-03-31T04:00:00Z");
}

TEST(Placeholders, SayWhereTheyAreWrongAndWhatIsKnown) {
  const struct {
    const char* text;
    const char* part;
  } kWrongTemplates[] = {
      {"a ${perod}",
       "At character 3 of the template: there is no such place-holder; known are "
       "period, period.start, period.last_day, period.end, period.start_time, "
       "period.end_time, export, extension, file."},
      {"é${}", "At character 2 of the template: there is no such place-holder"},
      {"${Period}", "no such place-holder"},
      {"${ period}", "no such place-holder"},
      {"ab${period", "At character 3 of the template: \"${\" has no \"}\""},
      {"${period:%Y}", "At character 10 of the template: only days and instants have a format"},
      {"${export:%Y}", "only days and instants have a format"},
      {"${period.start:}", "At character 16 of the template: a format has 1 to 64 characters"},
      {"${period.start:%Y%H}", "At character 18 of the template: one of "},
      {"${period.start_time:%n}", "is expected behind \"%\""},
      {"${period.start_time:%E4Y}", "is expected behind \"%\""},
      {"${period.start_time:%9999999d}", "is expected behind \"%\""},
      {"${period.start_time:%}", "is expected behind \"%\""},
      {"\xff", "no valid UTF-8"},
      {"${period.start:\xc3}", "no valid UTF-8"},
  };
  for (const auto& [text, part] : kWrongTemplates) {
    const auto expanded = Expand(text, ValuesOfEaster());
    ASSERT_FALSE(expanded.ok()) << text;
    EXPECT_THAT(std::string(expanded.status().message()), HasSubstr(part)) << text;
    EXPECT_TRUE(HasReason(expanded.status(), Reason::kInvalidRequest)) << text;
    EXPECT_FALSE(ExpandPath(text, ValuesOfEaster()).ok()) << text;
  }
  EXPECT_TRUE(Expand("${period.start:" + std::string(64, 'x') + "}", ValuesOfEaster()).ok());
  EXPECT_FALSE(Expand("${period.start:" + std::string(65, 'x') + "}", ValuesOfEaster()).ok());
}

template <typename Query>
std::vector<std::string> BoundAtEaster(
    const std::vector<std::pair<std::string, std::string>>& bindings, Query& query) {
  google::protobuf::Map<std::string, std::string> map;
  for (const auto& [path, text] : bindings) map[path] = text;
  Violations violations;
  BindQuery(map, "export.source", ValuesOfEaster(), query, violations);
  std::vector<std::string> wrong;
  for (const Violation& violation : DetailsOf(violations.ToStatus()).violations)
    wrong.push_back(absl::StrCat(violation.field, ": ", violation.description));
  return wrong;
}

template <typename Message>
Message MessageFrom(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

TEST(BindQuery, ExpandsTextsAtAnyDepth) {
  auto query = MessageFrom<v1::Export>(
      "name: '${export}' display_name: '$${period}' "
      "source { records { keyset_field: '${period}' } bindings { key: '${period}' value: "
      "'${period}' } } "
      "columns { field: 'a' } columns { header: 'on ${period.start:%d/%m}' }");
  EXPECT_THAT(BoundAtEaster({}, query), IsEmpty());
  EXPECT_EQ(query.name(), "closed-files");
  EXPECT_EQ(query.display_name(), "${period}");
  EXPECT_EQ(query.source().records().keyset_field(), "2024-03-31");
  ASSERT_EQ(query.source().bindings().size(), 1);
  EXPECT_EQ(query.source().bindings().at("${period}"), "2024-03-31");
  EXPECT_EQ(query.columns(0).field(), "a");
  EXPECT_EQ(query.columns(1).header(), "on 31/03");
}

TEST(BindQuery, TellsWhichTextIsWrong) {
  auto records = MessageFrom<recordsql::v1::StreamRecordsRequest>(
      "keyset_field: '${x}' query { fields: 'ok' fields: '${period' }");
  EXPECT_THAT(BoundAtEaster({}, records),
              ElementsAre(HasSubstr("export.source.records.query.fields[1]: At character 1"),
                          HasSubstr("export.source.records.keyset_field: At character 1")));
}

TEST(BindQuery, SetsFieldsByTheirTypes) {
  v1::Export query;
  EXPECT_THAT(BoundAtEaster({{"create_time", "${period.start_time}"},
                             {"update_time", "2024-03-31T04:00:00.5+02:00"},
                             {"retry.max_attempts", "7"},
                             {"paused", "true"},
                             {"empty", "EMPTY_POLICY_FAIL"},
                             {"name", "${export}"},
                             {"format.xlsx.sheet_name", "S"},
                             {"schedule.cron", "0 0 ${period.start:%e} * *"},
                             {"source.records.skip", "9223372036854775807"},
                             {"source.bindings.key", "$${x}"}},
                            query),
              IsEmpty());
  EXPECT_EQ(query.create_time().seconds(), 1711839600);
  EXPECT_EQ(query.update_time().nanos(), 500'000'000);
  EXPECT_EQ(query.retry().max_attempts(), 7);
  EXPECT_TRUE(query.paused());
  EXPECT_EQ(query.empty(), v1::EMPTY_POLICY_FAIL);
  EXPECT_EQ(query.name(), "closed-files");
  EXPECT_EQ(query.format().xlsx().sheet_name(), "S");
  EXPECT_EQ(query.schedule().cron(), "0 0 31 * *");
  EXPECT_EQ(query.source().records().skip(), 9223372036854775807);
  EXPECT_EQ(query.source().bindings().at("key"), "${x}");
}

TEST(BindQuery, SetsParametersOfRecordSql) {
  auto query = MessageFrom<recordsql::v1::StreamRecordsRequest>(
      "query { where { parameters { key: 'f' value { string_value: 'x' } } } }");
  EXPECT_THAT(BoundAtEaster({{"query.where.parameters.d.date_value", "${period.start}"},
                             {"query.where.parameters.f.date_value", "${period.last_day}"}},
                            query),
              IsEmpty());
  const auto& parameters = query.query().where().parameters();
  ASSERT_EQ(parameters.size(), 2);
  EXPECT_EQ(parameters.at("d").date_value().day(), 31);
  EXPECT_FALSE(parameters.at("f").has_string_value());
  EXPECT_EQ(parameters.at("f").date_value().year(), 2024);
}

TEST(BindQuery, RefusesWhatCannotBeBoundAndSetsNothing) {
  const struct {
    const char* field;
    const char* text;
    const char* part;
  } kWrongBindings[] = {
      {"nme", "x", "there is no field \"nme\" in Export; did you mean \"name\"?"},
      {"", "x", "there is no field"},
      {"name.x", "x", "name has no fields"},
      {"retry.", "x", "there is no field"},
      {"retry..max_attempts", "1", "there is no field"},
      {"retry", "1", "must name a field within the RetryPolicy"},
      {"retry.initial_backoff", "1s", "must name a field within the Duration"},
      {"columns", "x", "columns is repeated"},
      {"columns.0.field", "x", "columns is repeated"},
      {"source.bindings", "x", "bindings is a map: a key must follow"},
      {"source.bindings.", "x", "bindings is a map: a key must follow"},
      {"source.bindings.a.b", "x", "a has no fields"},
      {"retry.max_attempts", "2147483648", "must be a whole number"},
      {"retry.max_attempts", "1.5", "must be a whole number"},
      {"retry.max_attempts", " 1", "must be a whole number"},
      {"paused", "yes", "must be true or false"},
      {"empty", "3", "must be the name of a value of EmptyPolicy"},
      {"create_time", "2024-03-31", "must be an instant of RFC 3339"},
      {"create_time", "infinite-future", "must be an instant of RFC 3339"},
      {"create_time", "9999-12-31T23:59:59-01:00", "must be an instant of RFC 3339"},
      {"name", "${x}", "At character 1 of the template"},
  };
  for (const auto& [field, text, part] : kWrongBindings) {
    v1::Export query;
    EXPECT_THAT(BoundAtEaster({{field, text}}, query),
                ElementsAre(HasSubstr(absl::StrCat("export.source.bindings[", field, "]: ", part))))
        << field;
  }
  v1::ValidateExportRequest validate;
  for (const char* day :
       {"2024-3-31", "2024-02-30", "20240331", "2024-03-31 ", "0000-01-01", "-024-01-01"}) {
    EXPECT_THAT(BoundAtEaster({{"date", day}}, validate), ElementsAre(HasSubstr("must be a day")))
        << day;
  }
  EXPECT_FALSE(validate.has_date());
}

TEST(BindQuery, TakesSixtyFourBindings) {
  std::vector<std::pair<std::string, std::string>> bindings;
  bindings.reserve(65);
  for (int i = 0; i < 64; ++i) bindings.emplace_back(absl::StrCat("source.bindings.k", i), "x");
  v1::Export query;
  EXPECT_THAT(BoundAtEaster(bindings, query), IsEmpty());
  bindings.emplace_back("source.bindings.k64", "x");
  EXPECT_THAT(BoundAtEaster(bindings, query),
              ElementsAre("export.source.bindings: has 65 entries; 64 are allowed"));
}

TEST(BindQuery, LeavesBytesAlone) {
  v1::DownloadExportFileResponse query;
  query.set_chunk("${period}");
  EXPECT_THAT(BoundAtEaster({}, query), IsEmpty());
  EXPECT_EQ(query.chunk(), "${period}");
  EXPECT_THAT(BoundAtEaster({{"chunk", "x"}}, query),
              ElementsAre(HasSubstr("must not name bytes")));
}

}  // namespace
}  // namespace relais::exports

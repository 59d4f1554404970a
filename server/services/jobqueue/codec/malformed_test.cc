// What is no whole answer is refused as such: never a crash, never a part of it.

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "server/core/base/error.h"
#include "server/services/jobqueue/codec/codec.h"

namespace relais::jobqueue {
namespace {

using Json = nlohmann::ordered_json;

// As a transport gives it, with room behind it.
std::string Roomy(std::string_view text) {
  std::string body;
  body.reserve(text.size() + 64);
  body.assign(text);
  return body;
}

const std::pair<const char*, std::function<absl::Status(const std::string&)>> kDecoders[] = {
    {"job", [](const std::string& body) { return DecodeJob(body, "main").status(); }},
    {"jobs", [](const std::string& body) { return DecodeJobs(body, "main").status(); }},
    {"definition", [](const std::string& body) { return DecodeDefinition(body, "main").status(); }},
    {"user", [](const std::string& body) { return DecodeCurrentUser(body).status(); }},
    {"configuration",
     [](const std::string& body) { return DecodeProcessingConfiguration(body).status(); }},
    {"version", [](const std::string& body) { return DecodeServerVersion(body).status(); }},
    {"outputs",
     [](const std::string& body) { return DecodeOutputFiles(body, "main", "ab").status(); }},
    {"deleted", [](const std::string& body) { return DecodeDeletedIds(body).status(); }},
};

void ExpectMalformed(const absl::Status& status, std::string_view what) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << what;
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamMalformedResponse)) << what;
}

Json WholeJob(int number) {
  return {{"id", "6a1f0c2e-98d4-4f0b-8a6f-" + std::to_string(100000000000 + number)},
          {"name", "Stähle \"Q3\""},
          {"description", "Geprüft\n[relais:mfrggzdfmztwq2lk]"},
          {"type", "ExcelImportJob"},
          {"status", "Succeeded"},
          {"position", 3},
          {"submitterName", "ann"},
          {"submitterRoles", {"MI_USER", "MI_WRITE"}},
          {"submissionDate", "2026-11-21T09:15:30.1234567Z"},
          {"scheduledExecutionDate", "2026-11-21T09:15:30Z"},
          {"executionDate", "2026-11-21T09:15:31Z"},
          {"completionDate", "2026-11-21T09:15:32Z"},
          {"inputFileIds", {"u1", "u2"}},
          {"outputFileNames", {"a.log"}},
          {"jobSpecificOutputs",
           {{"summary", R"({"FinishedSuccessfully":true,"NumberOfErrors":0})"},
            {"more", {{"x", {1, 2, nullptr}}}}}}};
}

Json WholeList(int jobs) {
  Json results = Json::array();
  for (int i = 0; i < jobs; ++i) results.push_back(WholeJob(i));
  return {{"totalResultCount", jobs}, {"results", results}};
}

TEST(MalformedAnswer, IsRefusedByEveryDecoder) {
  for (const std::string& body :
       {std::string(),
        std::string(" "),
        std::string("\0", 1),
        std::string("null"),
        std::string("0"),
        std::string("\"id\""),
        std::string("true"),
        std::string("["),
        std::string("{"),
        std::string("[{}]"),
        std::string("[[]]"),
        std::string("[,]"),
        std::string("{\"id\""),
        std::string("{\"id\":}"),
        std::string("{'id':1}"),
        std::string("<html><body><h1>500</h1></body></html>"),
        std::string("id: 0"),
        std::string("{\"id\":\"ab\",\"status\":\"Pending\",}"),
        std::string("{\"id\":\"ab\",\"status\":\"Pending\"}}"),
        std::string("{\"id\":\"ab\",\"status\":\"Pending\"} x"),
        std::string("{\"id\":\"ab\",\"status\":\"Pending\"}{}"),
        std::string("{\"name\":\"\xff\",\"id\":\"ab\",\"status\":\"Pending\"}"),
        std::string("{\"id\":\"ab\",\"status\":\"Pending\",\"x\":\"\\ud80\"}"),
        std::string("{\"id\":\"ab\",\"status\":\"Pending\",\"x\":nope}"),
        std::string("{\"id\":\"ab\",\"status\":\"Pending\",\"x\":[}]}"),
        std::string("{\"id\":\"ab\",\"status\":\"Pen\0ding\"}", 31)}) {
    for (const auto& [name, decode] : kDecoders) {
      SCOPED_TRACE(name);
      ExpectMalformed(decode(body), body);
      ExpectMalformed(decode(Roomy(body)), body);
    }
  }
}

TEST(MalformedJob, HasNoIdOrStatus) {
  ASSERT_TRUE(DecodeJob(WholeJob(1).dump(), "main").ok());
  const std::pair<const char*, std::vector<Json>> wrong[] = {
      {"/id", {nullptr, "", "no id", "../x", 5, Json::array({1})}},
      {"/status", {nullptr, "", 5, Json::array({1})}},
  };
  for (const auto& [pointer, values] : wrong) {
    for (const Json& value : values) {
      Json changed = WholeJob(1);
      changed[Json::json_pointer(pointer)] = value;
      ExpectMalformed(DecodeJob(changed.dump(), "main").status(), changed.dump());
      const Json list = {{"results", {WholeJob(0), changed}}};
      ExpectMalformed(DecodeJobs(list.dump(), "main").status(), changed.dump());
    }
  }
}

// What the gateway only passes on costs neither the job nor the list when it is odd.
TEST(OddJob, LacksWhatIsNotAsItShouldBe) {
  using v1::Job;
  const auto no_text = [](const char* path, std::function<std::string(const Job&)> text) {
    return std::tuple<const char*, std::vector<Json>, std::function<bool(const Job&)>>(
        path, {5, true, Json::array({1}), Json::object({{"x", 1}})},
        [text](const Job& job) { return text(job).empty(); });
  };
  const std::vector<Json> no_times = {"",
                                      "soon",
                                      "2026-11-21",
                                      "2026-02-30T00:00:00Z",
                                      "0001-01-01T00:00:00+02:00",
                                      "9999-12-31T23:59:59-01:00",
                                      "2026-11-21T09:15:30.1234567890Z",
                                      5,
                                      Json::array({1})};
  const std::tuple<const char*, std::vector<Json>, std::function<bool(const Job&)>> odd[] = {
      no_text("/name", [](const Job& job) { return job.display_name(); }),
      no_text("/description", [](const Job& job) { return job.description(); }),
      no_text("/type", [](const Job& job) { return job.raw_type(); }),
      no_text("/submitterName", [](const Job& job) { return job.submitter(); }),
      {"/position",
       {"3", 1.5, 2147483648, Json::array({1})},
       [](const Job& job) { return !job.has_queue_position(); }},
      {"/submitterRoles",
       {"MI_USER", 5, Json::object({{"x", 1}})},
       [](const Job& job) { return job.submitter_roles().empty(); }},
      {"/submitterRoles/0",
       {nullptr, 5, Json::array({"x"})},
       [](const Job& job) { return job.submitter_roles_size() == 1; }},
      {"/submissionDate", no_times, [](const Job& job) { return !job.has_submit_time(); }},
      {"/scheduledExecutionDate", no_times,
       [](const Job& job) { return !job.has_schedule_time(); }},
      {"/executionDate", no_times, [](const Job& job) { return !job.has_start_time(); }},
      {"/completionDate", no_times, [](const Job& job) { return !job.has_end_time(); }},
      {"/inputFileIds",
       {"u1", 5, Json::object({{"x", 1}})},
       [](const Job& job) { return job.input_files().empty(); }},
      {"/inputFileIds/1",
       {nullptr, 5, "", "a\nb"},
       [](const Job& job) { return job.input_files_size() == 1; }},
      {"/outputFileNames", {"a.log", 5}, [](const Job& job) { return job.output_files().empty(); }},
      {"/outputFileNames/0",
       {nullptr, 5, "", std::string("a\0b", 3), std::string(1025, 'x')},
       [](const Job& job) { return job.output_files().empty(); }},
      {"/jobSpecificOutputs",
       {"summary", 5, Json::array({1})},
       [](const Job& job) { return job.raw_outputs().empty(); }},
  };
  for (const auto& [pointer, values, lacks] : odd) {
    for (const Json& value : values) {
      Json changed = WholeJob(1);
      changed["status"] = "Pending";
      changed[Json::json_pointer(pointer)] = value;
      const Json list = {{"results", {WholeJob(0), changed}}};
      const auto jobs = DecodeJobs(list.dump(), "main");
      ASSERT_TRUE(jobs.ok()) << changed.dump() << jobs.status();
      ASSERT_EQ(jobs->jobs.size(), 2U);
      EXPECT_EQ(jobs->jobs[0].job.display_name(), "Stähle \"Q3\"");
      EXPECT_TRUE(lacks(jobs->jobs[1].job)) << changed.dump();
    }
  }
}

TEST(MalformedJob, SaysSomethingTwice) {
  for (const char* again :
       {R"("id":"ab")", R"("status":"Failed")", R"("jobSpecificOutputs":null)"}) {
    std::string body = WholeJob(1).dump();
    body.insert(body.size() - 1, std::string(",") + again);
    ExpectMalformed(DecodeJob(body, "main").status(), again);
  }
  ExpectMalformed(
      DecodeJob(R"({"id":"ab","status":"Pending","jobSpecificOutputs":{"a":"1","a":"2"}})", "main")
          .status(),
      "output");
}

TEST(MalformedList, HasNoResults) {
  for (const char* body :
       {"{}", R"({"totalResultCount":0})", R"({"results":{}})", R"({"results":null})",
        R"({"results":"x"})", R"({"results":[null]})", R"({"results":[[]]})", R"({"results":[{}]})",
        R"({"results":[],"results":[]})", R"({"results":[],"totalResultCount":"0"})",
        R"({"results":nul})", R"({"results":[{"id":"a","status":"Pending"} {}]})"}) {
    ExpectMalformed(DecodeJobs(body, "main").status(), body);
  }
}

TEST(MalformedAnswer, LacksWhatItMustSay) {
  for (const char* body : {"{}", R"({"isAdmin":true})", R"({"isAdmin":true,"hasWriteAccess":null})",
                           R"({"isAdmin":1,"hasWriteAccess":true})"}) {
    ExpectMalformed(DecodeCurrentUser(body).status(), body);
  }
  const Json whole = {{"purgeJobAgeInMilliseconds", 1},
                      {"purgeIntervalInMilliseconds", 1},
                      {"pollingIntervalInMilliseconds", 1},
                      {"concurrency", 1}};
  ASSERT_TRUE(DecodeProcessingConfiguration(whole.dump()).ok());
  for (const auto& member : whole.items()) {
    for (const Json& value : {Json(), Json("1"), Json(1.5), Json(9223372036854775807)}) {
      Json changed = whole;
      changed[member.key()] = value;
      ExpectMalformed(DecodeProcessingConfiguration(changed.dump()).status(), changed.dump());
    }
  }
  for (const char* body : {R"({"inputFileIds":[""]})", R"({"inputFileIds":5})",
                           R"({"parameters":nope})", R"({"parameters":[1})"}) {
    ExpectMalformed(DecodeDefinition(body, "main").status(), body);
  }
}

TEST(MalformedAnswer, IsCutShortAtAnyByte) {
  const std::string body = WholeList(8).dump();
  ASSERT_GT(body.size(), 4000u);
  ASSERT_TRUE(DecodeJobs(body, "main").ok());
  const std::string job = WholeJob(1).dump();
  const std::string definition =
      R"({"name":"n","type":"ExcelImportJob","inputFileIds":["u1"],"parameters":"[{\"fileType\":\"Combined\",\"filePath\":\"p\"}]"})";
  ASSERT_TRUE(DecodeDefinition(definition, "main").ok());
  for (std::size_t size = 0; size < body.size(); ++size) {
    const std::string cut = body.substr(0, size);
    ASSERT_TRUE(HasReason(DecodeJobs(cut, "main").status(), Reason::kUpstreamMalformedResponse));
    ASSERT_FALSE(DecodeJobs(Roomy(cut), "main").ok()) << size;
    ASSERT_TRUE(size >= job.size() || !DecodeJob(job.substr(0, size), "main").ok()) << size;
    ASSERT_TRUE(size >= definition.size() ||
                !DecodeDefinition(definition.substr(0, size), "main").ok())
        << size;
  }
}

// One byte changed is never a crash, and what is accepted is JSON.
TEST(MalformedAnswer, SurvivesAnyByteInAnyPlace) {
  const std::string body = WholeList(1).dump();
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (const char byte :
         {'\0', '"', '\\', '{', '}', '[', ']', ',', ':', '9', 'n', '\xff', '\n'}) {
      std::string changed = body;
      changed[at] = byte;
      for (const auto& [name, decode] : kDecoders) {
        ASSERT_TRUE(!decode(changed).ok() || Json::accept(changed)) << name << changed;
      }
    }
  }
}

TEST(MalformedAnswer, MayBeVeryLargeOrDeep) {
  constexpr std::size_t kSize = 10 << 20;
  for (const std::string& junk :
       {std::string(kSize, 'x'), std::string(kSize, '['), std::string(kSize, '\0'),
        std::string(kSize, '"'), std::string(kSize, ' ')}) {
    ExpectMalformed(DecodeJobs(junk, "main").status(), "junk");
    ExpectMalformed(DecodeDeletedIds(junk).status(), "junk");
  }
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  for (const std::string& body :
       {R"({"id":"ab","status":"Pending","x":)" + deep + "}",
        R"({"id":"ab","status":"Pending","jobSpecificOutputs":{"summary":)" + deep + "}}"}) {
    ExpectMalformed(DecodeJob(body, "main").status(), "deep");
  }
  const auto kept = DecodeJob(R"({"id":"ab","type":"ExcelImportJob","status":"Succeeded",)"
                              R"("jobSpecificOutputs":{"summary":")" +
                                  deep + "\"}}",
                              "main");
  ASSERT_TRUE(kept.ok()) << kept.status();  // a text like any other
  EXPECT_EQ(kept->job.summary_case(), v1::Job::SUMMARY_NOT_SET);
}

}  // namespace
}  // namespace relais::jobqueue

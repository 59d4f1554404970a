// What is no whole answer is refused as such: never a crash, never a part of it.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/core/base/error.h"
#include "server/core/net/http_transport.h"
#include "server/services/recordsql/codec/codec.h"

namespace relais::recordsql {
namespace {

using Json = nlohmann::ordered_json;

// As a transport gives it, with room behind it.
std::string Roomy(std::string_view text) {
  std::string body;
  body.reserve(text.size() + HttpReply::kBodyPadding);
  body.assign(text);
  return body;
}

absl::Status Decode(const std::string& body) {
  RowLayout layout({}, /*fixed=*/false);
  return DecodeExecute(body, {}, layout).status();
}

void ExpectMalformed(const absl::Status& status, std::string_view what) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << what;
  EXPECT_TRUE(HasReason(status, Reason::kUpstreamMalformedResponse)) << what;
}

Json Reply(int rows) {
  Json records = Json::array();
  for (int i = 0; i < rows; ++i) {
    records.push_back(
        {{"record",
          {{"DOS", "998"}, {"REGL", "B" + std::to_string(i)}, {"LIB", "Règlement \"à\" 30 j"}}}});
  }
  return {{"error", 0},       {"txterr", ""},       {"tablename", "T006"},
          {"nbrecord", rows}, {"records", records}, {"infos", "{\"VersionRest\":\"3.05\"}"}};
}

TEST(MalformedAnswer, IsRefusedByEveryDecoder) {
  const std::string nul("{\"error\":0,\"nbrecord\":0,\"records\":[],\"access_token\":\"a\0b\"}",
                        58);
  for (const std::string& body :
       {std::string(),
        std::string(" "),
        std::string("\0", 1),
        std::string("null"),
        std::string("0"),
        std::string("\"error\""),
        std::string("[]"),
        std::string("[{\"error\":0}]"),
        std::string("{}"),
        std::string("{"),
        std::string("{\"error\""),
        std::string("{\"error\":}"),
        std::string("<html><body><h1>500</h1></body></html>"),
        std::string("error: 0"),
        std::string("{'error':0}"),
        std::string("{\"error\":0,}"),
        std::string("{\"error\":0}}"),
        std::string("{\"error\":0} x"),
        std::string("{\"error\":0}{\"error\":0}"),
        std::string("{\"error\":\"0\"}"),
        std::string("{\"error\":null}"),
        std::string("{\"error\":true}"),
        std::string("{\"error\":0.5}"),
        std::string("{\"error\":[0]}"),
        std::string("{\"error\":{}}"),
        std::string("{\"error\":99999999999999999999}"),
        std::string("{\"error\":01}"),
        std::string("{\"error\":54,\"error\":0,\"access_token\":\"a\"}"),
        std::string("{\"error\":0,\"txterr\":\"\xff\",\"access_token\":\"a\"}"),
        std::string("{\"error\":0,\"txterr\":\"\\ud80\",\"access_token\":\"a\"}"),
        std::string("{\"error\":0,\"x\":[}],\"access_token\":\"a\"}"),
        std::string("{\"error\":0,\"x\":nope,\"access_token\":\"a\"}"),
        nul}) {
    ExpectMalformed(Decode(body), body);
    ExpectMalformed(DecodeAuth(body).status(), body);
    ExpectMalformed(DecodeHead(body).status(), body);
    ExpectMalformed(Decode(Roomy(body)), body);
  }
}

TEST(MalformedAnswer, HasWrongTypesOrMissingParts) {
  const std::string head = R"({"error":0,"nbrecord":1,)";
  for (const std::string& body :
       {std::string(R"({"error":0})"),
        std::string(R"({"error":0,"nbrecord":0})"),
        std::string(R"({"error":0,"records":[]})"),
        std::string(R"({"nbrecord":0,"records":[]})"),
        std::string(R"({"error":0,"nbrecord":2,"records":[{"record":{}}]})"),
        std::string(R"({"error":0,"nbrecord":1,"records":null})"),
        std::string(R"({"error":0,"nbrecord":-1,"records":[]})"),
        std::string(R"({"error":0,"nbrecord":"0","records":[]})"),
        std::string(R"({"error":0,"nbrecord":0,"nbrecord":0,"records":[]})"),
        std::string(R"({"error":0,"nbrecord":0,"records":[],"records":[]})"),
        head + R"("records":{}})",
        head + R"("records":"x"})",
        head + R"("records":nul})",
        head + R"("records":nulll})",
        head + R"("records":[{"record":{"A":nulll}}]})",
        head + R"("records":[{"record":{"A":"1"}}],"x":null"y"})",
        head + R"("records":[1]})",
        head + R"("records":[null]})",
        head + R"("records":[[]]})",
        head + R"("records":[{}]})",
        head + R"("records":[{"record":null}]})",
        head + R"("records":[{"record":[]}]})",
        head + R"("records":[{"record":"x"}]})",
        head + R"("records":[{"record":{"A":nul}}]})",
        head + R"("records":[{"record":{"A":tru}}]})",
        head + R"("records":[{"record":{"A":1.2.3}}]})",
        head + R"("records":[{"record":{"A":-}}]})",
        head + R"("records":[{"record":{"A":"\x"}}]})",
        head + R"("records":[{"record":{"A" "B"}}]})",
        head + R"("records":[{"record":{"A":"1","A":"2"}}]})",
        head + R"("records":[{"record":{"A":"1","a":"2"}}]})",
        head + R"("records":[{"record":{},"record":{}}]})",
        head + R"("records":[{"record":{}} {"record":{}}]})",
        head + R"("records":[{"record":{"A":"1"}},]})",
        head + R"("records":[{"other":[}],"record":{}}]})"}) {
    ExpectMalformed(Decode(body), body);
  }
  ExpectMalformed(
      Decode(R"({"error":0,"nbrecord":2,"records":[{"record":{"A":"1"}},{"record":{"B":"1"}}]})"),
      "another column");
  ExpectMalformed(
      Decode(
          R"({"error":0,"nbrecord":2,"records":[{"record":{"A":"1","B":"2"}},{"record":{"B":"1","B":"2"}}]})"),
      "a column twice");
}

TEST(MalformedAnswer, IsWholeButForOneOtherTypeAnywhere) {
  const Json whole = Reply(2);
  const Json others[] = {Json::array({1}), Json::object({{"x", 1}})};
  for (const auto& pointer : {"/error", "/nbrecord", "/records/1", "/records/0/record"}) {
    for (const Json& other : others) {
      if (other.is_object() && std::string(pointer).ends_with("record"))
        continue;  // a record has any columns
      Json changed = whole;
      changed[Json::json_pointer(pointer)] = other;
      ExpectMalformed(Decode(changed.dump()), pointer);
    }
  }
}

// What the gateway only passes on costs nothing else when it is odd.
TEST(OddAnswer, KeepsItsRows) {
  const auto decode = [](const std::string& body) {
    RowLayout layout({}, /*fixed=*/false);
    return DecodeExecute(body, {}, layout);
  };
  const Json whole = Reply(2);
  for (const char* pointer : {"/txterr", "/tablename", "/infos"}) {
    for (const Json& other : {Json::array({1}), Json::object({{"x", 1}})}) {
      Json changed = whole;
      changed[Json::json_pointer(pointer)] = other;
      const auto reply = decode(changed.dump());
      ASSERT_TRUE(reply.ok()) << pointer << reply.status();
      EXPECT_EQ(reply->count, 2);
      EXPECT_EQ(reply->head.text + reply->head.infos + reply->table,
                pointer == std::string("/txterr")      ? "{\"VersionRest\":\"3.05\"}T006"
                : pointer == std::string("/tablename") ? "{\"VersionRest\":\"3.05\"}"
                                                       : "T006");
    }
  }
  const auto reply = decode(
      "\xef\xbb\xbf"
      R"({"error":0.0,"nbrecord":2e0,"records":[{"record":{"A":"\ud83d","B":[1, {"x":null}]}},)"
      R"({"record":{"A":"b","B":{}}}]})");
  ASSERT_TRUE(reply.ok()) << reply.status();
  v1::StreamRecordsResponse message;
  ASSERT_TRUE(message.ParseFromString(reply->batches[0].rows));
  EXPECT_EQ(message.rows(0).values(0).string_value(), "\uFFFD");
  EXPECT_EQ(message.rows(0).values(1).string_value(), R"([1, {"x":null}])");
  EXPECT_EQ(message.rows(1).values(0).string_value(), "b");
  EXPECT_EQ(message.rows(1).values(1).string_value(), "{}");
  for (const char* bad : {"[}]", "{\"x\"}", "[nul]", "[\"\\x\"]"}) {
    ExpectMalformed(
        decode(std::string(R"({"error":0,"nbrecord":1,"records":[{"record":{"A":)") + bad + "}}]}")
            .status(),
        bad);
  }
}

TEST(OddAnswer, TellsAnErrorInTheWordsOfAnOldCodePage) {
  const std::string body = "{\"error\":54,\"txterr\":\"non autoris\xe9\"}";
  const absl::Status malformed = Decode(body);
  ExpectMalformed(malformed, body);
  const auto refusal = DecodeRefusal(body, malformed);
  ASSERT_TRUE(refusal.ok()) << refusal.status();
  EXPECT_EQ(refusal->error, 54);
  EXPECT_EQ(refusal->text, "non autorisé");
  for (const char* none : {"", "<html>", "{\"error\":0,\"txterr\":\"\xe9\"}", "{\"error\":54"})
    EXPECT_EQ(DecodeRefusal(none, malformed).status(), malformed) << none;
}

TEST(MalformedAnswer, IsCutShortAtAnyByte) {
  std::string body = Reply(58).dump();
  ASSERT_GT(body.size(), 4000u);
  ASSERT_TRUE(Decode(body).ok()) << Decode(body);
  for (std::size_t size = 0; size < body.size(); ++size) {
    const std::string cut = body.substr(0, size);
    RowLayout layout({}, /*fixed=*/false);
    const auto tight = DecodeExecute(cut, {.batch_bytes = 64}, layout);
    ASSERT_FALSE(tight.ok()) << size;
    ASSERT_TRUE(HasReason(tight.status(), Reason::kUpstreamMalformedResponse)) << size;
    ASSERT_FALSE(Decode(Roomy(cut)).ok()) << size;
    ASSERT_FALSE(DecodeHead(cut).ok()) << size;
    ASSERT_FALSE(DecodeAuth(cut).ok()) << size;
  }
}

// One byte changed is never a crash, and what is accepted is JSON.
TEST(MalformedAnswer, SurvivesAnyByteInAnyPlace) {
  const std::string body = Reply(3).dump();
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (const char byte :
         {'\0', '"', '\\', '{', '}', '[', ']', ',', ':', '9', 'n', '\xff', '\n'}) {
      std::string changed = body;
      changed[at] = byte;
      ASSERT_TRUE(!Decode(changed).ok() || Json::accept(changed)) << changed;
    }
  }
}

TEST(MalformedAnswer, MayBeVeryLarge) {
  constexpr std::size_t kSize = 10 << 20;
  for (const std::string& junk :
       {std::string(kSize, 'x'), std::string(kSize, '['), std::string(kSize, '\0'),
        std::string(kSize, '"'), std::string(kSize, ' ')}) {
    ExpectMalformed(Decode(junk), "junk");
    ExpectMalformed(DecodeHead(junk).status(), "junk");
  }
  ExpectMalformed(Decode(R"({"error":0,"nbrecord":0,"records":[],"x":)" + std::string(kSize, '[')),
                  "deep");
  std::string nested = R"({"error":0,"nbrecord":0,"records":[],"x":)";
  nested += std::string(1 << 20, '[') + std::string(1 << 20, ']') + "}";
  ExpectMalformed(Decode(nested), "deep");
  ExpectMalformed(DecodeHead(nested).status(), "deep");
}

TEST(LargeAnswer, IsReadWhole) {
  const std::string text(1000, 'x');
  std::string body = R"({"error":0,"nbrecord":10500,"records":[)";
  for (int i = 0; i < 10500; ++i)
    body += (i > 0 ? "," : "") + std::string(R"({"record":{"A":")") + text + "\"}}";
  body += "]}";
  ASSERT_GT(body.size(), std::size_t{10 << 20});
  RowLayout layout({}, /*fixed=*/false);
  const auto reply = DecodeExecute(body, {}, layout);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->count, 10500);
  std::size_t largest = 0;
  for (const RowBatch& batch : reply->batches) largest = std::max(largest, batch.rows.size());
  EXPECT_LT(largest, (std::size_t{128} << 10) + 2000);  // a batch fits into a message
}

TEST(LargeAnswer, MayNotHaveEndlessColumns) {
  std::string record;
  for (int i = 0; i < 5000; ++i) record += (i > 0 ? ",\"C" : "\"C") + std::to_string(i) + "\":\"\"";
  ExpectMalformed(Decode(R"({"error":0,"nbrecord":1,"records":[{"record":{)" + record + "}}]}"),
                  "columns");
}

TEST(Answer, KeepsAnEscapedNulInItsValue) {
  RowLayout layout({}, /*fixed=*/false);
  const auto reply = DecodeExecute(
      R"({"error":0,"nbrecord":1,"records":[{"record":{"A":"a\u0000b"}}]})", {}, layout);
  ASSERT_TRUE(reply.ok()) << reply.status();
  v1::StreamRecordsResponse message;
  ASSERT_TRUE(message.ParseFromString(reply->batches[0].rows));
  EXPECT_EQ(message.rows(0).values(0).string_value(), std::string("a\0b", 3));
}

TEST(Answer, MayHaveMembersThatNobodyKnows) {
  RowLayout layout({}, /*fixed=*/false);
  EXPECT_TRUE(
      DecodeExecute(
          R"({"new":{"a":[1,{"b":null}],"error":9},"error":0,"nbrecord":1,"records":[{"x":[],"record":{"A":"1"},"y":1}]})",
          {}, layout)
          .ok());
}

}  // namespace
}  // namespace relais::recordsql

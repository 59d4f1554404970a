#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "server/core/aip/continuation.h"
#include "server/core/base/error.h"
#include "server/services/recordsql/codec/codec.h"
#include "tests/support/read_text.h"
#include "tests/support/sandbox_catalogue.h"

namespace relais::recordsql {
namespace {

using ::testing::ElementsAre;

RowLayout Open() { return RowLayout({}, /*fixed=*/false); }

RowLayout Fixed(const std::vector<std::string>& names) {
  std::vector<Column> columns;
  for (const std::string& name : names) {
    columns.emplace_back();
    columns.back().name = name;
  }
  return RowLayout(std::move(columns), /*fixed=*/true);
}

v1::StreamRecordsResponse MessageOf(const ExecuteReply& reply, const RowLayout& layout) {
  v1::StreamRecordsResponse message;
  for (const RowBatch& batch : reply.batches) EXPECT_TRUE(message.MergeFromString(batch.rows));
  for (const Column& column : layout.columns) *message.add_columns() = ToProto(column);
  message.set_table(reply.table);
  return message;
}

std::string Texts(const ExecuteReply& reply) {
  v1::StreamRecordsResponse message = MessageOf(reply, Open());
  std::string text;
  for (const v1::Row& row : message.rows()) {
    for (const v1::Value& value : row.values()) {
      text += (value.has_null_value() ? "-" : value.string_value()) + ",";
    }
    text += ";";
  }
  return text;
}

// JSON in testdata/decode, the message it means beside it. The columns come from the sandbox's
// catalogue.
TEST(DecodeExecute, ReadsTheDocumentedReplies) {
  int read = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("server/services/recordsql/codec/testdata/decode")) {
    if (entry.path().extension() != ".json") continue;
    SCOPED_TRACE(entry.path().string());
    auto expected_path = entry.path();
    v1::StreamRecordsResponse expected;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
        ReadText(expected_path.replace_extension(".txtpb")), &expected));
    // The file's name says which RecordSql it is a reply of: "CatFou.all", "ModeReglement.page_2".
    const std::string stem = entry.path().stem().string();
    std::vector<Column> columns;
    for (const Dictionary& dictionary : SandboxCatalogue().dictionaries()) {
      if (const RecordSql* found = dictionary.Find(stem.substr(0, stem.find('.')))) {
        columns = ColumnsOf(*found, SandboxCatalogue().data());
      }
    }
    RowLayout layout(columns, /*fixed=*/false);
    const auto reply = DecodeExecute(ReadText(entry.path()), {}, layout);
    ASSERT_TRUE(reply.ok()) << reply.status();
    const v1::StreamRecordsResponse message = MessageOf(*reply, layout);
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(message, expected))
        << message.DebugString();
    ++read;
  }
  EXPECT_GE(read, 5);
}

TEST(DecodeExecute, ReadsARefusal) {
  RowLayout layout = Open();
  const auto reply = DecodeExecute(
      R"({"error":54,"txterr":"erreur : dhoq '' non autorisé","tablename":"","nbrecord":0,"records":null,"infos":""})",
      {}, layout);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->head.error, 54);
  EXPECT_EQ(reply->head.text, "erreur : dhoq '' non autorisé");
  EXPECT_TRUE(reply->batches.empty());
  EXPECT_FALSE(layout.fixed);
}

TEST(DecodeExecute, AcceptsNoRecordsInBothForms) {
  for (const char* body :
       {R"({"error":0,"nbrecord":0,"records":[]})", R"({"error":0,"nbrecord":0,"records":null})"}) {
    RowLayout layout = Open();
    const auto reply = DecodeExecute(body, {}, layout);
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_EQ(reply->count, 0);
  }
}

TEST(DecodeExecute, ReadsScalarsThatAreNoStringsAsTheirText) {
  RowLayout layout = Open();
  const auto reply = DecodeExecute(
      R"({"error":0,"nbrecord":1,"records":[{"record":{"A":-1.50 ,"B":true,"C":false,"D":null,"E":""}}]})",
      {}, layout);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(Texts(*reply), "-1.50,1,0,-,,;");
}

TEST(DecodeExecute, FindsColumnsInAnyOrderAndCase) {
  RowLayout layout = Fixed({"A", "B", "C"});
  const auto reply = DecodeExecute(
      R"({"records":[{"record":{"c":"3","A":"1","B":"2"}},{"record":{"B":"5"}},{"record":{"A":"7","B":"8","C":"9"}}],
          "nbrecord":3,"error":0})",
      {}, layout);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(Texts(*reply), "1,2,3,;-,5,-,;7,8,9,;");
}

TEST(DecodeExecute, TakesNamesForWhatTheyMeanNotForHowTheyAreWritten) {
  RowLayout layout = Open();
  const auto escaped = DecodeExecute(
      R"({"error":0,"nbrecord":2,"records":[{"record":{"a\":\"x":"1","\u00e9":"2"}},{"record":{"é":"4","a\":\"x":"3"}}]})",
      {}, layout);
  ASSERT_TRUE(escaped.ok()) << escaped.status();
  EXPECT_EQ(Texts(*escaped), "1,2,;3,4,;");
  RowLayout other = Open();
  EXPECT_FALSE(
      DecodeExecute(
          R"({"error":0,"nbrecord":2,"records":[{"record":{"a\":\"x":"1"}},{"record":{"a":"x"}}]})",
          {}, other)
          .ok());
  RowLayout backslash = Open();
  EXPECT_FALSE(
      DecodeExecute(
          R"({"error":0,"nbrecord":2,"records":[{"record":{"\\u0041":"1"}},{"record":{"\u0041":"2"}}]})",
          {}, backslash)
          .ok());
}

TEST(DecodeExecute, CutsBatchesBySizeAndKeepsTheirLastKey) {
  std::string records;
  for (int i = 1; i <= 10; ++i) {
    records += (i > 1 ? "," : "") + std::string(R"({"record":{"T_ID":")") + std::to_string(i) +
               R"(","X":"0123456789"}})";
  }
  RowLayout layout = Fixed({"X"});
  const auto reply =
      DecodeExecute(R"({"error":0,"nbrecord":10,"records":[)" + records + "]}",
                    {.batch_bytes = 40, .key_column = "T_ID", .key_is_number = true}, layout);
  ASSERT_TRUE(reply.ok()) << reply.status();
  std::vector<std::string> keys;
  for (const RowBatch& batch : reply->batches) {
    v1::StreamRecordsResponse message;
    ASSERT_TRUE(message.ParseFromString(batch.rows));
    EXPECT_EQ(message.rows(0).values_size(), 1);  // the key is not a value
    keys.push_back(batch.last_key);
  }
  EXPECT_THAT(keys, ElementsAre("3", "6", "9", "10"));
}

TEST(DecodeExecute, RefusesKeysThatDoNotAscend) {
  const DecodeOptions options{.key_column = "ID", .key_before = "5", .key_is_number = true};
  const auto decode = [&](const std::string& ids) {
    std::string records;
    int count = 0;
    for (std::size_t at = 0; at < ids.size(); ++at, ++count) {
      const std::size_t end = std::min(ids.find(' ', at), ids.size());
      records += (at > 0 ? "," : "") + std::string(R"({"record":{"ID":)") +
                 ids.substr(at, end - at) + "}}";
      at = end;
    }
    RowLayout layout = Open();
    return DecodeExecute(R"({"error":0,"records":[)" + records + R"(],"nbrecord":)" +
                             std::to_string(count) + "}",
                         options, layout)
        .status();
  };
  EXPECT_TRUE(decode("\"6\" \"7\" \"100\"").ok());
  for (const char* ids :
       {"\"5\"", "\"6\" \"6\"", "\"7\" \"6\"", "\"6\" \"x\"", "\"6\" \"\"", "null", "\"6.5\""}) {
    EXPECT_EQ(decode(ids).code(), absl::StatusCode::kFailedPrecondition) << ids;
    EXPECT_TRUE(HasReason(decode(ids), Reason::kKeysetNotOrdered)) << ids;
  }
  RowLayout any = Open();
  const auto long_key = [&any](std::size_t size) {
    return DecodeExecute(R"({"error":0,"nbrecord":1,"records":[{"record":{"ID":")" +
                             std::string(size, 'k') + R"("}}]})",
                         {.key_column = "ID"}, any)
        .status();
  };
  EXPECT_TRUE(long_key(3000).ok());
  EXPECT_TRUE(long_key(kMostKeyValueBytes).ok());
  EXPECT_TRUE(HasReason(long_key(kMostKeyValueBytes + 1), Reason::kKeysetNotOrdered));
  // What is told of the longest key can be gone on from.
  const std::string token =
      EncodeContinuation({.key = std::string(kColumnsHashBytes + kMostKeyValueBytes, 'k')}, 1);
  EXPECT_TRUE(DecodeContinuation(token, 1, Reason::kInvalidResumeToken).ok());
  RowLayout layout = Open();
  EXPECT_TRUE(HasReason(
      DecodeExecute(R"({"error":0,"nbrecord":1,"records":[{"record":{"A":"1"}}]})", options, layout)
          .status(),
      Reason::kKeysetNotOrdered));
}

TEST(DecodeAuth, FindsTheToken) {
  const auto reply = DecodeAuth(R"({"error":0,"access_token":"abc","txterr":"","infos":"x"})");
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->token, "abc");
  EXPECT_EQ(reply->head.infos, "x");
}

TEST(DecodeAuth, ReadsBothSpellingsOfTheText) {
  EXPECT_EQ(DecodeAuth(R"({"error":1,"txterror":"non"})")->head.text, "non");
  EXPECT_EQ(DecodeAuth(R"({"error":1,"txterr":"non","access_token":null})")->head.text, "non");
}

TEST(DecodeAuth, RefusesASuccessWithoutAToken) {
  for (const char* body :
       {R"({"error":0})", R"({"error":0,"access_token":""})", R"({"error":0,"access_token":null})",
        R"({"error":0,"access_token":["a"]})", R"({"access_token":"a"})"}) {
    EXPECT_TRUE(HasReason(DecodeAuth(body).status(), Reason::kUpstreamMalformedResponse)) << body;
  }
}

TEST(FlattenInfos, GivesEveryLeafItsPath) {
  const auto values = FlattenInfos(
      R"({"VersionRest":"3.05","xperf":{"TimeSQL":"187","n":1.5,"b":true,"l":[1,"x"],"z":null}})");
  EXPECT_THAT(values, ElementsAre(std::pair("VersionRest", "3.05"),
                                  std::pair("xperf.TimeSQL", "187"), std::pair("xperf.b", "true"),
                                  std::pair("xperf.l", "[1,\"x\"]"), std::pair("xperf.n", "1.5")));
}

TEST(FlattenInfos, IsEmptyForAnythingThatIsNoJsonObject) {
  for (const char* infos :
       {"", "texte", "[1]", "{", R"({"a":"b" "c"})", "\"x\"", "{\"a\":\"\xff\"}"}) {
    EXPECT_TRUE(FlattenInfos(infos).empty()) << infos;
  }
  EXPECT_TRUE(FlattenInfos(R"({"a":")" + std::string(70000, 'x') + "\"}").empty());
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += R"({"a":)";
  EXPECT_TRUE(FlattenInfos(deep + "1" + std::string(5000, '}')).empty());
}

TEST(UpstreamTime, IsFourteenDigitsInUtc) {
  EXPECT_EQ(ParseUpstreamTime("20230314164105"), absl::FromUnixSeconds(1678812065));
  for (const char* text :
       {"", "20230314", "20230230000000", "2023031416410x", " 2023031416410", "infinite-futur"}) {
    EXPECT_FALSE(ParseUpstreamTime(text)) << text;
  }
}

}  // namespace
}  // namespace relais::recordsql

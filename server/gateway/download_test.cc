#include "server/gateway/download.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace relais::gateway {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

TEST(ContentDisposition, HasThePlainNameForOldCallersAndTheWholeOneForOthers) {
  EXPECT_EQ(ContentDisposition("steels & alloys.log"),
            "attachment; filename=\"steels & alloys.log\"; "
            "filename*=UTF-8''steels%20&%20alloys.log");
  EXPECT_EQ(ContentDisposition("é.csv"),
            "attachment; filename=\"__.csv\"; filename*=UTF-8''%c3%a9.csv");
}

TEST(ContentDisposition, CannotBeBrokenOutOf) {
  EXPECT_EQ(ContentDisposition("a\"; x=\"\r\nset-cookie: b\\..\\c%41"),
            "attachment; filename=\"c_41\"; filename*=UTF-8''c%2541");
  EXPECT_EQ(ContentDisposition("a\"\r\n\x7f"),
            "attachment; filename=\"a____\"; filename*=UTF-8''a%22%0d%0a%7f");
  EXPECT_EQ(ContentDisposition("../../etc/passwd"),
            "attachment; filename=\"passwd\"; filename*=UTF-8''passwd");
  EXPECT_EQ(ContentDisposition("folder/"), "attachment");
}

// The example of RFC 9530, appendix B.
TEST(ReprDigest, IsThatOfTheStandard) {
  DownloadContent content(1);
  content.Chunk("{\"hello\": ");
  content.Chunk("\"world\"}\n");
  EXPECT_EQ(ReprDigest(content.Finish()), "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
  EXPECT_EQ(content.sent(), 19);
}

TEST(DownloadAsABody, TellsWhatIsKnownBeforeTheContent) {
  type::v1::FileMetadata metadata;
  metadata.set_file_name("a.txt");
  const auto unknown = Download<google::api::HttpBody>::Metadata(metadata);
  EXPECT_THAT(unknown.metadata, Contains(Pair("x-content-type-options", "nosniff")));
  EXPECT_THAT(unknown.metadata, Not(Contains(Key("x-relais-size-bytes"))));
  metadata.set_size_bytes(0);
  const auto empty = Download<google::api::HttpBody>::Metadata(metadata);
  EXPECT_THAT(empty.metadata, Contains(Pair("x-relais-size-bytes", "0")));
  rpc::Buffer buffer = *empty.message;
  google::api::HttpBody body;
  ASSERT_TRUE(rpc::ParseMessage(buffer, body).ok());
  EXPECT_EQ(body.content_type(), "application/octet-stream");
}

TEST(DownloadAsABody, EndsWithItsDigest) {
  Download<google::api::HttpBody> download;
  const auto end = download.Trailer(download.Finish());
  EXPECT_FALSE(end.message);
  EXPECT_THAT(
      end.metadata,
      ElementsAre(Pair("repr-digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")));
}

}  // namespace
}  // namespace relais::gateway

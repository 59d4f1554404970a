#include "server/services/exports/delivery/s3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/sha256.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/temporary_folder.h"

namespace relais::exports {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::Pair;

constexpr char kCreated[] =
    "<InitiateMultipartUploadResult><UploadId>u+1</UploadId></InitiateMultipartUploadResult>";

std::string S3ErrorOf(const std::string& code) {
  return absl::StrCat("<Error><Code>", code, "</Code><Message>words</Message></Error>");
}

class ABucket : public testing::Test {
 protected:
  FakeHttpTransport& Use(std::int64_t part_bytes) {
    auto transport = std::make_unique<FakeHttpTransport>();
    transport_ = transport.get();
    auto bucket = std::make_unique<S3Bucket>("http://s3", "bucket",
                                             AwsSignature{.region = "r", .service = "s3"},
                                             absl::Seconds(1), std::move(transport), scheduler_);
    destination_ = std::make_unique<S3Destination>(std::move(bucket), "in/", part_bytes);
    return *transport_;
  }
  OutgoingFile FileAt(std::string path, std::int64_t size, bool replace = true) const {
    std::ofstream(local_) << "";
    std::filesystem::resize_file(local_, static_cast<std::size_t>(size));
    return {.local_path = local_,
            .path = std::move(path),
            .size_bytes = size,
            .sha256 = "abc",
            .media_type = "text/csv",
            .replace = replace,
            .id = "run-1"};
  }
  absl::Status Put(const OutgoingFile& file) { return destination_->Put(CallContext(), file); }
  std::vector<std::string> Asked() const {
    std::vector<std::string> asked;
    for (const HttpRequest& request : transport_->requests())
      asked.push_back(absl::StrCat(request.method, " ", request.url));
    return asked;
  }

  TemporaryFolder folder_;
  const std::string local_ = folder_.path() + "/local";
  ThreadScheduler scheduler_;
  FakeHttpTransport* transport_ = nullptr;
  std::unique_ptr<S3Destination> destination_;
};

TEST_F(ABucket, GetsASmallFileByOnePut) {
  Use(10).Reply(200);
  ASSERT_TRUE(Put(FileAt("a b/ö+.csv", 10)).ok());
  EXPECT_THAT(Asked(), ElementsAre("PUT http://s3/bucket/in/a%20b/%C3%B6%2B.csv"));
  const HttpRequest request = transport_->requests().front();
  EXPECT_THAT(request.headers, Contains(Pair("x-amz-meta-relais-run", "run-1")));
  EXPECT_THAT(request.headers, Contains(Pair("x-amz-meta-sha256", "abc")));
  EXPECT_THAT(request.headers, Contains(Pair("x-amz-content-sha256", "abc")));
  EXPECT_THAT(request.headers, Not(Contains(Pair("If-None-Match", "*"))));
  ASSERT_NE(request.signature, nullptr);
}

TEST_F(ABucket, GetsALargeFileInParts) {
  Use(4).Reply(200, kCreated).Otherwise([](const CallContext&, const HttpRequest&) {
    return MakeReply(200, "", {{"etag", "\"e<&\""}});
  });
  ASSERT_TRUE(Put(FileAt("a", 10)).ok());
  EXPECT_THAT(Asked(), ElementsAre("POST http://s3/bucket/in/a?uploads=",
                                   "PUT http://s3/bucket/in/a?partNumber=1&uploadId=u%2B1",
                                   "PUT http://s3/bucket/in/a?partNumber=2&uploadId=u%2B1",
                                   "PUT http://s3/bucket/in/a?partNumber=3&uploadId=u%2B1",
                                   "POST http://s3/bucket/in/a?uploadId=u%2B1"));
  const std::vector<HttpRequest> requests = transport_->requests();
  EXPECT_EQ(requests[3].file.offset, 8);
  EXPECT_EQ(requests[3].file.size, 2);
  EXPECT_THAT(requests[1].headers,
              Contains(Pair("x-amz-content-sha256", Sha256Hex(std::string(4, '\0')))));
  EXPECT_NE(requests[4].body.find("<Part><PartNumber>3</PartNumber><ETag>\"e&lt;&amp;\"</ETag>"),
            std::string::npos)
      << requests[4].body;
  EXPECT_THAT(requests[4].headers, Contains(Pair("Content-Type", "application/xml")));
  EXPECT_FALSE(requests[4].repeatable);
}

TEST_F(ABucket, GetsNoMorePartsThanItTakes) {
  Use(1).Reply(200, kCreated).Otherwise([](const CallContext&, const HttpRequest&) {
    return MakeReply(200, "", {{"etag", "e"}});
  });
  ASSERT_TRUE(Put(FileAt("a", 10'001)).ok());
  EXPECT_EQ(transport_->request_count(), 2U + 5'001U);
}

TEST_F(ABucket, MaySayThatItHasFailedWhenItHasBegunToAnswer) {
  Use(4)
      .Reply(200, kCreated)
      .Reply(200, "", {{"etag", "e"}})
      .Reply(200, "", {{"etag", "e"}})
      .Reply(200, "  \n" + S3ErrorOf("InternalError"))
      .Reply(204);
  const absl::Status put = Put(FileAt("a", 8));
  EXPECT_FALSE(put.ok());
  EXPECT_EQ(Asked().back(), "DELETE http://s3/bucket/in/a?uploadId=u%2B1");
}

TEST_F(ABucket, KeepsNothingOfAnUploadThatFails) {
  Use(4).Reply(200, kCreated).Reply(503, S3ErrorOf("SlowDown")).Reply(204);
  EXPECT_TRUE(HasReason(Put(FileAt("a", 8)), Reason::kUpstreamRateLimited));
  EXPECT_EQ(Asked().back(), "DELETE http://s3/bucket/in/a?uploadId=u%2B1");
}

TEST_F(ABucket, KeepsAnotherFileThatMustNotBeReplaced) {
  Use(10).Reply(200, "", {{"x-amz-meta-sha256", "other"}});
  EXPECT_TRUE(HasReason(Put(FileAt("a", 3, false)), Reason::kResourceExists));
  EXPECT_EQ(transport_->request_count(), 1U);
  Use(10).Reply(200, "", {{"x-amz-meta-sha256", "abc"}});
  EXPECT_TRUE(Put(FileAt("a", 3, false)).ok());
  // Somebody is faster.
  Use(10).Reply(404).Reply(412, S3ErrorOf("PreconditionFailed")).Reply(200);
  EXPECT_TRUE(HasReason(Put(FileAt("a", 3, false)), Reason::kResourceExists));
  EXPECT_THAT(transport_->requests()[1].headers, Contains(Pair("If-None-Match", "*")));
}

TEST_F(ABucket, SaysWhatIsWrongByItsCodes) {
  for (const auto& [status, code, reason] : std::vector<std::tuple<int, std::string, Reason>>{
           {403, "SignatureDoesNotMatch", Reason::kGatewayCredentialRejected},
           {403, "AccessDenied", Reason::kAccessDenied},
           {400, "AuthorizationHeaderMalformed", Reason::kGatewayCredentialRejected},
           {400, "RequestTimeout", Reason::kUpstreamUnavailable},
           {404, "NoSuchBucket", Reason::kResourceNotFound},
           {409, "OperationAborted", Reason::kUpstreamUnavailable},
           {500, "InternalError", Reason::kUpstreamUnavailable},
           {503, "SlowDown", Reason::kUpstreamRateLimited}}) {
    Use(10).Reply(status, S3ErrorOf(code));
    const absl::Status put = Put(FileAt("a", 3));
    EXPECT_TRUE(HasReason(put, reason)) << code << ": " << put;
    EXPECT_EQ(put.message().find("words"), absl::string_view::npos);
  }
}

TEST_F(ABucket, ListsUploadsToTheirEndWhenItIsCleanedUp) {
  const auto page = [](const std::string& uploads, const std::string& end) {
    return absl::StrCat("<ListMultipartUploadsResult>", uploads, end,
                        "</ListMultipartUploadsResult>");
  };
  Use(10)
      .Reply(200, page("<Upload><Key>in/a</Key><UploadId>1</UploadId></Upload>"
                       "<Upload><UploadId>2</UploadId><Key>in/a.gz</Key></Upload>",
                       "<IsTruncated>true</IsTruncated><NextKeyMarker>in/a</NextKeyMarker>"
                       "<NextUploadIdMarker>1</NextUploadIdMarker>"))
      .Reply(204)
      .Reply(200, page("<Upload><Key>in/a</Key><UploadId>3</UploadId></Upload>", ""))
      .Reply(404, S3ErrorOf("NoSuchUpload"));
  EXPECT_TRUE(destination_->CleanUp(CallContext(), FileAt("a", 3)).ok());
  EXPECT_THAT(
      Asked(),
      ElementsAre("GET http://s3/bucket/?max-uploads=100&prefix=in%2Fa&uploads=",
                  "DELETE http://s3/bucket/in/a?uploadId=1",
                  "GET http://s3/bucket/"
                  "?key-marker=in%2Fa&max-uploads=100&prefix=in%2Fa&upload-id-marker=1&uploads=",
                  "DELETE http://s3/bucket/in/a?uploadId=3"));
}

}  // namespace
}  // namespace relais::exports

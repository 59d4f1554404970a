// Deliveries to moto's S3, which checks every signature.

#include "server/services/exports/delivery/s3.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/net/curl/transport.h"
#include "server/services/exports/delivery/s3_bucket.h"
#include "tests/delivery/delivery.h"
#include "tests/delivery/server_process.h"
#include "tests/delivery/servers.h"

namespace relais::delivery {
namespace {

constexpr std::int64_t kPartBytes = 5 << 20;
constexpr std::size_t kTwelveMebibytes = 12 << 20;

class AnS3Server : public DeliveryTest {
 protected:
  AnS3Server() : prefix_(FreshFolder() + "/a+b c/"), bucket_(BucketOver(nullptr)) {
    config::v1::S3Destination& s3 = *settings_.mutable_s3();
    s3.set_endpoint(S3().endpoint);
    s3.set_region("us-east-1");
    s3.set_bucket(kBucket);
    s3.set_prefix(prefix_);
    s3.set_access_key_id(S3().access_key_id);
    s3.set_part_bytes(kPartBytes);
    destination_ = Make(settings_, kSecrets);
  }

  std::unique_ptr<exports::S3Bucket> BucketOver(std::unique_ptr<HttpTransport> transport) {
    if (transport == nullptr) transport = std::make_unique<CurlTransport>(CurlOptions());
    return std::make_unique<exports::S3Bucket>(
        S3().endpoint, kBucket,
        AwsSignature{.region = "us-east-1",
                     .service = "s3",
                     .access_key_id = S3().access_key_id,
                     .secret_access_key = Secret(S3().secret_access_key)},
        absl::Seconds(30), std::move(transport), scheduler_);
  }
  HttpReply There(const std::string& path, const std::string& method = "GET") {
    const auto reply = bucket_->Exchange(CallContext(), {.method = method, .key = prefix_ + path});
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() ? *reply : HttpReply();
  }
  // Whether an upload in parts has not ended.
  bool HasUploads() {
    const auto reply = bucket_->Exchange(
        CallContext(), {.method = "GET", .query = {{"prefix", prefix_}, {"uploads", ""}}});
    EXPECT_TRUE(reply.ok() && reply->status == 200) << reply.status();
    return reply.ok() && reply->body.find("<UploadId>") != std::string::npos;
  }
  void BeginUpload(const std::string& path) {
    const auto reply = bucket_->Exchange(
        CallContext(), {.method = "POST", .key = prefix_ + path, .query = {{"uploads", ""}}});
    EXPECT_TRUE(reply.ok() && reply->status == 200) << reply.status();
  }

  const Secrets kSecrets = {{"s3.secret_access_key", S3().secret_access_key}};
  const std::string prefix_;
  const std::unique_ptr<exports::S3Bucket> bucket_;
};

TEST_F(AnS3Server, GetsFilesWholeWhateverTheirNames) {
  for (const char* name : kHardNames) {
    const std::string content = absl::StrCat("content of ", name);
    const absl::Status put = Put(FileOf(content, absl::StrCat("2024/", name)));
    ASSERT_TRUE(put.ok()) << name << ": " << put;
    EXPECT_EQ(There(absl::StrCat("2024/", name)).body, content);
  }
}

TEST_F(AnS3Server, IsToldWhatAFileIs) {
  const exports::OutgoingFile file = FileOf("a;b\n", "a.csv");
  ASSERT_TRUE(Put(file).ok());
  const HttpReply head = There("a.csv", "HEAD");
  EXPECT_EQ(head.Header("content-type"), "text/csv; charset=utf-8");
  EXPECT_EQ(head.Header("x-amz-meta-relais-run"), "run-1");
  EXPECT_EQ(head.Header("x-amz-meta-sha256"), file.sha256);
}

TEST_F(AnS3Server, GetsLargeFilesInParts) {
  const std::string large = ContentOfSize(kTwelveMebibytes);
  const exports::OutgoingFile file = FileOf(large, "large b\"ö%.bin");
  const absl::Status put = Put(file);
  ASSERT_TRUE(put.ok()) << put;
  const HttpReply there = There("large b\"ö%.bin");
  EXPECT_TRUE(there.body == large);
  EXPECT_EQ(there.Header("content-type"), "text/csv; charset=utf-8");
  EXPECT_EQ(there.Header("x-amz-meta-sha256"), file.sha256);
  EXPECT_NE(there.Header("etag").value_or("").find("-3"), std::string_view::npos);
  EXPECT_FALSE(HasUploads());
}

TEST_F(AnS3Server, ReplacesAFileOrRefusesTo) {
  ASSERT_TRUE(Put(FileOf("old", "a.csv")).ok());
  const absl::Status refused = Put(FileOf("new", "a.csv", false));
  EXPECT_TRUE(HasReason(refused, Reason::kResourceExists)) << refused;
  EXPECT_EQ(There("a.csv").body, "old");
  EXPECT_TRUE(Put(FileOf("old", "a.csv", false)).ok());
  ASSERT_TRUE(Put(FileOf("new", "a.csv")).ok());
  EXPECT_EQ(There("a.csv").body, "new");
  ASSERT_TRUE(Put(FileOf("", "empty", false)).ok());
  EXPECT_EQ(There("empty").status, 200);
}

TEST_F(AnS3Server, RefusesAWrongKeyAndAWrongSecret) {
  destination_ = Make(settings_, {{"s3.secret_access_key", "another"}});
  const absl::Status secret = Put(FileOf("x", "a.csv"));
  EXPECT_TRUE(HasReason(secret, Reason::kGatewayCredentialRejected)) << secret;
  settings_.mutable_s3()->set_access_key_id("AKIAANOTHER");
  destination_ = Make(settings_, kSecrets);
  const absl::Status key = Put(FileOf("x", "a.csv"));
  EXPECT_TRUE(HasReason(key, Reason::kGatewayCredentialRejected)) << key;
  EXPECT_EQ(There("a.csv", "HEAD").status, 404);
}

TEST_F(AnS3Server, LacksABucket) {
  settings_.mutable_s3()->set_bucket("another");
  destination_ = Make(settings_, kSecrets);
  const absl::Status put = Put(FileOf("x", "a.csv"));
  EXPECT_TRUE(HasReason(put, Reason::kResourceNotFound)) << put;
}

TEST_F(AnS3Server, ThatIsDownIsUnavailable) {
  settings_.mutable_s3()->set_endpoint(absl::StrCat("http://127.0.0.1:", FreePort()));
  destination_ = Make(settings_, kSecrets);
  const absl::Status put = Put(FileOf("x", "a.csv"));
  EXPECT_EQ(put.code(), absl::StatusCode::kUnavailable) << put;
}

// Cancels a call when its second part has been sent.
class CancellingTransport final : public HttpTransport {
 public:
  explicit CancellingTransport(std::stop_source& stop) : stop_(stop), curl_(CurlOptions()) {}
  absl::StatusOr<HttpReply> Send(const CallContext& context, const HttpRequest& request,
                                 absl::Duration timeout) override {
    absl::StatusOr<HttpReply> reply = curl_.Send(context, request, timeout);
    if (request.url.find("partNumber=2") != std::string::npos) stop_.request_stop();
    return reply;
  }
  absl::StatusOr<std::unique_ptr<HttpStream>> Open(const CallContext& context,
                                                   const HttpRequest& request,
                                                   absl::Duration timeout) override {
    return curl_.Open(context, request, timeout);
  }

 private:
  std::stop_source& stop_;
  CurlTransport curl_;
};

TEST_F(AnS3Server, KeepsNothingOfAnUploadThatIsCancelled) {
  std::stop_source stop;
  exports::S3Destination destination(BucketOver(std::make_unique<CancellingTransport>(stop)),
                                     prefix_, kPartBytes);
  const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
  const absl::Status put =
      destination.Put(context, FileOf(ContentOfSize(kTwelveMebibytes), "large"));
  EXPECT_EQ(put.code(), absl::StatusCode::kCancelled) << put;
  EXPECT_EQ(There("large", "HEAD").status, 404);
  EXPECT_FALSE(HasUploads());
}

TEST_F(AnS3Server, LosesOnlyUploadsOfTheKeyWhenItIsCleanedUp) {
  const exports::OutgoingFile file = FileOf("x", "a b.csv");
  EXPECT_TRUE(CleanUp(file).ok());
  ASSERT_TRUE(Put(file).ok());
  for (int i = 0; i < 3; ++i) BeginUpload("a b.csv");
  BeginUpload("a b.csv.gz");
  const absl::Status cleaned = CleanUp(file);
  EXPECT_TRUE(cleaned.ok()) << cleaned;
  EXPECT_EQ(There("a b.csv").body, "x");
  EXPECT_TRUE(HasUploads());
  EXPECT_TRUE(CleanUp(FileOf("x", "a b.csv.gz")).ok());
  EXPECT_FALSE(HasUploads());
}

TEST_F(AnS3Server, HasTheFileAfterAGatewayHasDied) {
  if (!HasFailpoints()) GTEST_SKIP() << "this build has no failpoints";
  const exports::OutgoingFile file = FileOf(ContentOfSize(kTwelveMebibytes), "large", false);
  for (const char* place :
       {"delivery.part_sent", "delivery.part_sent:1", "delivery.before_complete"}) {
    EXPECT_EXIT(DeliverUntil(place, *destination_, file), testing::KilledBySignal(SIGKILL), "");
    EXPECT_EQ(There("large", "HEAD").status, 404) << place;
    EXPECT_TRUE(HasUploads()) << place;
    EXPECT_TRUE(CleanUp(file).ok()) << place;
    EXPECT_FALSE(HasUploads()) << place;
  }
  EXPECT_EXIT(DeliverUntil("delivery.completed", *destination_, file),
              testing::KilledBySignal(SIGKILL), "");
  EXPECT_TRUE(Put(file).ok());
}

}  // namespace
}  // namespace relais::delivery

#include "server/services/exports/delivery/s3_upload.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/core/base/clock.h"
#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/sha256.h"
#include "server/core/base/text/view.h"
#include "server/services/exports/delivery/xml_texts.h"

namespace relais::exports {
namespace {

constexpr std::int64_t kMostS3Parts = 10000;
constexpr absl::Duration kAbortTimeout = absl::Seconds(10);
constexpr char kUploadsAtOnce[] = "100";
constexpr int kMostPagesOfUploads = 100;

absl::Status MalformedS3Reply() {
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
         << "The reply of the destination is not what S3 answers.";
}

// The upload under way, for one thread.
class S3Upload {
 public:
  S3Upload(const CallContext& context, S3Bucket& bucket, const std::string& key)
      : context_(context), bucket_(bucket), key_(key) {}

  absl::Status Create(S3Headers headers) {
    const absl::StatusOr<HttpReply> reply = bucket_.Send(context_, {.method = "POST",
                                                                    .key = key_,
                                                                    .query = {{"uploads", ""}},
                                                                    .headers = std::move(headers),
                                                                    .repeatable = false});
    if (!reply.ok()) return reply.status();
    const auto texts = XmlTextsOf(reply->body);
    if (texts) id_ = TextAt(*texts, "InitiateMultipartUploadResult/UploadId");
    return id_.empty() ? MalformedS3Reply() : absl::OkStatus();
  }

  absl::Status SendPart(const FileBody& part) {
    const absl::StatusOr<std::string> sha256 = part.file->Sha256Hex(part.offset, part.size);
    if (!sha256.ok()) return sha256.status();
    const std::string number = absl::StrCat(++parts_);
    const absl::StatusOr<HttpReply> reply =
        bucket_.Send(context_, {.method = "PUT",
                                .key = key_,
                                .query = {{"partNumber", number}, {"uploadId", id_}},
                                .file = part,
                                .sha256 = *sha256});
    if (!reply.ok()) return reply.status();
    const std::optional<std::string_view> tag = reply->Header("etag");
    if (!tag) return MalformedS3Reply();
    absl::StrAppend(&list_, "<Part><PartNumber>", number, "</PartNumber><ETag>",
                    EscapeXmlText(*tag), "</ETag></Part>");
    return absl::OkStatus();
  }

  absl::Status Complete(S3Headers headers) {
    std::string body =
        absl::StrCat("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
                     list_, "</CompleteMultipartUpload>");
    std::string sha256 = Sha256Hex(body);
    headers.emplace_back("Content-Type", "application/xml");
    return bucket_
        .Send(context_, {.method = "POST",
                         .key = key_,
                         .query = {{"uploadId", id_}},
                         .headers = std::move(headers),
                         .body = std::move(body),
                         .sha256 = std::move(sha256),
                         .repeatable = false})
        .status();
  }

  // Not bound to the call, which may have been cancelled.
  void Abort() const {
    const CallContext own = CallContext().Until(SteadyNow() + kAbortTimeout);
    const absl::StatusOr<HttpReply> ignored =
        bucket_.Exchange(own, {.method = "DELETE", .key = key_, .query = {{"uploadId", id_}}});
    static_cast<void>(ignored);  // the clean-up finds it
  }

 private:
  const CallContext& context_;
  S3Bucket& bucket_;
  const std::string& key_;
  std::string id_;
  std::int64_t parts_ = 0;
  std::string list_;  // of the parts, for Complete
};

absl::Status SendAllParts(S3Upload& upload, const std::shared_ptr<const StoredFile>& file,
                          std::int64_t part_bytes) {
  for (std::int64_t offset = 0; offset < file->size(); offset += part_bytes) {
    const std::int64_t size = std::min(part_bytes, file->size() - offset);
    if (absl::Status sent = upload.SendPart({.file = file, .offset = offset, .size = size});
        !sent.ok()) {
      return sent;
    }
    Failpoint("delivery.part_sent");
  }
  return absl::OkStatus();
}

struct S3UploadPage {
  std::vector<std::string> ids;
  std::string next_key{};  // empty: there are no more
  std::string next_id{};
};

absl::StatusOr<S3UploadPage> ListS3Uploads(const CallContext& context, S3Bucket& bucket,
                                           const std::string& key, const S3UploadPage& before) {
  QueryParameters query;
  if (!before.next_key.empty()) query.emplace_back("key-marker", before.next_key);
  query.emplace_back("max-uploads", kUploadsAtOnce);
  query.emplace_back("prefix", key);
  if (!before.next_id.empty()) query.emplace_back("upload-id-marker", before.next_id);
  query.emplace_back("uploads", "");
  const absl::StatusOr<HttpReply> reply =
      bucket.Send(context, {.method = "GET", .query = std::move(query)});
  if (!reply.ok()) return reply.status();
  const auto texts = XmlTextsOf(reply->body);
  if (!texts || texts->empty() || texts->back().path != "ListMultipartUploadsResult")
    return MalformedS3Reply();
  S3UploadPage page;
  std::string its_key, its_id;
  for (const XmlText& element : *texts) {
    if (element.path == "ListMultipartUploadsResult/Upload/Key") its_key = element.text;
    if (element.path == "ListMultipartUploadsResult/Upload/UploadId") its_id = element.text;
    if (element.path != "ListMultipartUploadsResult/Upload") continue;
    if (its_key == key && !its_id.empty()) page.ids.push_back(its_id);
  }
  if (TextAt(*texts, "ListMultipartUploadsResult/IsTruncated") == "true") {
    page.next_key = TextAt(*texts, "ListMultipartUploadsResult/NextKeyMarker");
    page.next_id = TextAt(*texts, "ListMultipartUploadsResult/NextUploadIdMarker");
  }
  return page;
}

}  // namespace

absl::Status UploadInParts(const CallContext& context, S3Bucket& bucket, const std::string& key,
                           std::shared_ptr<const StoredFile> file, std::int64_t part_bytes,
                           S3Headers create, S3Headers complete) {
  part_bytes = std::max(part_bytes, (file->size() + kMostS3Parts - 1) / kMostS3Parts);
  S3Upload upload(context, bucket, key);
  if (absl::Status created = upload.Create(std::move(create)); !created.ok()) return created;
  absl::Status done = SendAllParts(upload, file, part_bytes);
  if (done.ok()) {
    Failpoint("delivery.before_complete");
    done = upload.Complete(std::move(complete));
  }
  if (!done.ok()) {
    upload.Abort();
    return done;
  }
  Failpoint("delivery.completed");
  return done;
}

absl::Status AbortS3Uploads(const CallContext& context, S3Bucket& bucket, const std::string& key) {
  S3UploadPage before;
  for (int pages = 0; pages < kMostPagesOfUploads; ++pages) {
    const absl::StatusOr<S3UploadPage> page = ListS3Uploads(context, bucket, key, before);
    if (!page.ok()) return page.status();
    for (const std::string& id : page->ids) {
      const absl::StatusOr<HttpReply> reply =
          bucket.Exchange(context, {.method = "DELETE", .key = key, .query = {{"uploadId", id}}});
      if (!reply.ok()) return reply.status();
      if (reply->status == 404) continue;  // it has ended meanwhile
      if (absl::Status aborted = bucket.StatusOf(*reply); !aborted.ok()) return aborted;
    }
    // Keys come in order: after this one there is nothing more of it.
    if (page->next_key != key) return absl::OkStatus();
    before = *page;
  }
  return absl::OkStatus();
}

}  // namespace relais::exports

#include "server/services/exports/delivery/http_put.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/sha256.h"
#include "server/core/net/url.h"
#include "server/core/os/stored_file.h"
#include "server/services/exports/delivery/delivery_error.h"

namespace relais::exports {
namespace {

constexpr std::size_t kComparedAtOnce = 256 << 10;

bool Succeeded(const HttpReply& reply) { return reply.status >= 200 && reply.status <= 299; }

// WebDAV says 409; nginx says 500, others 404.
bool MayLackFolder(int status) { return status == 409 || status == 404 || status == 500; }

}  // namespace

HttpPutDestination::HttpPutDestination(HttpPutSettings settings,
                                       std::unique_ptr<HttpTransport> transport,
                                       Scheduler& scheduler)
    : settings_(std::move(settings)), transport_(std::move(transport)), scheduler_(scheduler) {}

HttpRequest HttpPutDestination::RequestFor(const OutgoingFile& file, std::string method,
                                           std::string url) const {
  HttpRequest request{.method = std::move(method), .url = std::move(url)};
  request.headers.emplace_back("Idempotency-Key", file.id);
  if (!settings_.authorization.empty())
    request.headers.emplace_back("Authorization", settings_.authorization.Reveal());
  return request;
}

std::string HttpPutDestination::UrlOf(const TargetPath& target, std::string_view name) const {
  return MakeUrl(settings_.base_url, UrlPathOf(target, name));
}

absl::Status HttpPutDestination::Put(const CallContext& context, const OutgoingFile& file) {
  const absl::StatusOr<TargetPath> target = TargetPathOf(file);
  if (!target.ok()) return target.status();
  if (settings_.webdav_move) {
    if (absl::Status stored = StorePartial(context, file, *target); !stored.ok()) return stored;
    Failpoint("delivery.before_move");
    return Move(context, file, *target);
  }
  const std::string url = UrlOf(*target, target->name);
  const absl::StatusOr<HttpReply> reply = Store(context, file, url);
  if (!reply.ok()) return reply.status();
  if (reply->status == 412 && !file.replace) return CheckOccupant(context, file, url);
  return StatusOfStoring(*reply, scheduler_.Wall());
}

// A temporary file is anybody's to replace; one under its own name only with `replace`.
absl::StatusOr<HttpReply> HttpPutDestination::Store(const CallContext& context,
                                                    const OutgoingFile& file,
                                                    const std::string& url) {
  absl::StatusOr<std::shared_ptr<const StoredFile>> stored =
      StoredFile::Open(file.local_path, file.size_bytes);
  if (!stored.ok()) return stored.status();
  HttpRequest request = RequestFor(file, "PUT", url);
  request.file = {.file = *std::move(stored), .offset = 0, .size = file.size_bytes};
  if (!file.media_type.empty()) request.headers.emplace_back("Content-Type", file.media_type);
  if (!file.replace && !settings_.webdav_move) request.headers.emplace_back("If-None-Match", "*");
  return transport_->Send(context, request, settings_.transfer_timeout);
}

absl::Status HttpPutDestination::StorePartial(const CallContext& context, const OutgoingFile& file,
                                              const TargetPath& target) {
  const std::string url = UrlOf(target, target.partial);
  absl::StatusOr<HttpReply> reply = Store(context, file, url);
  if (reply.ok() && MayLackFolder(reply->status) && !target.folders.empty()) {
    const absl::StatusOr<bool> made = MakeFolders(context, file, target);
    if (!made.ok()) return made.status();
    if (*made) reply = Store(context, file, url);
  }
  if (!reply.ok()) return reply.status();
  return StatusOfStoring(*reply, scheduler_.Wall());
}

// Whether there was one to make.
absl::StatusOr<bool> HttpPutDestination::MakeFolders(const CallContext& context,
                                                     const OutgoingFile& file,
                                                     const TargetPath& target) {
  bool made = false;
  std::string path = "/";
  for (const std::string& folder : target.folders) {
    path.append(PercentEncode(folder)).append("/");
    const HttpRequest request = RequestFor(file, "MKCOL", MakeUrl(settings_.base_url, path));
    const absl::StatusOr<HttpReply> reply =
        transport_->Send(context, request, settings_.transfer_timeout);
    if (!reply.ok()) return reply.status();
    if (reply->status == 405) continue;  // it is there already
    if (!Succeeded(*reply)) return StatusOfStoring(*reply, scheduler_.Wall());
    made = true;
  }
  return made;
}

absl::Status HttpPutDestination::Move(const CallContext& context, const OutgoingFile& file,
                                      const TargetPath& target) {
  const std::string from = UrlOf(target, target.partial);
  const std::string to = UrlOf(target, target.name);
  HttpRequest request = RequestFor(file, "MOVE", from);
  request.headers.emplace_back("Destination", to);
  request.headers.emplace_back("Overwrite", file.replace ? "T" : "F");
  request.repeatable = false;
  const absl::StatusOr<HttpReply> reply =
      transport_->Send(context, request, settings_.transfer_timeout);
  if (!reply.ok()) return reply.status();
  if (reply->status == 412 && !file.replace) {
    absl::Status occupied = CheckOccupant(context, file, to);
    if (absl::Status removed = Remove(context, file, from); occupied.ok() && !removed.ok())
      return removed;
    return occupied;
  }
  if (!Succeeded(*reply)) return StatusOfStoring(*reply, scheduler_.Wall());
  Failpoint("delivery.moved");
  return absl::OkStatus();
}

absl::Status HttpPutDestination::Remove(const CallContext& context, const OutgoingFile& file,
                                        const std::string& url) {
  const absl::StatusOr<HttpReply> reply =
      transport_->Send(context, RequestFor(file, "DELETE", url), settings_.transfer_timeout);
  if (!reply.ok()) return reply.status();
  // 409: not even the folder is there.
  if (reply->status == 404 || reply->status == 409 || reply->status == 410) return absl::OkStatus();
  return StatusOfStoring(*reply, scheduler_.Wall());
}

// OK when what is there is the file itself; it is read to its end only when its size can be right.
absl::Status HttpPutDestination::CheckOccupant(const CallContext& context, const OutgoingFile& file,
                                               const std::string& url) {
  const absl::StatusOr<std::unique_ptr<HttpStream>> stream =
      transport_->Open(context, RequestFor(file, "GET", url), settings_.transfer_timeout);
  if (!stream.ok()) return stream.status();
  const HttpReply& head = (*stream)->head();
  if (!Succeeded(head)) return StatusOfStoring(head, scheduler_.Wall());
  if (const std::optional<std::int64_t> size = head.ContentLength();
      size && *size != file.size_bytes) {
    return OtherFileThere();
  }
  Sha256 digest;
  std::int64_t size = 0;
  while (size <= file.size_bytes) {
    const absl::StatusOr<std::string> bytes = (*stream)->Read(context, kComparedAtOnce);
    if (!bytes.ok()) return bytes.status();
    if (bytes->empty()) break;
    size += static_cast<std::int64_t>(bytes->size());
    digest.Update(*bytes);
  }
  if (size == file.size_bytes && digest.FinishHex() == file.sha256) return absl::OkStatus();
  return OtherFileThere();
}

absl::Status HttpPutDestination::CleanUp(const CallContext& context, const OutgoingFile& file) {
  const absl::StatusOr<TargetPath> target = TargetPathOf(file);
  if (!target.ok()) return target.status();
  if (!settings_.webdav_move) return absl::OkStatus();
  return Remove(context, file, UrlOf(*target, target->partial));
}

}  // namespace relais::exports

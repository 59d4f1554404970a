#include "server/rpc/status.h"

#include <algorithm>
#include <optional>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/core/base/error.h"

namespace relais::rpc {
namespace {

constexpr std::size_t kMaxViolations = 50;
constexpr std::size_t kMaxTextBytes = 512;
constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxMetadataBytes = 1024;
// Where repeating helps and nobody knows when.
constexpr absl::Duration kUnknownWait = absl::Seconds(1);

// Shortens to at most `bytes`, never in the middle of a UTF-8 character.
std::string Shorten(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text + "...";
}

// The entries that every error has are always kept; of the others, those for which there is room.
void AddErrorInfo(const ErrorDetails& details, std::string_view service, std::string_view method,
                  std::string_view request_id, google::rpc::Status& out) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(ReasonName(details.reason)));
  info.set_domain("relais");
  auto& metadata = *info.mutable_metadata();
  std::size_t used = 0;
  for (const auto& [key, value] : details.metadata) {
    if (key == "service" || key == "method" || key == "connection") {
      metadata[key] = Shorten(value, kMaxNameBytes);
      continue;
    }
    const std::string text = Shorten(value, kMaxTextBytes);
    const std::size_t size = key.size() + text.size() + 10;  // 10: tags and lengths
    if (used + size > kMaxMetadataBytes) continue;
    used += size;
    metadata[key] = text;
  }
  metadata.insert({"service", Shorten(std::string(service), kMaxNameBytes)});
  metadata.insert({"method", Shorten(std::string(method), kMaxNameBytes)});
  metadata.insert({"connection", ""});
  metadata["callId"] = Shorten(std::string(request_id), kMaxNameBytes);
  out.add_details()->PackFrom(info);
}

// How long to wait before the same call is made again; none where that cannot help, or does harm.
std::optional<absl::Duration> WaitOf(const ErrorDetails& details) {
  const auto outcome = [&](std::string_view what) {
    return std::any_of(details.metadata.begin(), details.metadata.end(), [&](const auto& entry) {
      return entry.first == "outcome" && entry.second == what;
    });
  };
  // Of a submission with a request id, the gateway asks.
  if (outcome("unknown") && details.reason != Reason::kSubmissionOutcomeUnknown)
    return std::nullopt;
  switch (RepeatingAfter(details.reason)) {
    case Repeating::kHelps:
      return details.retry_after.value_or(kUnknownWait);
    case Repeating::kHelpsWhenTold:
      return details.retry_after;
    case Repeating::kNeverHelps:
      // A submission that is known not to have happened may be made again, whatever went wrong.
      return outcome("none") ? details.retry_after : std::nullopt;
  }
  return std::nullopt;
}

void AddRetryInfo(absl::Duration wait, google::rpc::Status& out) {
  google::rpc::RetryInfo retry;
  const absl::Duration positive = std::clamp(wait, absl::ZeroDuration(), absl::Hours(24));
  const std::int64_t seconds = absl::ToInt64Seconds(positive);
  retry.mutable_retry_delay()->set_seconds(seconds);
  retry.mutable_retry_delay()->set_nanos(
      static_cast<std::int32_t>(absl::ToInt64Nanoseconds(positive - absl::Seconds(seconds))));
  out.add_details()->PackFrom(retry);
}

void AddLocalizedMessage(const ErrorDetails& details, google::rpc::Status& out) {
  google::rpc::LocalizedMessage localized;
  localized.set_locale(Shorten(details.localized_locale, kMaxNameBytes));
  localized.set_message(Shorten(details.localized_message, kMaxTextBytes));
  out.add_details()->PackFrom(localized);
}

// As many violations as fit; the last one says how many are left out.
void AddBadRequest(const ErrorDetails& details, std::size_t room, google::rpc::Status& out) {
  google::rpc::BadRequest bad;
  std::size_t used = 64;  // of the enclosing messages
  std::size_t listed = 0;
  for (const Violation& violation : details.violations) {
    const std::string description = Shorten(violation.description, kMaxTextBytes);
    const std::string field = Shorten(violation.field, kMaxTextBytes);
    used += description.size() + field.size() + 16;
    if (used + 64 > room || listed == kMaxViolations) break;
    auto& added = *bad.add_field_violations();
    added.set_field(field);
    added.set_description(description);
    ++listed;
  }
  if (const std::size_t more = details.violations.size() - listed + details.more_violations;
      more > 0) {
    auto& added = *bad.add_field_violations();
    added.set_description(std::to_string(more) + " more violations.");
  }
  out.add_details()->PackFrom(bad);
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status, std::string_view service,
                          std::string_view method, std::string_view request_id) {
  if (status.ok()) return grpc::Status::OK;
  const ErrorDetails details = DetailsOf(status);
  google::rpc::Status out;
  out.set_code(static_cast<int>(status.code()));
  out.set_message(Shorten(std::string(status.message()), kMaxTextBytes));
  AddErrorInfo(details, service, method, request_id, out);
  if (const auto wait = WaitOf(details)) AddRetryInfo(*wait, out);
  if (!details.localized_message.empty()) AddLocalizedMessage(details, out);
  if (!details.violations.empty()) {
    const std::size_t used = out.ByteSizeLong();
    if (used < kMaxDetailBytes) AddBadRequest(details, kMaxDetailBytes - used, out);
  }
  return {static_cast<grpc::StatusCode>(status.code()), out.message(), out.SerializeAsString()};
}

}  // namespace relais::rpc

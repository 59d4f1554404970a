#include "server/net/curl_transport.h"

#include <curl/curl.h>

#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/net/curl_handle.h"

namespace relais {
namespace {

absl::Status Unusable(std::string_view why) {
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal) << why;
}

// libcurl writes what it is given onto the wire as it stands.
bool FitsOneLine(std::string_view text) {
  for (const char c : text) {
    if (c == '\r' || c == '\n' || c == '\0') return false;
  }
  return true;
}

absl::Status CheckRequest(const HttpRequest& request) {
  if (!request.url.starts_with("http://") && !request.url.starts_with("https://")) {
    return Unusable("The upstream's address is neither an http nor an https URL.");
  }
  bool fits = FitsOneLine(request.method) && FitsOneLine(request.url);
  for (const auto& [name, value] : request.headers) {
    fits = fits && !name.empty() && FitsOneLine(name) && FitsOneLine(value);
  }
  if (fits) return absl::OkStatus();
  return Unusable(
      "The request to the upstream has a line break or NUL in its method, URL or headers.");
}

}  // namespace

CurlTransport::CurlTransport(CurlOptions options) : options_(std::move(options)) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(initialised);  // a failure shows again when the first handle is made
}

CurlTransport::~CurlTransport() = default;

absl::StatusOr<HttpReply> CurlTransport::Send(const CallContext& context,
                                              const HttpRequest& request, absl::Duration timeout) {
  if (absl::Status usable = CheckRequest(request); !usable.ok()) return usable;
  const absl::Time now = absl::Now();
  if (absl::Status alive = context.Check(now); !alive.ok()) return alive;
  std::unique_ptr<CurlHandle> handle = Take();
  if (handle == nullptr) return Unusable("No HTTP client could be made: out of memory.");
  absl::StatusOr<HttpReply> reply = handle->Exchange(context, request, timeout, now);
  GiveBack(std::move(handle));
  return reply;
}

std::unique_ptr<CurlHandle> CurlTransport::Take() {
  {
    const std::lock_guard lock(mu_);
    if (!idle_.empty()) {
      std::unique_ptr<CurlHandle> handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  return CurlHandle::Make(options_);
}

void CurlTransport::GiveBack(std::unique_ptr<CurlHandle> handle) {
  const std::lock_guard lock(mu_);
  idle_.push_back(std::move(handle));
}

}  // namespace relais

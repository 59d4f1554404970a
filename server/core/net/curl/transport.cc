#include "server/core/net/curl/transport.h"

#include <curl/curl.h>

#include <string_view>
#include <utility>
#include <vector>

#include "server/core/base/clock.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/error.h"
#include "server/core/net/curl/exchanges.h"
#include "server/core/net/curl/handle.h"

namespace relais {
namespace {

// What is not needed for so long was for a burst of calls.
constexpr absl::Duration kLongestIdle = absl::Seconds(30);

// Whether the request can be sent, and its call goes on.
absl::Status Check(const CallContext& context, const HttpRequest& request, absl::Time now) {
  if (absl::Status usable = CheckRequest(request); !usable.ok()) return usable;
  return context.Check(now);
}

}  // namespace

CurlTransport::CurlTransport(CurlOptions options)
    : options_(std::move(options)), exchanges_(std::make_unique<Exchanges>(options_)) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(initialised);  // a failure shows again when the first handle is made
}

CurlTransport::~CurlTransport() = default;

class CurlTransport::Stream final : public HttpStream {
 public:
  // Takes a handle on which nothing has begun.
  Stream(CurlTransport& transport, std::unique_ptr<CurlHandle> handle, const HttpRequest& request)
      : transport_(transport), handle_(std::move(handle)), request_(request) {}
  ~Stream() override {
    if (begun_) handle_->End();
    transport_.GiveBack(std::move(handle_));
  }

  absl::Status Begin(const CallContext& context, absl::Duration timeout, absl::Time now) {
    absl::StatusOr<HttpReply> head = handle_->Begin(context, request_, timeout, now);
    if (!head.ok()) return head.status();
    begun_ = true;
    head_ = *std::move(head);
    return absl::OkStatus();
  }

  const HttpReply& head() const override { return head_; }

  absl::StatusOr<std::string> Read(const CallContext& context, std::size_t max_bytes) override {
    if (!failure_.ok()) return failure_;
    absl::StatusOr<std::string> bytes = handle_->Read(context, max_bytes);
    failure_ = bytes.status();
    return bytes;
  }

 private:
  CurlTransport& transport_;
  std::unique_ptr<CurlHandle> handle_;
  const HttpRequest request_;  // a copy: libcurl reads from it as long as the transfer lasts
  HttpReply head_;
  bool begun_ = false;
  absl::Status failure_;  // of a read; OK: none
};

absl::StatusOr<HttpReply> CurlTransport::Send(const CallContext& context,
                                              const HttpRequest& request, absl::Duration timeout) {
  const absl::Time now = SteadyNow();
  if (absl::Status ready = Check(context, request, now); !ready.ok()) return ready;
  if (auto reply = exchanges_->Send(context, request, timeout, now)) return *std::move(reply);
  absl::StatusOr<std::unique_ptr<CurlHandle>> handle = Take();
  if (!handle.ok()) return handle.status();
  absl::StatusOr<HttpReply> reply = (*handle)->Exchange(context, request, timeout, now);
  GiveBack(*std::move(handle));
  return reply;
}

absl::StatusOr<std::unique_ptr<HttpStream>> CurlTransport::Open(const CallContext& context,
                                                                const HttpRequest& request,
                                                                absl::Duration timeout) {
  const absl::Time now = SteadyNow();
  if (absl::Status ready = Check(context, request, now); !ready.ok()) return ready;
  absl::StatusOr<std::unique_ptr<CurlHandle>> handle = Take();
  if (!handle.ok()) return handle.status();
  auto stream = std::make_unique<Stream>(*this, *std::move(handle), request);
  if (absl::Status begun = stream->Begin(context, timeout, now); !begun.ok()) return begun;
  return stream;
}

absl::StatusOr<std::unique_ptr<CurlHandle>> CurlTransport::Take() {
  {
    const std::lock_guard lock(mu_);
    if (!idle_.empty()) {
      std::unique_ptr<CurlHandle> handle = std::move(idle_.back().handle);
      idle_.pop_back();
      return handle;
    }
  }
  std::unique_ptr<CurlHandle> made = CurlHandle::Make(options_);
  if (made == nullptr) return Unusable("No HTTP client could be made: out of memory.");
  return made;
}

void CurlTransport::GiveBack(std::unique_ptr<CurlHandle> handle) {
  handle->ReleaseReply();
  const absl::Time now = SteadyNow();
  std::vector<Idle> superfluous;  // their connections are closed without the lock
  const std::lock_guard lock(mu_);
  idle_.push_back({std::move(handle), now});
  while (idle_.size() > options_.idle_handles || idle_.front().since < now - kLongestIdle) {
    superfluous.push_back(std::move(idle_.front()));
    idle_.pop_front();
  }
}

}  // namespace relais

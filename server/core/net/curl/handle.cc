#include "server/core/net/curl/handle.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include "server/core/base/clock.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/error.h"
#include "server/core/net/curl/run.h"

namespace relais {
namespace {

constexpr long kBufferBytes = 128 << 10;
constexpr long kMaxIdleSeconds = 110;  // many servers close after 120
constexpr long kMaxConnections =
    2;  // one in use, one that a request on a fresh connection left behind

}  // namespace

struct CurlHandle::Callbacks {
  static std::size_t OnHead(char* text, std::size_t, std::size_t size, void* handle) {
    CurlReply& reply = static_cast<CurlHandle*>(handle)->reply_;
    return reply.AddHeadLine({text, size}) ? size : CURL_WRITEFUNC_ERROR;
  }
  static std::size_t OnBody(char* text, std::size_t, std::size_t size, void* handle) {
    return static_cast<CurlHandle*>(handle)->AddBody({text, size}) ? size : CURL_WRITEFUNC_ERROR;
  }
};

std::unique_ptr<CurlHandle> CurlHandle::Make(const CurlOptions& options) {
  CURL* const easy = curl_easy_init();
  CURLM* const multi = curl_multi_init();
  if (easy == nullptr || multi == nullptr) {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
    return nullptr;
  }
  return std::unique_ptr<CurlHandle>(new CurlHandle(easy, multi, options));
}

CurlHandle::CurlHandle(CURL* easy, CURLM* multi, const CurlOptions& options)
    : easy_(easy), multi_(multi), options_(options), request_(easy) {
  SetConstantOptions();
}

CurlHandle::~CurlHandle() {
  request_.Clear();
  curl_easy_cleanup(easy_);
  curl_multi_cleanup(multi_);
}

void CurlHandle::SetConstantOptions() {
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kMaxConnections);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);  // a cancelled call does not wait for DNS
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");  // not even from the environment
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, options_.user_agent.c_str());
  // Asks for bodies as they are, and decompresses those that come compressed all the same.
  curl_easy_setopt(easy_, CURLOPT_ACCEPT_ENCODING, "identity");
  curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, kBufferBytes);
  curl_easy_setopt(easy_, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(easy_, CURLOPT_MAXAGE_CONN, kMaxIdleSeconds);
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, ToCurlMilliseconds(options_.connect_timeout));
  curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options_.low_speed_bytes));
  curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(absl::ToInt64Seconds(options_.low_speed_time)));
  curl_easy_setopt(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options_.ca_file.empty()) {
    curl_easy_setopt(easy_, CURLOPT_CAINFO, options_.ca_file.c_str());
    curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);  // only those, not the system's too
  }
  if (!options_.pinned_public_key.empty()) {
    curl_easy_setopt(easy_, CURLOPT_PINNEDPUBLICKEY, options_.pinned_public_key.c_str());
  }
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, message_.data());
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Callbacks::OnHead);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Callbacks::OnBody);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
}

bool CurlHandle::AddBody(std::string_view part) {
  if (!reply_.AddBody(part)) return false;
  // What libcurl has received already comes all the same, so that there must be room for it.
  if (reply_.streaming() && reply_.buffered() + kBufferBytes > read_bytes_) {
    curl_easy_pause(easy_, CURLPAUSE_RECV);
  }
  return true;
}

absl::StatusOr<HttpReply> CurlHandle::Exchange(const CallContext& context,
                                               const HttpRequest& request, absl::Duration timeout,
                                               absl::Time now) {
  reply_.Start(options_.max_response_bytes, request.method != "HEAD");
  Start(request);
  Run(context, std::min(now + timeout, context.deadline()), [] { return false; });
  const absl::Status outcome = Outcome(context);
  End();
  if (!outcome.ok()) return outcome;
  return std::move(reply_).Finish();
}

absl::StatusOr<HttpReply> CurlHandle::Begin(const CallContext& context, const HttpRequest& request,
                                            absl::Duration timeout, absl::Time now) {
  reply_.StartStream(options_.max_response_bytes, request.method != "HEAD");
  read_bytes_ = 0;
  Start(request);
  Run(context, std::min(now + timeout, context.deadline()), [this] { return reply_.streaming(); });
  if (result_) {
    if (absl::Status outcome = Outcome(context); !outcome.ok()) {
      End();
      return outcome;
    }
    if (!reply_.streaming()) return std::move(reply_).Finish();
  }
  HttpReply head = reply_.TakeHead();
  // TLS marks the end of what it carries.
  head.end_is_marked = head.end_is_marked || request.url.starts_with("https://");
  return head;
}

absl::StatusOr<std::string> CurlHandle::Read(const CallContext& context, std::size_t max_bytes) {
  if (absl::Status alive = context.Check(SteadyNow()); !alive.ok()) return alive;
  max_bytes = std::max<std::size_t>(max_bytes, 1);
  if (reply_.buffered() == 0 && !result_) {
    Resume(max_bytes);
    Run(context, context.deadline(), [this] { return reply_.buffered() > 0; });
    // Also when less has come than asked for: libcurl then knows that the silence is ours.
    if (!result_) curl_easy_pause(easy_, CURLPAUSE_RECV);
  }
  if (reply_.buffered() > 0) return reply_.TakeBody(max_bytes);
  if (absl::Status outcome = Outcome(context); !outcome.ok()) return outcome;
  return std::string();
}

void CurlHandle::ReleaseReply() { reply_ = CurlReply(); }

void CurlHandle::End() {
  curl_multi_remove_handle(multi_, easy_);  // in the middle of a transfer: ends its connection
  request_.Clear();
}

void CurlHandle::Start(const HttpRequest& request) {
  message_[0] = '\0';
  result_.reset();
  if (!request_.Set(request) || curl_multi_add_handle(multi_, easy_) != CURLM_OK) {
    result_ = CURLE_OUT_OF_MEMORY;
  }
}

void CurlHandle::Resume(std::size_t max_bytes) {
  read_bytes_ = max_bytes;
  reply_.Expect(max_bytes);
  if (curl_easy_pause(easy_, CURLPAUSE_CONT) != CURLE_OK) result_ = CURLE_OUT_OF_MEMORY;
}

void CurlHandle::Run(const CallContext& context, absl::Time limit,
                     absl::FunctionRef<bool()> enough) {
  if (!result_) result_ = RunTransfer(multi_, context, limit, enough);
}

// What the end of the transfer means.
absl::Status CurlHandle::Outcome(const CallContext& context) const {
  if (reply_.too_large()) return ReplyTooLarge();
  if (!request_.failure().ok()) return request_.failure();
  if (*result_ == CURLE_OK) {
    // libcurl forgives a head without its end.
    return reply_.head_complete() ? absl::OkStatus() : ReplyCutShort();
  }
  if (absl::Status alive = context.Check(SteadyNow()); !alive.ok()) return alive;
  return StatusOfCurl(easy_, *result_, message_.data());
}

}  // namespace relais

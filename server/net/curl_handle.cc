#include "server/net/curl_handle.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/net/curl_error.h"

namespace relais {
namespace {

constexpr long kBufferBytes = 128 << 10;
constexpr long kMaxIdleSeconds = 110;  // many servers close after 120
constexpr long kMaxConnections =
    2;  // one in use, one that a request on a fresh connection left behind
constexpr int kPollMilliseconds = 1000;  // libcurl shortens it to its own next timer

std::size_t OnHead(char* text, std::size_t, std::size_t size, void* reply) {
  return static_cast<CurlReply*>(reply)->AddHeadLine({text, size}) ? size : CURL_WRITEFUNC_ERROR;
}

std::size_t OnBody(char* text, std::size_t, std::size_t size, void* reply) {
  return static_cast<CurlReply*>(reply)->AddBody({text, size}) ? size : CURL_WRITEFUNC_ERROR;
}

// At least 1, because 0 means "no limit" to libcurl.
long ToCurlMilliseconds(absl::Duration duration) {
  const absl::Duration bounded = std::clamp(duration, absl::Milliseconds(1), absl::Hours(24));
  return static_cast<long>(absl::ToInt64Milliseconds(absl::Ceil(bounded, absl::Milliseconds(1))));
}

bool SendsBody(const HttpRequest& request) {
  return request.method == "POST" || !request.body.empty();
}

}  // namespace

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
    : easy_(easy), multi_(multi), options_(options) {
  SetConstantOptions();
}

CurlHandle::~CurlHandle() {
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
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &OnHead);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, &reply_);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &reply_);
}

absl::StatusOr<HttpReply> CurlHandle::Exchange(const CallContext& context,
                                               const HttpRequest& request, absl::Duration timeout,
                                               absl::Time now) {
  const absl::Duration left = context.deadline() - now;
  SetRequest(request, std::min(timeout, left));
  reply_.Start(options_.max_response_bytes, request.method != "HEAD");
  message_[0] = '\0';
  const CURLcode code = Transfer(context);
  if (reply_.too_large()) {
    return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
           << "The reply of the upstream is larger than the connection allows.";
  }
  if (code == CURLE_OK) {
    if (!reply_.head_complete()) return ReplyCutShort();  // libcurl forgives a head without its end
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    return std::move(reply_).Finish(static_cast<int>(status));
  }
  // libcurl's timer may be a moment ahead of the deadline that it was set for.
  const bool deadline_hit = code == CURLE_OPERATION_TIMEDOUT && left <= timeout;
  const absl::Time ended = deadline_hit ? std::max(absl::Now(), context.deadline()) : absl::Now();
  if (absl::Status alive = context.Check(ended); !alive.ok()) return alive;
  return StatusOfCurl(easy_, code, message_.data());
}

void CurlHandle::SetRequest(const HttpRequest& request, absl::Duration limit) {
  curl_easy_setopt(easy_, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, ToCurlMilliseconds(limit));
  // libcurl sends again by itself what it sent on a reused connection that was dead; never on a
  // fresh one.
  curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, request.repeatable ? 0L : 1L);
  SetMethod(request);
  SetHeaders(request);
}

void CurlHandle::SetMethod(const HttpRequest& request) {
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, nullptr);
  if (request.method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
    return;
  }
  curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);  // undoes NOBODY and POST
  if (SendsBody(request)) {
    curl_easy_setopt(easy_, CURLOPT_POST, 1L);
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request.body.data());
    if (request.method == "POST") return;
  } else if (request.method == "GET") {
    return;
  }
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

// libcurl reads the list and keeps no copy, so its nodes may live in our own memory from call to
// call.
void CurlHandle::SetHeaders(const HttpRequest& request) {
  header_lines_.clear();
  std::size_t bytes = sizeof("Expect:") + sizeof("Content-Type:");
  for (const auto& [name, value] : request.headers) bytes += name.size() + value.size() + 3;
  header_lines_.reserve(bytes);  // no line may move after the first is linked
  headers_.clear();
  const auto link = [this](std::string_view name, std::string_view mark, std::string_view value) {
    headers_.push_back({header_lines_.data() + header_lines_.size(), nullptr});
    header_lines_.append(name).append(mark).append(value).push_back('\0');
  };
  if (SendsBody(request)) {
    // Else a large upload waits up to 1 s for "100 Continue" …
    link("Expect", ":", "");
    // … and libcurl calls the body a form. A type that is given below is sent all the same.
    link("Content-Type", ":", "");
  }
  for (const auto& [name, value] : request.headers) {
    link(name, value.empty() ? ";" : ": ", value);  // "Name:" alone would remove it
  }
  for (std::size_t i = 0; i + 1 < headers_.size(); ++i) headers_[i].next = &headers_[i + 1];
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_.empty() ? nullptr : headers_.data());
}

CURLcode CurlHandle::Transfer(const CallContext& context) {
  const std::stop_callback wake(context.stop(), [this] { curl_multi_wakeup(multi_); });
  CURLcode code = CURLE_OUT_OF_MEMORY;  // stays when libcurl cannot even begin
  if (curl_multi_add_handle(multi_, easy_) != CURLM_OK) return code;
  int running = 1;
  while (curl_multi_perform(multi_, &running) == CURLM_OK && running > 0) {
    if (context.cancelled()) {
      code = CURLE_ABORTED_BY_CALLBACK;
      break;
    }
    if (curl_multi_poll(multi_, nullptr, 0, kPollMilliseconds, nullptr) != CURLM_OK) break;
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  }
  curl_multi_remove_handle(multi_, easy_);
  return code;
}

}  // namespace relais

#include "server/core/net/curl/error.h"

#include <cerrno>

#include "server/core/base/error.h"

namespace relais {
namespace {

// Results of X.509 verification as OpenSSL numbers them and CURLINFO_SSL_VERIFYRESULT passes them
// on.
constexpr long kNotVerified = 1;  // libcurl's value until the chain has been looked at
constexpr long kCertificateNotYetValid = 9;
constexpr long kCertificateExpired = 10;
constexpr long kCertificateRevoked = 23;

template <typename T>
T InfoOf(CURL* easy, CURLINFO info) {
  T value{};
  curl_easy_getinfo(easy, info, &value);
  return value;
}

// Whether the peer may have seen (a part of) the request.
bool RequestSent(CURL* easy) { return InfoOf<long>(easy, CURLINFO_REQUEST_SIZE) > 0; }

absl::Status Unreachable(CURL* easy, std::string_view why) {
  absl::Status status = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
                        << "The upstream could not be reached: " << why << ".";
  if (RequestSent(easy)) AddMetadata(status, "requestSent", "true");
  return status;
}

std::string_view WhyNotConnected(CURL* easy) {
  switch (InfoOf<long>(easy, CURLINFO_OS_ERRNO)) {
    case ECONNREFUSED:
      return "connection refused";
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "no route to it";
    case ECONNRESET:
      return "connection reset";
    default:
      return "connecting failed";
  }
}

std::string_view WhyNotTrusted(CURL* easy) {
  switch (InfoOf<long>(easy, CURLINFO_SSL_VERIFYRESULT)) {
    case kNotVerified:  // libcurl checks the name first, once OpenSSL has accepted the chain
      return "its certificate is for another host name";
    case kCertificateNotYetValid:
      return "its certificate is not valid yet";
    case kCertificateExpired:
      return "its certificate has expired";
    case kCertificateRevoked:
      return "its certificate has been revoked";
    default:
      return "its certificate is not signed by a trusted authority";
  }
}

absl::Status TimedOut(CURL* easy) {
  if (!RequestSent(easy)) return Unreachable(easy, "connecting took too long");
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamTimeout)
         << "The upstream did not answer in time.";
}

// libcurl says the same of a line in the reply's head that is longer than it accepts.
absl::Status OutOfMemory(CURL* easy) {
  if (RequestSent(easy)) return MalformedReply();
  return Unusable("The request could not be sent: out of memory.");
}

// A receive error is a lost connection, except when libcurl could not read the chunks it got.
absl::Status LostWhileReceiving(CURL* easy, std::string_view message) {
  if (message.find("chunk") != std::string_view::npos) return MalformedReply();
  return Unreachable(easy, "the connection was lost");
}

}  // namespace

absl::Status Unusable(std::string_view why) {
  return Error(absl::StatusCode::kInternal, Reason::kGatewayInternal) << why;
}

absl::Status StatusOfCurl(CURL* easy, CURLcode code, std::string_view message) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return TimedOut(easy);
    case CURLE_COULDNT_RESOLVE_HOST:
      return Unreachable(easy, "its host name is not known");
    case CURLE_COULDNT_CONNECT:
      return Unreachable(easy, WhyNotConnected(easy));
    case CURLE_PEER_FAILED_VERIFICATION:
      return Unreachable(easy, WhyNotTrusted(easy));
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return Unreachable(easy, "its public key does not match the pinned one");
    case CURLE_SSL_CONNECT_ERROR:
      return Unreachable(easy, "the TLS handshake failed (TLS 1.2 or later is needed)");
    case CURLE_PARTIAL_FILE:
      return ReplyCutShort();
    case CURLE_GOT_NOTHING:
      return NoReply();
    case CURLE_RECV_ERROR:
      return LostWhileReceiving(easy, message);
    case CURLE_SEND_ERROR:
      return Unreachable(easy, "the connection was lost");
    case CURLE_UNSUPPORTED_PROTOCOL:  // of the reply; the request's URL has been checked
    case CURLE_WEIRD_SERVER_REPLY:
      return MalformedReply();
    case CURLE_BAD_CONTENT_ENCODING:
      return CompressedReply();
    case CURLE_URL_MALFORMAT:
      return Unusable("The upstream's address is not a well-formed URL.");
    case CURLE_SSL_CACERT_BADFILE:
      return Unusable("The file of trusted authorities (ca_file) cannot be read.");
    case CURLE_OUT_OF_MEMORY:
      return OutOfMemory(easy);
    default:
      return Unreachable(easy, "the exchange failed");
  }
}

absl::Status NoReply() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
             .With("requestSent", "true")
         << "The upstream could not be reached: it closed the connection without a reply.";
}

absl::Status MalformedReply() {
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
         << "The reply of the upstream is not well-formed HTTP.";
}

absl::Status ReplyTooLarge() {
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
         << "The reply of the upstream is larger than the connection allows.";
}

absl::Status CompressedReply() {
  return Error(absl::StatusCode::kInternal, Reason::kUpstreamMalformedResponse)
         << "The upstream compressed its reply, although it was asked not to, in a way that cannot "
            "be read.";
}

absl::Status ReplyCutShort() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
             .With("requestSent", "true")
         << "The connection to the upstream was lost in the middle of its reply.";
}

}  // namespace relais

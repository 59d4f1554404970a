#include "server/gateway/logins/oidc_codec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "server/core/base/text/view.h"
#include "server/json/members.h"

namespace relais::gateway {
namespace {

using json::Malformed;

constexpr std::int64_t kStandardSeconds = 300;
constexpr std::int64_t kMostSeconds = 366 * 24 * 3600;
constexpr std::size_t kLongestToken = 64 << 10;

struct WireProvider {
  std::optional<std::string> token_endpoint;
  std::vector<std::string> methods;
};

constexpr json::Member<WireProvider> kProvider[] = {
    {"token_endpoint", json::Into<&WireProvider::token_endpoint>},
    {"token_endpoint_auth_methods_supported", json::Into<&WireProvider::methods>},
};

struct WireToken {
  std::optional<std::string> access_token, token_type, refresh_token;
  std::optional<std::int64_t> expires_in;
};

// Some providers write the number as a string.
absl::Status ReadSeconds(json::Value value, WireToken& token) {
  if (!json::IsString(value)) return json::Read(value, token.expires_in);
  std::optional<std::string> text;
  if (absl::Status status = json::Read(value, text); !status.ok()) return status;
  std::int64_t seconds = 0;
  const char* const last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, seconds);
  if (error != std::errc() || end != last) return Malformed("its \"expires_in\" is no number");
  token.expires_in = seconds;
  return absl::OkStatus();
}

constexpr json::Member<WireToken> kToken[] = {
    {"access_token", json::Into<&WireToken::access_token>},
    {"token_type", json::Into<&WireToken::token_type>},
    {"expires_in", &ReadSeconds},
    {"refresh_token", json::Into<&WireToken::refresh_token>},
};

struct WireError {
  std::optional<std::string> error;
};

constexpr json::Member<WireError> kError[] = {{"error", json::Into<&WireError::error>}};

bool IsHttpUrl(const std::string& url) {
  return (absl::StartsWith(url, "http://") || absl::StartsWith(url, "https://")) &&
         std::all_of(url.begin(), url.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool FitsHeader(const std::string& token) {
  return !token.empty() && token.size() <= kLongestToken &&
         std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool Names(const std::vector<std::string>& methods, std::string_view method) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

}  // namespace

absl::StatusOr<OidcProvider> DecodeProvider(const std::string& body) {
  WireProvider wire;
  if (auto status = json::ReadObject(body, kProvider, wire); !status.ok()) return status;
  if (!wire.token_endpoint || !IsHttpUrl(*wire.token_endpoint)) {
    return Malformed("it has no \"token_endpoint\" that is a URL");
  }
  OidcProvider provider{.token_endpoint = *std::move(wire.token_endpoint)};
  // Basic is what every provider takes that does not say otherwise.
  provider.takes_basic =
      Names(wire.methods, "client_secret_basic") || !Names(wire.methods, "client_secret_post");
  return provider;
}

absl::StatusOr<OidcToken> DecodeToken(const std::string& body) {
  WireToken wire;
  if (auto status = json::ReadObject(body, kToken, wire); !status.ok()) return status;
  if (!wire.access_token || !FitsHeader(*wire.access_token)) {
    return Malformed("it has no \"access_token\" that fits into a header");
  }
  if (wire.token_type && !absl::EqualsIgnoreCase(*wire.token_type, "bearer")) {
    return Malformed("its \"token_type\" is not \"Bearer\"");
  }
  const std::int64_t seconds = wire.expires_in.value_or(kStandardSeconds);
  if (seconds <= 0) return Malformed("its \"expires_in\" is not positive");
  return OidcToken{.access_token = Secret(*std::move(wire.access_token)),
                   .life = absl::Seconds(std::min(seconds, kMostSeconds)),
                   .refresh_token = Secret(std::move(wire.refresh_token).value_or(""))};
}

std::string DecodeTokenError(const std::string& body) {
  static constexpr std::array<std::string_view, 6> kKnown = {
      "invalid_request",     "invalid_client",         "invalid_grant",
      "unauthorized_client", "unsupported_grant_type", "invalid_scope"};
  WireError wire;
  if (!json::ReadObject(body, kError, wire).ok() || !wire.error) return "";
  const auto* const known = std::find(kKnown.begin(), kKnown.end(), std::string_view(*wire.error));
  return known == kKnown.end() ? "" : std::string(*known);
}

}  // namespace relais::gateway

#include "sandbox/upstreams/recordsql/token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"
#include "sandbox/upstreams/recordsql/json_text.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;

constexpr int64_t kOleEpochUnixSeconds = -2209161600;  // 1899-12-30T00:00:00Z
constexpr double kSecondsPerDay = 86400;

std::string Base64(std::string_view text) {
  return absl::WebSafeBase64Escape(absl::string_view(text.data(), text.size()));
}

std::string Payload(const TokenClaims& claims) {
  char days[40];
  std::snprintf(days, sizeof(days), "%.10f", ToOleDate(claims.expires));
  std::string json = "{";
  AppendMember("ident", std::to_string(claims.ident), json);
  AppendMember("user", claims.user, json);
  AppendMember("password", "(withheld by the sandbox)", json);
  AppendMember("env", claims.environment, json);
  AppendMember("domain", claims.domain, json);
  AppendMember("exp", days, json);
  json.push_back('}');
  return json;
}

absl::StatusOr<TokenClaims> ReadPayload(std::string_view encoded) {
  const absl::Status bad = Fail(ErrorCode::kBadToken, "erreur : jeton invalide");
  std::string json;
  if (!absl::WebSafeBase64Unescape(absl::string_view(encoded.data(), encoded.size()), &json)) {
    return bad;
  }
  const nlohmann::json payload = nlohmann::json::parse(json, nullptr, false);
  if (!payload.is_object()) return bad;
  TokenClaims claims;
  double days = 0;
  for (const auto& [key, value] : payload.items()) {
    if (!value.is_string()) return bad;
    const std::string text = value.get<std::string>();
    if (key == "user") claims.user = text;
    if (key == "env") claims.environment = text;
    if (key == "domain") claims.domain = text;
    if (key == "ident" && !absl::SimpleAtoi(text, &claims.ident)) return bad;
    if (key == "exp" && !absl::SimpleAtod(text, &days)) return bad;
  }
  claims.expires = FromOleDate(days);
  return claims;
}

}  // namespace

double ToOleDate(absl::Time time) {
  const double seconds = absl::ToDoubleSeconds(time - absl::FromUnixSeconds(kOleEpochUnixSeconds));
  return seconds / kSecondsPerDay;
}

absl::Time FromOleDate(double days) {
  return absl::FromUnixSeconds(kOleEpochUnixSeconds) + absl::Seconds(days * kSecondsPerDay);
}

TokenIssuer::TokenIssuer() : key_(32, '\0') {
  RAND_bytes(reinterpret_cast<unsigned char*>(key_.data()), static_cast<int>(key_.size()));
}

std::string TokenIssuer::Sign(std::string_view text) const {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
  return Base64({reinterpret_cast<const char*>(digest), size});
}

std::string TokenIssuer::Issue(TokenClaims claims, bool with_perf) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    claims.ident = ++issued_;
    if (with_perf) perf_.insert(claims.ident);
  }
  const std::string header =
      Base64("{\"alg\":\"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256\",\"typ\":\"JWT\"}");
  const std::string signed_part = Concat({header, ".", Base64(Payload(claims))});
  return Concat({signed_part, ".", Sign(signed_part)});
}

absl::StatusOr<TokenClaims> TokenIssuer::Verify(std::string_view token, absl::Time now) const {
  if (token.empty()) return Fail(ErrorCode::kNoToken, "erreur : jeton absent");
  const size_t last = token.rfind('.');
  const size_t first = token.find('.');
  if (last == std::string_view::npos || first == last) {
    return Fail(ErrorCode::kBadToken, "erreur : jeton invalide");
  }
  const std::string expected = Sign(token.substr(0, last));
  const std::string_view given = token.substr(last + 1);
  if (given.size() != expected.size() ||
      CRYPTO_memcmp(given.data(), expected.data(), expected.size()) != 0) {
    return Fail(ErrorCode::kBadToken, "erreur : jeton invalide");
  }
  absl::StatusOr<TokenClaims> claims = ReadPayload(token.substr(first + 1, last - first - 1));
  if (!claims.ok()) return claims;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (claims->ident <= called_in_ || now >= claims->expires) {
    return Fail(ErrorCode::kExpiredToken, "erreur : jeton expiré");
  }
  return claims;
}

bool TokenIssuer::WantsPerf(uint64_t ident) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return perf_.count(ident) > 0;
}

void TokenIssuer::ExpireAll() {
  const std::lock_guard<std::mutex> lock(mutex_);
  called_in_ = issued_;
  perf_.clear();
}

}  // namespace relais::sandbox::recordsql

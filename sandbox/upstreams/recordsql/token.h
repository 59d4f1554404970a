// Session tokens in the shape of the service's: a JWT whose `exp` is an OLE-automation date.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_TOKEN_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_TOKEN_H_

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace relais::sandbox::recordsql {

struct TokenClaims {
  uint64_t ident = 0;  // increases with every token
  std::string user;
  std::string domain;
  std::string environment;
  absl::Time expires;
};

// Signs with a random key of its own, so tokens of another instance are refused. Unlike the
// service's, a token holds no password: that claim is a fixed marker. Thread-safe.
class TokenIssuer {
 public:
  TokenIssuer();

  // `with_perf`: every request with this token returns performance data.
  std::string Issue(TokenClaims claims, bool with_perf);
  // Refuses (failure.h) a token that is empty, altered, past its time at `now`, or called in.
  absl::StatusOr<TokenClaims> Verify(std::string_view token, absl::Time now) const;
  bool WantsPerf(uint64_t ident) const;
  // Every token issued so far is expired from now on.
  void ExpireAll();

 private:
  std::string Sign(std::string_view text) const;

  std::string key_;
  mutable std::mutex mutex_;
  uint64_t issued_ = 0;      // guarded by mutex_
  uint64_t called_in_ = 0;   // idents up to here are expired; guarded by mutex_
  std::set<uint64_t> perf_;  // guarded by mutex_
};

// Days since 1899-12-30, as the service writes `exp`.
double ToOleDate(absl::Time time);
absl::Time FromOleDate(double days);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_TOKEN_H_

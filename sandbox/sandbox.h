// The sandbox: upstream systems emulated behind one HTTP port, with faults on demand.
//
// Real enough to develop and test against: sessions expire, pages are capped, conditions are
// evaluated over real rows. Several may run in one process; each has its own port, rows, tokens and
// clock.

#ifndef RELAIS_SANDBOX_SANDBOX_H_
#define RELAIS_SANDBOX_SANDBOX_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sandbox/faults/faults.h"
#include "sandbox/http/traffic.h"
#include "sandbox/options.h"

namespace relais::sandbox {

class Upstream;

class Sandbox {
 public:
  // Loads and listens; ready to serve when it returns.
  static absl::StatusOr<std::unique_ptr<Sandbox>> Start(SandboxOptions options = {});
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  int http_port() const;

  // Thread-safe, as everything below.
  FaultGate& faults();
  Traffic& traffic();
  // The upstream of a word of upstreams.def; ends the program when there is none. The upstream.h of
  // its folder has functions that make more of it.
  Upstream& upstream(std::string_view word);
  const Upstream& upstream(std::string_view word) const;

  void AdvanceClock(absl::Duration by);
  // Every token and session that upstreams have issued, but for those with a route of their own.
  void ExpireTokens();
  // Commands to try, for every upstream.
  std::string Welcome() const;

  // Ends every connection and waits for running requests. Idempotent; the destructor calls it.
  void Stop();

 private:
  class Core;
  explicit Sandbox(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_SANDBOX_H_

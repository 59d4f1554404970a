// What the sandbox asks of every system that it emulates. A system is a folder below upstreams/
// that implements this and defines `const UpstreamKind& Kind()` in the namespace of its word; its
// line in upstreams.def is all that the rest of the sandbox knows of it.

#ifndef RELAIS_SANDBOX_UPSTREAM_H_
#define RELAIS_SANDBOX_UPSTREAM_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sandbox/clock.h"
#include "sandbox/faults/faults.h"
#include "sandbox/http/message.h"
#include "sandbox/http/operation.h"
#include "sandbox/options.h"

namespace YAML {
class Node;
}  // namespace YAML

namespace relais::sandbox {

// One request, matched to the operation that it asks for.
struct UpstreamCall {
  Operation operation = Operation::kAny;  // kAny: nothing that is served; no fault hits it
  // Carries the request out, which must outlive the call. Heeds only what a fault says of the
  // answer's contents.
  std::function<HttpReply(const Fault&)> serve;
  // What the fault has happen after the answer, whether or not the request was carried out.
  std::function<void(const Fault&)> afterwards{};
};

// One emulated system at work. Thread-safe.
class Upstream {
 public:
  virtual ~Upstream() = default;

  // Nothing when the path is not this system's. `request` outlives the call.
  virtual std::optional<UpstreamCall> Route(const HttpRequest& request) = 0;

  // Answers a request for one of its own routes below /sandbox/; nothing when it has no such path.
  virtual std::optional<HttpReply> Administer(const HttpRequest& request) = 0;

  // Commands to try, with a comment line each, for the HTTP port that was had.
  virtual std::string Welcome(int http_port) const = 0;

  // Opens listeners besides HTTP, on `host` unless the options name another. What arrives goes to
  // `answer` as a request, so that it is routed, counted and disturbed alike; `answer` stays valid
  // until Stop. UNAVAILABLE: an address cannot be used.
  virtual absl::Status Listen(const std::string& host, HttpHandler answer);
  // Closes them and returns when no answer is under way. Idempotent.
  virtual void Stop() {}

  // The clock has been moved; what reads it anyway has nothing to do.
  virtual void OnClockAdvanced() {}
  // Every token or session it has issued ends now.
  virtual void ExpireTokens() {}
};

// The values of a section of the settings by key; each may throw as settings_reader.h says.
using Setters = std::map<std::string, std::function<void(const YAML::Node&)>>;

// A flag of relais-sandbox.
struct Flag {
  const char* name;        // e.g. "--jobqueue-state"
  const char* value_name;  // e.g. "FILE"
  const char* help;
  // Called once, after the settings file and --listen were read; `value` is empty when the flag
  // was not given.
  absl::Status (*read)(const std::string& value, SandboxOptions& options);
};

// How a gateway beside the sandbox is configured for one system.
struct GatewaySettings {
  std::string yaml;  // its section, with one connection, "sandbox"
  // What the section names: secrets by environment variable, files by path.
  std::map<std::string, std::string> environment{};
  std::map<std::string, std::string> files{};
};

// One emulated system before it is started.
struct UpstreamKind {
  // Of its folder, its section of the settings and its routes below /sandbox/.
  std::string_view word;
  // Every operation that Route names.
  std::span<const Operation> operations;
  // Those whose counters stand at the top of /sandbox/requests, even when they are 0.
  std::span<const Operation> headlines{};
  std::span<const Flag> flags{};
  // Its section of the settings, to be read into `options`.
  Setters (*settings)(SandboxOptions& options);
  // `clock` outlives what is made. What `options` has for it is taken out of them.
  absl::StatusOr<std::unique_ptr<Upstream>> (*start)(SandboxOptions& options,
                                                     const VirtualClock* clock);
  // For a sandbox that was started with `options` and has that port for HTTP.
  GatewaySettings (*gateway)(SandboxOptions& options, int http_port);
};

// Those of upstreams.def, in its order.
std::span<const UpstreamKind* const> UpstreamKinds();

// The operation of that name; also WORD/NAME, where names of several upstreams are alike.
std::optional<Operation> OperationNamed(std::string_view name);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_UPSTREAM_H_

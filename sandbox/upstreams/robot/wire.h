// How Orchestrator writes what it sends.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_WIRE_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_WIRE_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>

#include "absl/time/time.h"
#include "sandbox/http/message.h"

namespace relais::sandbox::robot {

// 2018-01-15T18:47:07.93Z: at most seven digits behind the point, none that is needless.
std::string WireTime(absl::Time time, const char* zone = "Z");

// A request that is refused: HTTP status and errorCode.
class Refusal : public std::runtime_error {
 public:
  Refusal(int status, int code, const std::string& message)
      : std::runtime_error(message), status_(status), code_(code) {}
  int status() const { return status_; }
  int code() const { return code_; }

 private:
  int status_;
  int code_;
};

HttpReply JsonAnswer(int status, const nlohmann::ordered_json& body);
// The body of an error; `traceparent` of the request is taken over into it.
HttpReply ErrorAnswer(int status, int code, const std::string& message,
                      const std::string& traceparent = "");

std::string NewGuid();

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_WIRE_H_

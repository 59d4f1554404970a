// What every error must be, whichever call it ends.

#ifndef RELAIS_TESTS_CONFORMANCE_JUDGE_H_
#define RELAIS_TESTS_CONFORMANCE_JUDGE_H_

#include <string>

#include "grpcpp/support/status.h"
#include "tests/conformance/method.h"

namespace relais::conformance {

// Whether the client's own library has made it: its view of a deadline or of a cancellation.
bool IsOfTheClient(const grpc::Status& status);
// Whether gRPC's server has made it before the gateway saw the call: the request is no message.
bool IsOfTheServersLibrary(const grpc::Status& status);

// What is wrong with the form of an error of the gateway; nothing: it is as promised. `request_id`
// is that of the call.
std::string FlawOf(const grpc::Status& status, const Method& method, const std::string& request_id);

}  // namespace relais::conformance

#endif  // RELAIS_TESTS_CONFORMANCE_JUDGE_H_

// What a caller can read out of a failed call, and what it must not be able to.

#ifndef RELAIS_TESTS_INTEGRATION_FAILURE_H_
#define RELAIS_TESTS_INTEGRATION_FAILURE_H_

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/support/status.h"

namespace relais::integration {

// The google.rpc details of a status.
struct Failure {
  int error_infos = 0;  // must be 1
  std::string domain;
  std::string reason;
  std::map<std::string, std::string> metadata;
  std::optional<absl::Duration> retry_after;
  std::vector<std::string> violated;  // fields of BadRequest
  std::string violations;             // all of it, as text
  std::string locale;
  std::string localized;
};
Failure FailureOf(const grpc::Status& status);

// For failure messages of tests.
std::string Describe(const grpc::Status& status);

// That the call failed with this code and reason, in the form that every error of the gateway has:
// one ErrorInfo with domain and metadata, details of at most 4 KiB, one English sentence, and
// nothing in it that gives away a credential, an address or an upstream's body.
testing::AssertionResult Fails(const grpc::Status& status, grpc::StatusCode code,
                               const std::string& reason);

// As Fails with INVALID_ARGUMENT / INVALID_REQUEST, naming `field` among the violations.
testing::AssertionResult Violates(const grpc::Status& status, const std::string& field);

}  // namespace relais::integration

#endif  // RELAIS_TESTS_INTEGRATION_FAILURE_H_

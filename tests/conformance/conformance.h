// What all tests of the suite have: a gateway with its sandbox, the methods of the service that the
// test is about, and what can be seen of the gateway from outside.

#ifndef RELAIS_TESTS_CONFORMANCE_CONFORMANCE_H_
#define RELAIS_TESTS_CONFORMANCE_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/conformance/exchange.h"
#include "tests/conformance/method.h"
#include "tests/conformance/subjects/subjects.h"
#include "tests/integration/failure.h"
#include "tests/integration/gateway.h"

namespace relais::conformance {

using integration::Describe;
using integration::Fails;
using integration::Failure;
using integration::FailureOf;
using integration::Violates;

// What a call came to. A State that has sent a message counts as answered and is left.
struct Answer {
  grpc::Status status;
  std::vector<AnyMessage> messages;
};

// Waits until `condition` holds; false when it does not come true for so long.
bool Eventually(const std::function<bool()>& condition, absl::Duration limit = absl::Seconds(10));

// The sum of all samples of that name on a page with metrics.
double SumOf(const std::string& name, const std::string& page);

class Conformance : public ::testing::TestWithParam<const Subject*> {
 protected:
  // Before anything else, with settings of the connection, e.g. "limits.in_flight=1", and others.
  void Start(const Texts& of_connection, const Texts& others = {});

  const Subject& subject() const { return *GetParam(); }
  Gateway& gateway();
  const std::vector<Method>& methods() const { return methods_; }
  std::vector<Method> methods(const std::function<bool(const Method&)>& fits) const;
  const Method& method(const std::string& name) const;
  // Those that ask the upstream. Those that change something come last: when one is given up the
  // gateway goes on asking what became of it.
  std::vector<Method> asking() const;

  std::unique_ptr<Exchange> Begin(const Method& method, const Requests& requests,
                                  ExchangeOptions options = {});
  // With bytes that need be no message.
  std::unique_ptr<Exchange> BeginRaw(const Method& method, const std::string& bytes);
  Answer Call(const Method& method, const Requests& requests, ExchangeOptions options = {});
  Answer Call(const Method& method) { return Call(method, method.Valid(gateway())); }
  // The one message of a unary call, which must succeed.
  AnyMessage Ask(const Method& method, const Requests& requests);
  // Asks the upstream once, so that the gateway has logged in.
  void SignIn();

  // Requests that the upstream has got: of one kind, of all kinds.
  std::int64_t Asked(Operation operation);
  std::int64_t Asked();
  // The upstream disturbs all further requests of that kind.
  void Disturb(Operation operation, sandbox::Fault fault);
  // The upstream answers no further request of that kind.
  void Hold(Operation operation) { Disturb(operation, {.latency = absl::Hours(1)}); }
  void Undisturb() { gateway().sandbox().faults().Clear(); }
  // Begins a call that the upstream holds, that one only; comes back when it does.
  std::unique_ptr<Exchange> BeginHeld(const Method& method);

  double Metric(const std::string& name) { return SumOf(name, Metrics()); }
  // Whether no call is open, nothing is asked upstream and nobody watches.
  bool Idle();

 private:
  std::string Metrics();

  std::unique_ptr<Gateway> gateway_;
  std::shared_ptr<grpc::Channel> channel_;
  const std::vector<Method> methods_ = MethodsOf(*GetParam());
};

// The services that have a method of that kind.
std::vector<const Subject*> SubjectsWith(const std::function<bool(const Method&)>& fits);
std::string WordOf(const ::testing::TestParamInfo<const Subject*>& info);

inline bool IsState(const Method& method) { return method.shape() == Shape::kState; }
inline bool IsRows(const Method& method) { return method.shape() == Shape::kRows; }

}  // namespace relais::conformance

#endif  // RELAIS_TESTS_CONFORMANCE_CONFORMANCE_H_

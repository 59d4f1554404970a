#include "tests/conformance/conformance.h"

#include <httplib.h>

#include <algorithm>
#include <iterator>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/http/patient_client.h"

namespace relais::conformance {

bool Eventually(const std::function<bool()>& condition, absl::Duration limit) {
  const absl::Time until = absl::Now() + limit;
  while (!condition()) {
    if (absl::Now() > until) return false;
    absl::SleepFor(absl::Milliseconds(3));
  }
  return true;
}

double SumOf(const std::string& name, const std::string& page) {
  std::istringstream lines(page);
  double sum = 0;
  bool found = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(name + "{", 0) != 0) continue;
    sum += std::stod(line.substr(line.rfind(' ')));
    found = true;
  }
  EXPECT_TRUE(found) << "/metrics has no " << name;
  return sum;
}

void Conformance::Start(const Texts& of_connection, const Texts& others) {
  integration::GatewayOptions options;
  for (const Subject* each : Subjects()) each->furnish(options.sandbox);
  // Lost answers are given up soon.
  options.settings = {"state.settle_time=0.1s"};
  for (const Subject* each : Subjects())
    options.settings.insert(options.settings.end(), each->needs.begin(), each->needs.end());
  for (const std::string& setting : of_connection)
    options.settings.push_back(absl::StrCat(subject().settings, setting));
  options.settings.insert(options.settings.end(), others.begin(), others.end());
  gateway_ = std::make_unique<Gateway>(std::move(options));
  channel_ = NarrowChannel(gateway_->address());
}

Gateway& Conformance::gateway() {
  if (gateway_ == nullptr) Start({});
  return *gateway_;
}

std::vector<Method> Conformance::methods(const std::function<bool(const Method&)>& fits) const {
  std::vector<Method> found;
  std::copy_if(methods_.begin(), methods_.end(), std::back_inserter(found), fits);
  return found;
}

std::vector<Method> Conformance::asking() const {
  std::vector<Method> found = methods([](const Method& method) { return method.asks(); });
  std::stable_partition(found.begin(), found.end(),
                        [](const Method& method) { return !method.request_id().has_value(); });
  return found;
}

const Method& Conformance::method(const std::string& name) const {
  for (const Method& method : methods_) {
    if (method.name() == name) return method;
  }
  ADD_FAILURE() << "no method " << name;
  return methods_.front();
}

std::unique_ptr<Exchange> Conformance::Begin(const Method& method, const Requests& requests,
                                             ExchangeOptions options) {
  gateway();
  return std::make_unique<Exchange>(channel_, method, requests, options);
}

std::unique_ptr<Exchange> Conformance::BeginRaw(const Method& method, const std::string& bytes) {
  gateway();
  return std::make_unique<Exchange>(channel_, method, std::vector<std::string>{bytes});
}

Answer Conformance::Call(const Method& method, const Requests& requests, ExchangeOptions options) {
  const std::unique_ptr<Exchange> exchange = Begin(method, requests, options);
  Answer answer;
  while (std::optional<AnyMessage> message = exchange->Read()) {
    answer.messages.push_back(*std::move(message));
    if (IsState(method)) return answer;
  }
  answer.status = exchange->Finish();
  return answer;
}

AnyMessage Conformance::Ask(const Method& method, const Requests& requests) {
  Answer answer = Call(method, requests);
  EXPECT_TRUE(answer.status.ok()) << method.name() << ": " << Describe(answer.status);
  if (answer.messages.empty()) return AnyMessage(method.response());
  return std::move(answer.messages.front());
}

void Conformance::SignIn() {
  for (const Method& method : methods_) {
    if (method.shape() != Shape::kUnary || !method.fails()) continue;
    Ask(method, method.Valid(gateway()));
    // The caller has his answer a moment before the worker is free again.
    EXPECT_TRUE(Eventually([&] { return Idle(); }));
    return;
  }
}

std::int64_t Conformance::Asked(Operation operation) {
  return gateway().sandbox().traffic().Counts().Of(operation);
}

std::int64_t Conformance::Asked() {
  std::int64_t asked = 0;
  for (const auto& [operation, count] : gateway().sandbox().traffic().Counts().by_operation) {
    asked += count;
  }
  return asked;
}

void Conformance::Disturb(Operation operation, sandbox::Fault fault) {
  fault.operation = operation;
  gateway().sandbox().faults().Add(std::move(fault));
}

std::unique_ptr<Exchange> Conformance::BeginHeld(const Method& method) {
  const Requests requests = method.Valid(gateway());
  const Operation operation = method.entry().asks.front();
  const std::int64_t before = Asked(operation);
  Disturb(operation, {.count = 1, .latency = absl::Hours(1)});
  auto exchange = Begin(method, requests);
  EXPECT_TRUE(Eventually([&] { return Asked(operation) > before; })) << method.name();
  return exchange;
}

std::string Conformance::Metrics() {
  sandbox::PatientClient client(absl::StrCat("http://", gateway().server().admin_address()));
  const httplib::Result page = client.Get("/metrics");
  EXPECT_TRUE(page) << httplib::to_string(page.error());
  return page ? page->body : "";
}

bool Conformance::Idle() {
  const std::string page = Metrics();
  return SumOf("relais_grpc_open_calls", page) == 0 &&
         SumOf("relais_upstream_in_flight", page) == 0 &&
         SumOf("relais_upstream_workers_busy", page) == 0 && SumOf("relais_watchers", page) == 0;
}

std::vector<const Subject*> SubjectsWith(const std::function<bool(const Method&)>& fits) {
  std::vector<const Subject*> found;
  for (const Subject* subject : Subjects()) {
    const std::vector<Method> methods = MethodsOf(*subject);
    if (std::any_of(methods.begin(), methods.end(), fits)) found.push_back(subject);
  }
  return found;
}

std::string WordOf(const ::testing::TestParamInfo<const Subject*>& info) {
  return info.param->word;
}

}  // namespace relais::conformance

// Every method is known to the suite, answers, and has the fields that its kind must have.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "tests/conformance/conformance.h"
#include "tests/conformance/judge.h"

namespace relais::conformance {
namespace {

class Methods : public Conformance {};
INSTANTIATE_TEST_SUITE_P(Conformance, Methods, ::testing::ValuesIn(Subjects()), WordOf);

// Methods with any other verb change something.
constexpr const char* kReadingVerbs[] = {"Count",  "Diagnose", "Download", "Explain",
                                         "Get",    "List",     "Query",    "Read",
                                         "Stream", "Tail",     "Validate", "Watch"};

bool Changes(const Method& method) {
  return std::none_of(std::begin(kReadingVerbs), std::end(kReadingVerbs),
                      [&](const char* verb) { return absl::StartsWith(method.name(), verb); });
}

bool HasField(const Descriptor& type, const char* name) {
  return type.FindFieldByName(name) != nullptr;
}

TEST_P(Methods, HaveAnEntryInTheTable) {
  const auto* service = ServiceOf(subject());
  ASSERT_NE(service, nullptr) << subject().service;
  for (int i = 0; i < service->method_count(); ++i) {
    const std::string& name = service->method(i)->name();
    const auto& entries = subject().methods;
    const auto count = std::count_if(entries.begin(), entries.end(),
                                     [&](const MethodEntry& entry) { return entry.name == name; });
    EXPECT_EQ(count, 1) << name << " has no entry in subject_" << subject().word << ".cc";
  }
  EXPECT_EQ(subject().methods.size(), methods().size()) << "an entry is of no method";
}

TEST_P(Methods, AnswerAValidRequest) {
  for (const Method& method : methods()) {
    const Answer answer = Call(method);
    EXPECT_TRUE(answer.status.ok()) << method.name() << ": " << Describe(answer.status);
    EXPECT_FALSE(answer.messages.empty()) << method.name();
  }
  EXPECT_TRUE(Eventually([&] { return Idle(); }));
}

TEST_P(Methods, AskTheUpstreamWhatTheTableSays) {
  SignIn();
  for (const Method& method : methods()) {
    const Requests requests = method.Valid(gateway());
    const std::int64_t before = Asked();
    Call(method, requests);
    if (!method.asks()) {
      EXPECT_EQ(Asked(), before) << method.name();
    }
    for (const Operation operation : method.entry().asks)
      EXPECT_GT(Asked(operation), 0) << method.name() << " " << operation.name();
  }
}

TEST_P(Methods, TakeARequestIdIfTheyChangeSomething) {
  for (const Method& method : methods())
    EXPECT_EQ(method.request_id().has_value(), Changes(method)) << method.name();
}

TEST_P(Methods, CanBeResumedOrKnownToBeWholeIfTheyStream) {
  for (const Method& method : methods()) {
    const Descriptor& response = method.response();
    const bool resumes = method.resumes() && HasField(response, "resume_token");
    const bool whole = HasField(response, "metadata") && HasField(response, "chunk") &&
                       HasField(response, "trailer");
    if (IsState(method)) {
      EXPECT_TRUE(resumes) << method.name();
    }
    if (IsRows(method)) {
      EXPECT_NE(resumes, whole) << method.name();
    }
  }
}

TEST_P(Methods, RefuseBytesThatAreNoMessage) {
  for (const Method& method : methods()) {
    const grpc::Status status = BeginRaw(method, "\xff\xff\xff")->Finish();
    if (IsOfTheServersLibrary(status)) continue;
    EXPECT_TRUE(Fails(status, grpc::INVALID_ARGUMENT, "INVALID_REQUEST")) << method.name();
  }
}

TEST_P(Methods, PageIfTheyList) {
  for (const Method& method : methods()) {
    EXPECT_EQ(HasField(method.response(), "next_page_token"), method.paged()) << method.name();
    if (absl::StartsWith(method.name(), "List")) {
      EXPECT_TRUE(method.paged()) << method.name();
    }
  }
}

}  // namespace
}  // namespace relais::conformance

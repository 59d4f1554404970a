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
    const std::string name(service->method(i)->name());
    const auto& entries = subject().methods;
    const auto count = std::count_if(entries.begin(), entries.end(),
                                     [&](const MethodEntry& entry) { return entry.name == name; });
    EXPECT_EQ(count, 1) << name << " has no entry in subject_" << subject().word << ".cc";
  }
  EXPECT_EQ(subject().methods.size(), methods().size()) << "an entry is of no method";
}

// What retries in clients and proxies go by.
TEST_P(Methods, SayWhetherTheyMayBeRepeated) {
  using google::protobuf::MethodOptions;
  const auto* service = ServiceOf(subject());
  ASSERT_NE(service, nullptr) << subject().service;
  for (const Method& method : methods()) {
    const auto level = service->FindMethodByName(method.name())->options().idempotency_level();
    EXPECT_EQ(level, Changes(method) ? MethodOptions::IDEMPOTENT : MethodOptions::NO_SIDE_EFFECTS)
        << method.name();
  }
}

TEST_P(Methods, OfListsHaveOneList) {
  using google::protobuf::FieldDescriptor;
  for (const Method& method : methods()) {
    if (!absl::StartsWith(method.name(), "List")) continue;
    int lists = 0;
    for (int i = 0; i < method.response().field_count(); ++i)
      lists += method.response().field(i)->is_repeated() ? 1 : 0;
    EXPECT_EQ(lists, 1) << method.name();
    const FieldDescriptor* size = method.response().FindFieldByName("total_size");
    if (size == nullptr) continue;
    EXPECT_EQ(size->type(), FieldDescriptor::TYPE_INT64) << method.name();
    EXPECT_TRUE(size->has_presence()) << method.name();
  }
}

// Whoever waits needs no list of states.
TEST_P(Methods, ThatWatchOneTellWhenItHasEnded) {
  for (const Method& method : methods()) {
    if (method.shape() != Shape::kState || method.collection()) continue;
    bool tells = false;
    for (int i = 0; i < method.response().field_count(); ++i) {
      const auto* type = method.response().field(i)->message_type();
      tells =
          tells || (type != nullptr && HasField(*type, "ended") && HasField(*type, "succeeded"));
    }
    EXPECT_TRUE(tells) << method.name();
    EXPECT_FALSE(HasField(method.request(), "timeout")) << method.name();
  }
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
    const bool whole =
        IsBody(response) || (HasField(response, "metadata") && HasField(response, "chunk") &&
                             HasField(response, "trailer"));
    if (IsState(method)) {
      EXPECT_TRUE(resumes) << method.name();
    }
    if (IsRows(method)) {
      EXPECT_NE(resumes, whole) << method.name();
      EXPECT_EQ(HasField(response, "end_of_stream"), resumes) << method.name();
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

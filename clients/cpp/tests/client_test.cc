// What scenarios cannot reach: what a client does before it calls, and names of files.

#include "relais/client/client.h"

#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relais/client/call.h"
#include "relais/client/error.h"
#include "relais/client/files.h"

namespace relais::client {
namespace {

using ::testing::ElementsAre;
using ::testing::MatchesRegex;
using JobQueueStub = jobqueue::v1::JobQueueService::Stub;

Options WithToken(const std::string& token) {
  Options options;
  options.insecure = true;
  options.token = [token] { return token; };
  return options;
}

TEST(Connect, TakesATokenInPlainTextToThisMachineOnly) {
  for (const char* target :
       {"localhost:1", "127.0.0.1:1", "127.1.2.3:1", "[::1]:1", "unix:/tmp/none",
        "dns:///localhost:1", "ipv4:127.0.0.1:1", "ipv6:[::1]:1"}) {
    EXPECT_TRUE(Connect(target, WithToken("t")).ok()) << target;
  }
  for (const char* target :
       {"relais.example:1", "10.0.0.1:1", "127.0.0.1.example:1", "localhost.example:1",
        "ipv4:127.0.0.1:1,10.0.0.1:1", "dns://10.0.0.1/localhost:1", "127.example:1", "", ":1"}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(Connect(target, WithToken("t")).status())) << target;
  }
}

TEST(Connect, EncryptsWhatLeavesThisMachine) {
  Options options;
  options.token = [] { return "t"; };
  EXPECT_TRUE(Connect("relais.example:443", options).ok());
}

TEST(Call, RefusesATokenThatNoHeaderCanCarry) {
  absl::StatusOr<Client> client = Connect("127.0.0.1:1", WithToken("secret\n"));
  ASSERT_TRUE(client.ok());
  const absl::Status status =
      client->Call(&JobQueueStub::GetQueue, jobqueue::v1::GetQueueRequest()).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_FALSE(ErrorOf(status).has_value());
  EXPECT_EQ(status.message().find("secret"), absl::string_view::npos);
}

TEST(Call, HandsOnTheErrorOfTheTokensSource) {
  Options options;
  options.token = []() -> absl::StatusOr<std::string> { return absl::NotFoundError("no token"); };
  absl::StatusOr<Client> client = Connect("127.0.0.1:1", options);
  ASSERT_TRUE(client.ok());
  EXPECT_EQ(client->Ping(), absl::NotFoundError("no token"));
}

TEST(Cancel, EndsTheCallsOfItsScopeOnly) {
  absl::StatusOr<Client> client = Connect("127.0.0.1:1");
  ASSERT_TRUE(client.ok());
  const Client scoped = client->Scoped(), copy = scoped;
  scoped.Cancel();
  EXPECT_TRUE(absl::IsCancelled(copy.Ping()));
  EXPECT_TRUE(absl::IsUnavailable(client->Ping()));
}

TEST(Ping, SaysAtOnceWhatIsWrong) {
  int events = 0;
  Options options;
  options.observe = [&](const Event&) { ++events; };
  absl::StatusOr<Client> client = Connect("127.0.0.1:1", options);
  ASSERT_TRUE(client.ok());
  const std::optional<Error> error = ErrorOf(client->Ping());
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->attempts, 1);
  EXPECT_EQ(events, 0);
  EXPECT_NE(error->message.find("127.0.0.1:1"), std::string::npos) << error->message;
}

TEST(List, RefusesItemsThatTheResponseDoesNotHave) {
  absl::StatusOr<Client> client = Connect("127.0.0.1:1");
  ASSERT_TRUE(client.ok());
  int errors = 0;
  for (auto& item : client->List<jobqueue::v1::Queue>(&JobQueueStub::ListJobs,
                                                      jobqueue::v1::ListJobsRequest())) {
    EXPECT_TRUE(absl::IsInvalidArgument(item.status()));
    ++errors;
  }
  EXPECT_EQ(errors, 1);
}

TEST(Errors, OfNoCallHaveNoDetails) {
  EXPECT_FALSE(ErrorOf(absl::OkStatus()).has_value());
  EXPECT_FALSE(ErrorOf(absl::NotFoundError("a file")).has_value());
  EXPECT_EQ(ReasonOf(absl::NotFoundError("a file")), error::v1::REASON_UNSPECIFIED);
}

TEST(Range, AsksNoMoreBehindAnErrorOrTheEnd) {
  for (const bool fails : {true, false}) {
    int asked = 0;
    Range<int> range([&]() -> std::optional<absl::StatusOr<int>> {
      if (++asked < 3) return asked;
      if (fails) return absl::UnavailableError("gone");
      return std::nullopt;
    });
    std::vector<int> read;
    for (absl::StatusOr<int>& item : range) read.push_back(item.value_or(-1));
    for (absl::StatusOr<int>& item : range) read.push_back(item.value_or(-2));
    EXPECT_EQ(asked, 3);
    EXPECT_EQ(read, fails ? (std::vector<int>{1, 2, -1}) : (std::vector<int>{1, 2}));
  }
}

TEST(Ids, AreRandomUuids) {
  const std::string id = internal::NewId();
  EXPECT_THAT(id,
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_NE(id, internal::NewId());
}

TEST(FileNames, StayInTheirFolderAndAreAllowedEverywhere) {
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const char* name : {"..\\..\\x.txt", "/etc/x.TXT", "a/x.txt", "CON", "com1.log", "..", "",
                           "a:b?.csv", "é. .", "tab\t", ".profile", "LPTX"}) {
    names.push_back(internal::SafeName(name, &taken));
  }
  EXPECT_THAT(names, ElementsAre("x.txt", "x (2).TXT", "x (3).txt", "CON_", "com1_.log", "_",
                                 "_ (2)", "a_b_.csv", "é", "tab_", ".profile", "LPTX"));
}

TEST(Sources, SayWhichFileCannotBeRead) {
  const auto all = [](const std::string&) { return true; };
  EXPECT_TRUE(absl::IsNotFound(Source::Path("/nowhere/at-all").Read(all)));
  EXPECT_FALSE(Source::Path("/tmp").Read(all).ok());
}

TEST(Sources, GiveAllBytesInParts) {
  const std::string bytes(700000, 'x');
  std::istringstream stream(bytes);
  for (const Source& source : {Source::Bytes(bytes), Source::Stream(stream)}) {
    std::string read;
    EXPECT_TRUE(source.Read([&](std::string part) { return read += part, true; }).ok());
    EXPECT_EQ(read.size(), bytes.size());
  }
}

}  // namespace
}  // namespace relais::client

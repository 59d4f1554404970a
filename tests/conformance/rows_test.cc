// Streams of rows: lossless, in order, pulled, and known to be whole.
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "server/core/base/sha256.h"
#include "tests/conformance/conformance.h"

namespace relais::conformance {
namespace {

bool IsResumable(const Method& method) { return IsRows(method) && method.resumes(); }
bool IsDownload(const Method& method) { return IsRows(method) && !method.resumes(); }

// The content of a download.
std::string ContentOf(const std::vector<AnyMessage>& messages) {
  std::string content;
  for (const AnyMessage& message : messages)
    content += GetText(*message, IsBody(*message->GetDescriptor()) ? "data" : "chunk");
  return content;
}

class Rows : public Conformance {
 protected:
  // All that the messages carry, whatever the limits between them.
  static std::string Carried(const Method& method, const std::vector<AnyMessage>& messages) {
    if (IsDownload(method)) return ContentOf(messages);
    std::string all;
    for (const AnyMessage& message : messages) {
      for (const AnyMessage& item : method.Items(*message)) all += item->SerializeAsString();
    }
    return all;
  }

  std::vector<AnyMessage> Read(const Method& method, const Requests& requests) {
    Answer answer = Call(method, requests);
    EXPECT_TRUE(answer.status.ok()) << method.name() << ": " << Describe(answer.status);
    return std::move(answer.messages);
  }

  testing::AssertionResult Refuses(const Method& method, Requests requests,
                                   const std::string& token) {
    SetText(*requests.front(), "resume_token", token);
    return Fails(Call(method, requests).status, grpc::INVALID_ARGUMENT, "INVALID_RESUME_TOKEN");
  }
};
INSTANTIATE_TEST_SUITE_P(Conformance, Rows, ::testing::ValuesIn(SubjectsWith(IsRows)), WordOf);

TEST_P(Rows, GoOnBehindEveryBatch) {
  for (const Method& method : methods(IsResumable)) {
    Requests requests = method.Valid(gateway());
    const std::vector<AnyMessage> messages = Read(method, requests);
    ASSERT_GE(messages.size(), 2) << method.name() << ": too few batches";
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const std::string token = GetText(*messages[i], "resume_token");
      ASSERT_NE(token, "") << method.name();
      EXPECT_EQ(
          messages[i]->GetReflection()->GetBool(*messages[i], Field(*messages[i], "end_of_stream")),
          i + 1 == messages.size())
          << method.name();
      SetText(*requests.front(), "resume_token", token);
      const std::vector<AnyMessage> expected(messages.begin() + static_cast<int>(i) + 1,
                                             messages.end());
      EXPECT_TRUE(Carried(method, Read(method, requests)) == Carried(method, expected))
          << method.name() << " behind batch " << i;
    }
  }
}

TEST_P(Rows, RefuseATokenOfAnythingElse) {
  for (const Method& method : methods(IsResumable)) {
    const Requests requests = method.Valid(gateway());
    const std::string token = GetText(*Read(method, requests).front(), "resume_token");
    EXPECT_TRUE(Refuses(method, requests, "nonsense")) << method.name();
    EXPECT_TRUE(Refuses(method, requests, token + "A")) << method.name();
    const auto other = method.Other(gateway(), requests);
    ASSERT_TRUE(other.has_value()) << method.name();
    EXPECT_TRUE(Refuses(method, *other, token)) << method.name();
  }
}

TEST_P(Rows, OfAFileComeWithItsSizeAndChecksum) {
  for (const Method& method : methods(IsDownload)) {
    if (IsBody(method.response())) continue;
    SCOPED_TRACE(method.name());
    const std::vector<AnyMessage> messages = Read(method, method.Valid(gateway()));
    ASSERT_GE(messages.size(), 3);
    const auto has = [](const AnyMessage& message, const char* part) {
      return message->GetReflection()->HasField(*message, Field(*message, part));
    };
    EXPECT_TRUE(has(messages.front(), "metadata"));
    for (std::size_t i = 1; i + 1 < messages.size(); ++i) EXPECT_TRUE(has(messages[i], "chunk"));
    ASSERT_TRUE(has(messages.back(), "trailer"));
    const AnyMessage& last = messages.back();
    const Message& trailer = last->GetReflection()->GetMessage(*last, Field(*last, "trailer"));
    const std::string content = ContentOf(messages);
    Sha256 digest;
    digest.Update(content);
    EXPECT_EQ(GetText(trailer, "sha256"), digest.FinishHex());
    EXPECT_EQ(trailer.GetReflection()->GetInt64(trailer, Field(trailer, "size_bytes")),
              static_cast<std::int64_t>(content.size()));
  }
}

TEST_P(Rows, WaitForASlowReaderAndLoseNothing) {
  for (const Method& method : methods(IsRows)) {
    SCOPED_TRACE(method.name());
    const Requests requests = method.Plenty(gateway());
    const std::int64_t before = Asked();
    const std::string expected = Carried(method, Read(method, requests));
    const std::int64_t needed = Asked() - before;
    const auto slow = Begin(method, requests);
    std::vector<AnyMessage> messages;
    messages.push_back(*slow->Read());
    // While it rests so does the upstream: it has nothing more to do than for a small window.
    std::int64_t asked = Asked();
    for (absl::Time since = absl::Now(); absl::Now() - since < absl::Milliseconds(100);) {
      absl::SleepFor(absl::Milliseconds(5));
      if (Asked() != asked) since = absl::Now();
      asked = Asked();
    }
    if (needed > 4) {
      EXPECT_LT(asked - before - needed, needed / 2);
    }
    EXPECT_EQ(Metric("relais_grpc_open_calls"), 1) << "it has ended without being read";
    for (AnyMessage& message : slow->Rest()) messages.push_back(std::move(message));
    EXPECT_TRUE(slow->Finish().ok());
    EXPECT_TRUE(Carried(method, messages) == expected);
  }
}

TEST_P(Rows, ThatAreCutAreNeverTakenForTheWhole) {
  Start({"limits.max_attempts=1"});
  SignIn();
  for (const Method& method : methods(IsRows)) {
    SCOPED_TRACE(method.name());
    if (!method.asks()) continue;
    const Requests requests = method.Plenty(gateway());
    Disturb(method.entry().asks.front(), {.cut = sandbox::Cut::kMidBody});
    const Answer answer = Call(method, requests);
    Undisturb();
    EXPECT_TRUE(Fails(answer.status, grpc::UNAVAILABLE, "UPSTREAM_UNREACHABLE"));
    if (!IsDownload(method) || IsBody(method.response()) || answer.messages.empty()) continue;
    const AnyMessage& last = answer.messages.back();
    EXPECT_FALSE(last->GetReflection()->HasField(*last, Field(*last, "trailer")));
  }
}

}  // namespace
}  // namespace relais::conformance

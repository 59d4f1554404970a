#include "server/services/campaign/backend/frames.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/net/frame.h"
#include "server/core/net/tcp_dialer.h"
#include "tests/support/metadata.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/test_certificate.h"

namespace relais::campaign {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr char kReply[] = R"({"result":{}})";

Command ListModels(const std::string& arguments = "{}") { return {"list_model", arguments}; }

// The frames of a connection, one after the other.
class Frames {
 public:
  explicit Frames(ScriptedConnection& connection) : connection_(connection) {}
  std::optional<std::string> Next() {
    while (true) {
      auto content = reader_.Next();
      if (content.ok() && *content) return **content;
      const auto bytes = connection_.ReadSome();
      if (!bytes) return std::nullopt;
      reader_.Add(*bytes);
    }
  }

 private:
  ScriptedConnection& connection_;
  FrameReader reader_{1 << 20};
};

// Answers every frame with what came, within a result.
void EchoFrames(ScriptedConnection& connection) {
  Frames frames(connection);
  while (const auto content = frames.Next())
    connection.Write(EncodeFrame(absl::StrCat("{\"result\":", *content, "}")));
}

// Answers the first frame with `bytes` and closes.
ScriptedHttpServer::Script AnswerWith(std::string bytes) {
  return [bytes = std::move(bytes)](ScriptedConnection& connection) {
    if (Frames(connection).Next()) connection.Write(bytes);
  };
}

class FrameTransportTest : public ::testing::Test {
 protected:
  void Serve(ScriptedHttpServer::Script script, FrameOptions options = {}) {
    server_.emplace(std::move(script));
    transport_.emplace(
        std::make_unique<TcpDialer>(TcpOptions{.host = "127.0.0.1", .port = server_->port()}),
        options);
  }
  absl::StatusOr<CommandReply> Send(const Command& command = ListModels(),
                                    absl::Duration timeout = kPatience, bool repeatable = true,
                                    const CallContext& context = CallContext()) {
    const Secret session("s1");
    return transport_->Send(
        context, {.command = command, .session = session, .repeatable = repeatable}, timeout);
  }

  // Used by scripts.
  std::atomic<std::size_t> split_ = 0;
  std::atomic<int> frames_ = 0;

  std::optional<ScriptedHttpServer> server_;
  std::optional<FrameTransport> transport_;
};

TEST_F(FrameTransportTest, SendsCommandSessionAndArgumentsAndKeepsTheConnection) {
  Serve(EchoFrames);
  for (int i = 0; i < 3; ++i) {
    const auto reply = Send(ListModels(R"({"a":1})"));
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_TRUE(reply->refusal.ok());
    EXPECT_EQ(reply->body,
              R"({"result":{"command":"list_model","session":"s1","arguments":{"a":1}}})");
  }
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(FrameTransportTest, TakesAReplyHoweverItIsSplit) {
  const std::string bytes = EncodeFrame(kReply);
  Serve([this, bytes](ScriptedConnection& connection) {
    Frames frames(connection);
    while (frames.Next()) {
      const std::size_t at = split_;
      connection.Write(bytes.substr(0, at));
      std::this_thread::yield();
      connection.Write(bytes.substr(at));
    }
  });
  for (; split_ <= bytes.size(); ++split_) EXPECT_EQ(Send()->body, kReply) << split_;
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(FrameTransportTest, WhatMustNotBeSentTwiceGoesOverAConnectionOfItsOwn) {
  Serve([this](ScriptedConnection& connection) {
    if (Frames(connection).Next()) ++frames_;  // and closes without a word
  });
  const auto reply = Send(ListModels(), kPatience, /*repeatable=*/false);
  EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamUnreachable));
  EXPECT_EQ(Metadata(reply.status(), "requestSent"), "true");
  EXPECT_EQ(frames_, 1);
}

TEST_F(FrameTransportTest, AConnectionThatWasClosedMeanwhileIsReplaced) {
  Serve([](ScriptedConnection& connection) {
    if (Frames(connection).Next()) connection.Write(EncodeFrame(kReply));
  });
  EXPECT_TRUE(Send().ok());
  EXPECT_TRUE(Send().ok()) << "the first connection has been closed by the peer";
  EXPECT_EQ(server_->connections(), 2);
}

// A reply that was written twice, the second time when nobody waited for it any more.
TEST_F(FrameTransportTest, ALateReplyAnswersNoOtherCommand) {
  std::latch may_repeat(1);
  std::latch repeated(1);
  Serve([&](ScriptedConnection& connection) {
    Frames frames(connection);
    if (!frames.Next()) return;
    connection.Write(EncodeFrame(kReply));
    if (frames_++ > 0) return;
    may_repeat.wait();
    connection.Write(EncodeFrame(R"({"result":{"late":1}})"));
    repeated.count_down();
    (void)frames.Next();
  });
  EXPECT_TRUE(Send().ok());
  may_repeat.count_down();
  repeated.wait();
  const auto second = Send();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->body, kReply);
  EXPECT_EQ(server_->connections(), 2);
}

TEST_F(FrameTransportTest, APeerThatStopsWithinAFrameIsAnErrorAndNotRepeated) {
  const std::string whole = EncodeFrame(kReply);
  for (std::size_t length : {std::size_t{1}, std::size_t{3}, std::size_t{4}, whole.size() - 1}) {
    Serve(AnswerWith(whole.substr(0, length)));
    const auto reply = Send();
    EXPECT_TRUE(HasReason(reply.status(), Reason::kUpstreamUnreachable)) << length;
    EXPECT_EQ(reply.status().message(),
              "The upstream closed the connection before its reply was whole.");
    EXPECT_EQ(server_->connections(), 1);
  }
}

TEST_F(FrameTransportTest, APeerThatGoesSilentWithinAFrameIsGivenUp) {
  Serve([](ScriptedConnection& connection) {
    connection.ReadSome();
    connection.Write(EncodeFrame(kReply).substr(0, 6));
    connection.AwaitClose();
  });
  EXPECT_TRUE(
      HasReason(Send(ListModels(), absl::Milliseconds(100)).status(), Reason::kUpstreamTimeout));
}

TEST_F(FrameTransportTest, RefusesFramesThatAreTooLargeOrNegativeOrTooMany) {
  for (const std::string& bytes :
       {std::string("\x7f\xff\xff\xff", 4), std::string("\xff\xff\xff\xff", 4),
        std::string("\x80\0\0\0", 4), std::string("\0\0\x04\x01", 4)}) {
    Serve(AnswerWith(bytes), {.max_reply_bytes = 1024});
    EXPECT_TRUE(HasReason(Send().status(), Reason::kUpstreamMalformedResponse));
  }
  Serve(AnswerWith(EncodeFrame(kReply) + EncodeFrame(kReply)));
  EXPECT_EQ(Send().status().message(), "The upstream sent more than it was asked for.");
  Serve(AnswerWith(EncodeFrame(std::string(1024, ' '))), {.max_reply_bytes = 1024});
  EXPECT_EQ(Send()->body.size(), 1024U);
}

TEST_F(FrameTransportTest, CarriesSixtyFourAtOnce) {
  constexpr int kThreads = 64;
  Serve(EchoFrames, {.keep = 8});
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 20; ++j) {
        const std::string arguments = absl::StrCat(
            "{\"", i, "\":\"", std::string(static_cast<std::size_t>(j) * 997, 'x'), "\"}");
        const auto reply = Send(ListModels(arguments));
        if (!reply.ok() || reply->body.find(arguments) == std::string::npos) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(FrameTransportTest, EndsWithTheCall) {
  Serve([](ScriptedConnection& connection) { connection.AwaitClose(); });
  std::stop_source stop;
  const CallContext context(absl::InfiniteFuture(), stop.get_token(), {});
  std::thread canceller([&] {
    server_->AwaitConnections(1);
    stop.request_stop();
  });
  const auto reply = Send(ListModels(), kPatience, /*repeatable=*/true, context);
  canceller.join();
  EXPECT_TRUE(HasReason(reply.status(), Reason::kCallerCancelled));
}

}  // namespace
}  // namespace relais::campaign

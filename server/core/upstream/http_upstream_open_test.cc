// Streams: the policy of a call until its head is in, and what comes afterwards; and bodies that
// come from files.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/base/error.h"
#include "server/core/upstream/http_status.h"
#include "server/core/upstream/http_upstream.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/manual_scheduler.h"
#include "tests/support/metadata.h"

namespace relais {
namespace {

absl::Status LostConnection() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
             .With("requestSent", "true")
         << "The connection was lost.";
}

using Stream = absl::StatusOr<std::unique_ptr<HttpStream>>;

class HttpUpstreamOpen : public testing::Test {
 protected:
  HttpUpstreamOpen() { scheduler_.SkipWaits(); }

  Stream Open(SendOptions options = {}) {
    return upstream_.Open(
        CallContext(), options,
        [](const Credential& credential) {
          return HttpRequest{.url = "http://download",
                             .headers = {{"t", credential.token.Reveal()}}};
        },
        [this](const HttpReply& head, const Credential&) {
          seen_body_ = head.body;
          return StatusOfReply(head, scheduler_.Now());
        });
  }

  ManualScheduler scheduler_;
  FakeHttpTransport transport_;
  UpstreamMetrics metrics_;
  int logins_ = 0;
  std::string seen_body_;
  HttpUpstream upstream_{"jobqueue",
                         "queues/main",
                         transport_,
                         scheduler_,
                         metrics_,
                         {.attempt_timeout = absl::Seconds(7)},
                         SessionPolicy(),
                         [this](const CallContext&) -> absl::StatusOr<Credential> {
                           return Credential{.token = Secret("T" + std::to_string(++logins_))};
                         }};
};

TEST_F(HttpUpstreamOpen, GivesTheBodyToItsReader) {
  transport_.Reply(200, "content", {{"content-length", "7"}});
  {
    const Stream stream = Open();
    ASSERT_TRUE(stream.ok()) << stream.status();
    EXPECT_EQ((*stream)->head().ContentLength(), 7);
    EXPECT_EQ(metrics_.attempts[UpstreamMetrics::kSucceeded], 1u);  // the attempt is over …
    EXPECT_EQ(metrics_.in_flight, 1);                               // … the exchange is not
    EXPECT_EQ(*(*stream)->Read(CallContext(), 4), "cont");
    EXPECT_EQ(*(*stream)->Read(CallContext(), 4), "ent");
    EXPECT_EQ(*(*stream)->Read(CallContext(), 4), "");
  }
  EXPECT_EQ(metrics_.in_flight, 0);
  EXPECT_EQ(metrics_.broken_streams, 0u);
  EXPECT_EQ(transport_.timeouts().at(0), absl::Seconds(7));
}

TEST_F(HttpUpstreamOpen, ClassifiesErrorsByTheirBody) {
  transport_.Reply(404, "why");
  const absl::Status status = Open().status();
  EXPECT_TRUE(HasReason(status, Reason::kResourceNotFound)) << status;
  EXPECT_EQ(seen_body_, "why");
  EXPECT_EQ(Metadata(status, "connection"), "queues/main");
  EXPECT_EQ(Metadata(status, "httpStatus"), "404");
  EXPECT_EQ(metrics_.attempts[UpstreamMetrics::kRejected], 1u);
  EXPECT_EQ(transport_.open_streams(), 0);
}

TEST_F(HttpUpstreamOpen, RepeatsAndLogsInAgainBeforeTheFirstByte) {
  transport_.Reply(503).Fail(LostConnection()).Reply(401).Reply(200, "x");
  const Stream stream = Open();
  ASSERT_TRUE(stream.ok()) << stream.status();
  EXPECT_EQ(metrics_.retries, 2u);
  EXPECT_EQ(logins_, 2);
  EXPECT_EQ(transport_.requests().back().headers.at(0).second, "T2");
  EXPECT_EQ(transport_.open_streams(), 1);
}

TEST_F(HttpUpstreamOpen, ARefusedStreamIsClosedBeforeTheNextAttempt) {
  int open_at_retry = -1;
  transport_.Reply(503).Then(
      [&](const CallContext&, const HttpRequest&) -> absl::StatusOr<HttpReply> {
        open_at_retry = transport_.open_streams();
        return MakeReply(200, "content");
      });
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(open_at_retry, 0);
}

TEST_F(HttpUpstreamOpen, NeitherRepeatsNorHidesALaterFailure) {
  transport_.Break("half", LostConnection());
  const Stream stream = Open();
  ASSERT_TRUE(stream.ok()) << stream.status();
  EXPECT_EQ(*(*stream)->Read(CallContext(), 100), "half");
  for (int i = 0; i < 2; ++i) {
    const absl::Status status = (*stream)->Read(CallContext(), 100).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_TRUE(HasReason(status, Reason::kUpstreamUnreachable)) << status;
    EXPECT_EQ(Metadata(status, "service"), "jobqueue");
    EXPECT_EQ(Metadata(status, "connection"), "queues/main");
    EXPECT_EQ(Metadata(status, "attempts"), "1");
    EXPECT_EQ(Metadata(status, "httpStatus"), "200");
    EXPECT_EQ(Metadata(status, "requestSent"), std::nullopt);
  }
  EXPECT_EQ(metrics_.broken_streams, 1u);
  EXPECT_EQ(transport_.request_count(), 1u);
}

TEST_F(HttpUpstreamOpen, DoesNotCountTheCallersOwnEnd) {
  transport_.Reply(200, "content");
  const Stream stream = Open();
  ASSERT_TRUE(stream.ok()) << stream.status();
  std::stop_source stop;
  stop.request_stop();
  const CallContext cancelled(absl::InfiniteFuture(), stop.get_token(), {});
  const absl::Status status = (*stream)->Read(cancelled, 100).status();
  EXPECT_TRUE(HasReason(status, Reason::kCallerCancelled)) << status;
  EXPECT_EQ(metrics_.broken_streams, 0u);
}

TEST_F(HttpUpstreamOpen, OpensItsBreakerAsCallsDo) {
  for (int i = 0; i < 5; ++i) transport_.Reply(503);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Open({.retry = false}).ok());
  EXPECT_EQ(upstream_.breaker().state(scheduler_.Now()), Breaker::State::kOpen);
  EXPECT_TRUE(HasReason(Open().status(), Reason::kUpstreamUnavailable));
  EXPECT_EQ(transport_.request_count(), 5u);
}

TEST_F(HttpUpstreamOpen, SendsTheSameFileWithEveryAttempt) {
  std::shared_ptr<SpoolFile> file = *SpoolFile::Make("/tmp", 100);
  ASSERT_TRUE(file->Append("the content").ok());
  transport_.Reply(503).Reply(401).Reply(200, "id");
  const auto reply = upstream_.Send(
      CallContext(), {.attempt_timeout = absl::Minutes(30)},
      [&](const Credential&) {
        return HttpRequest{.method = "POST",
                           .url = "http://upload",
                           .form = {{.name = "file", .file_name = "a.xlsx", .file = file},
                                    {.name = "note", .text = "text"}}};
      },
      [this](const HttpReply& got, const Credential&) {
        return StatusOfReply(got, scheduler_.Now());
      });
  ASSERT_TRUE(reply.ok()) << reply.status();
  ASSERT_EQ(transport_.request_count(), 3u);
  for (const HttpRequest& request : transport_.requests()) {
    ASSERT_EQ(request.form.size(), 2u);
    EXPECT_EQ(ContentOf(request.form[0]), "the content");
    EXPECT_EQ(ContentOf(request.form[1]), "text");
  }
  EXPECT_EQ(transport_.timeouts().at(2), absl::Minutes(30));
}

TEST_F(HttpUpstreamOpen, OpensOnlySoManyAtATime) {
  std::vector<Stream> open;
  for (int i = 0; i < UpstreamPolicy().open_streams; ++i) {
    transport_.Reply(200, "x");
    open.push_back(Open());
    ASSERT_TRUE(open.back().ok()) << open.back().status();
  }
  const std::size_t sent = transport_.request_count();
  const Stream further = Open();
  ASSERT_FALSE(further.ok());
  EXPECT_EQ(further.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(HasReason(further.status(), Reason::kUpstreamSaturated));
  EXPECT_TRUE(DetailsOf(further.status()).retry_after.has_value());
  EXPECT_EQ(transport_.request_count(), sent) << "nothing was sent";
  open.pop_back();
  transport_.Reply(404);
  EXPECT_TRUE(HasReason(Open().status(), Reason::kResourceNotFound))
      << "which gives its place back";
  transport_.Reply(200, "x");
  EXPECT_TRUE(Open().ok());
}

}  // namespace
}  // namespace relais

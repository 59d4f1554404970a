#include "server/services/exports/delivery/http_put.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/sha256.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/temporary_folder.h"

namespace relais::exports {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::Pair;

class AnHttpServer : public testing::Test {
 protected:
  AnHttpServer() { std::ofstream(folder_.path() + "/local") << "content"; }

  FakeHttpTransport& Use(bool webdav_move) {
    auto transport = std::make_unique<FakeHttpTransport>();
    transport_ = transport.get();
    destination_ =
        std::make_unique<HttpPutDestination>(HttpPutSettings{.base_url = "http://files/base/",
                                                             .authorization = Secret("Bearer t"),
                                                             .webdav_move = webdav_move},
                                             std::move(transport), scheduler_);
    return *transport_;
  }
  OutgoingFile FileAt(std::string path, bool replace = true) const {
    return {.local_path = folder_.path() + "/local",
            .path = std::move(path),
            .size_bytes = 7,
            .sha256 = Sha256Hex("content"),
            .media_type = "text/csv",
            .replace = replace,
            .id = "run-1"};
  }
  absl::Status Put(const OutgoingFile& file) { return destination_->Put(CallContext(), file); }
  // "PUT http://…" of each.
  std::vector<std::string> Asked() const {
    std::vector<std::string> asked;
    for (const HttpRequest& request : transport_->requests())
      asked.push_back(absl::StrCat(request.method, " ", request.url));
    return asked;
  }

  TemporaryFolder folder_;
  ThreadScheduler scheduler_;
  FakeHttpTransport* transport_ = nullptr;
  std::unique_ptr<HttpPutDestination> destination_;
};

TEST_F(AnHttpServer, IsToldWhoDeliversWhat) {
  Use(false).Reply(201);
  ASSERT_TRUE(Put(FileAt("a b/ö.csv")).ok());
  EXPECT_THAT(Asked(), ElementsAre("PUT http://files/base/a%20b/%C3%B6.csv"));
  const HttpRequest request = transport_->requests().front();
  EXPECT_THAT(request.headers, Contains(Pair("Idempotency-Key", "run-1")));
  EXPECT_THAT(request.headers, Contains(Pair("Authorization", "Bearer t")));
  EXPECT_THAT(request.headers, Contains(Pair("Content-Type", "text/csv")));
  EXPECT_THAT(request.headers, Not(Contains(Pair("If-None-Match", "*"))));
  EXPECT_EQ(request.file.size, 7);
}

TEST_F(AnHttpServer, ThatMustNotReplaceIsAskedSo) {
  Use(false).Reply(412).Reply(200, "content");
  EXPECT_TRUE(Put(FileAt("a", false)).ok());
  EXPECT_THAT(transport_->requests().front().headers, Contains(Pair("If-None-Match", "*")));
  Use(false).Reply(412).Reply(200, "another");
  EXPECT_TRUE(HasReason(Put(FileAt("a", false)), Reason::kResourceExists));
  Use(false).Reply(412).Reply(200, "", {{"content-length", "8"}});
  EXPECT_TRUE(HasReason(Put(FileAt("a", false)), Reason::kResourceExists));
}

TEST_F(AnHttpServer, GetsFoldersOnlyWhenTheyAreMissing) {
  Use(true).Reply(409).Reply(405).Reply(201).Reply(201).Reply(201);
  ASSERT_TRUE(Put(FileAt("a/b/c.csv")).ok());
  EXPECT_THAT(Asked(), ElementsAre("PUT http://files/base/a/b/.relais-run-1.part",
                                   "MKCOL http://files/base/a/", "MKCOL http://files/base/a/b/",
                                   "PUT http://files/base/a/b/.relais-run-1.part",
                                   "MOVE http://files/base/a/b/.relais-run-1.part"));
  EXPECT_THAT(transport_->requests().back().headers,
              Contains(Pair("Destination", "http://files/base/a/b/c.csv")));
  EXPECT_THAT(transport_->requests().back().headers, Contains(Pair("Overwrite", "T")));
}

TEST_F(AnHttpServer, ThatFailsForAnotherReasonGetsTheFileOnce) {
  Use(true).Reply(500).Reply(405);
  EXPECT_TRUE(HasReason(Put(FileAt("a/c.csv")), Reason::kUpstreamUnavailable));
  EXPECT_EQ(transport_->request_count(), 2U);
}

TEST_F(AnHttpServer, LosesTheTemporaryFileWhenItsNameIsTaken) {
  Use(true).Reply(201).Reply(412).Reply(200, "content").Reply(204);
  EXPECT_TRUE(Put(FileAt("c.csv", false)).ok());
  EXPECT_EQ(Asked().back(), "DELETE http://files/base/.relais-run-1.part");
  Use(true).Reply(201).Reply(412).Reply(200, "another").Reply(204);
  EXPECT_TRUE(HasReason(Put(FileAt("c.csv", false)), Reason::kResourceExists));
  EXPECT_EQ(Asked().back(), "DELETE http://files/base/.relais-run-1.part");
}

TEST_F(AnHttpServer, SaysWhetherWaitingHelps) {
  for (const auto& [status, reason] :
       std::vector<std::pair<int, Reason>>{{301, Reason::kUpstreamMalformedResponse},
                                           {400, Reason::kUpstreamRejectedRequest},
                                           {401, Reason::kGatewayCredentialRejected},
                                           {403, Reason::kAccessDenied},
                                           {404, Reason::kResourceNotFound},
                                           {408, Reason::kUpstreamTimeout},
                                           {409, Reason::kPreconditionFailed},
                                           {413, Reason::kRequestOutOfRange},
                                           {429, Reason::kUpstreamRateLimited},
                                           {500, Reason::kUpstreamUnavailable},
                                           {503, Reason::kUpstreamUnavailable},
                                           {507, Reason::kGatewayStorageFull}}) {
    Use(false).Reply(status, "the words of the server");
    const absl::Status put = Put(FileAt("a"));
    EXPECT_TRUE(HasReason(put, reason)) << status << ": " << put;
    EXPECT_EQ(put.message().find("words"), absl::string_view::npos);
    EXPECT_THAT(DetailsOf(put).metadata, Contains(Pair("httpStatus", absl::StrCat(status))));
  }
}

TEST_F(AnHttpServer, HasNothingToCleanUpWithoutMoves) {
  Use(false);
  EXPECT_TRUE(destination_->CleanUp(CallContext(), FileAt("a")).ok());
  EXPECT_EQ(transport_->request_count(), 0U);
  for (const int status : {204, 404, 409}) {
    Use(true).Reply(status);
    EXPECT_TRUE(destination_->CleanUp(CallContext(), FileAt("a")).ok()) << status;
  }
}

}  // namespace
}  // namespace relais::exports

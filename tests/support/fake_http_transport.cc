#include "tests/support/fake_http_transport.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/time/clock.h"
#include "server/core/base/error.h"

namespace relais {

std::string ContentOf(const FormPart& part) {
  if (part.file == nullptr) return part.text;
  std::string content(static_cast<std::size_t>(part.file->size()), '\0');
  const absl::StatusOr<std::size_t> size = part.file->Read(0, content.data(), content.size());
  if (!size.ok() || *size != content.size()) {
    std::fprintf(stderr, "a file of a request cannot be read\n");
    std::abort();
  }
  return content;
}

HttpReply MakeReply(int status, std::string_view body,
                    std::vector<std::pair<std::string, std::string>> headers) {
  HttpReply reply{.status = status, .headers = std::move(headers)};
  reply.body.reserve(body.size() + HttpReply::kBodyPadding);
  reply.body.assign(body);
  return reply;
}

FakeHttpTransport& FakeHttpTransport::Reply(
    int status, std::string_view body, std::vector<std::pair<std::string, std::string>> headers) {
  return Then([status, body = std::string(body), headers = std::move(headers)](
                  const CallContext&, const HttpRequest&) -> absl::StatusOr<HttpReply> {
    return MakeReply(status, body, headers);
  });
}

FakeHttpTransport& FakeHttpTransport::Fail(absl::Status failure) {
  return Then(
      [failure = std::move(failure)](
          const CallContext&, const HttpRequest&) -> absl::StatusOr<HttpReply> { return failure; });
}

FakeHttpTransport& FakeHttpTransport::Break(
    std::string_view body, absl::Status failure,
    std::vector<std::pair<std::string, std::string>> headers) {
  const std::lock_guard lock(mu_);
  script_.push_back(
      {.answer = [body = std::string(body), headers = std::move(headers)](
                     const CallContext&, const HttpRequest&) -> absl::StatusOr<HttpReply> {
         return MakeReply(200, body, headers);
       },
       .end = std::move(failure)});
  return *this;
}

FakeHttpTransport& FakeHttpTransport::Then(Answer answer) {
  const std::lock_guard lock(mu_);
  script_.push_back({.answer = std::move(answer)});
  return *this;
}

FakeHttpTransport& FakeHttpTransport::Otherwise(Answer answer) {
  const std::lock_guard lock(mu_);
  otherwise_ = std::move(answer);
  return *this;
}

FakeHttpTransport::Line FakeHttpTransport::Next(const HttpRequest& request,
                                                absl::Duration timeout) {
  const std::lock_guard lock(mu_);
  requests_.push_back(request);
  timeouts_.push_back(timeout);
  Line line;
  if (!script_.empty()) {
    line = std::move(script_.front());
    script_.pop_front();
  } else if (otherwise_) {
    line.answer = otherwise_;
  } else {
    line.answer = [](const CallContext&, const HttpRequest&) -> absl::StatusOr<HttpReply> {
      return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
             << "The script of the fake transport has ended.";
    };
  }
  return line;
}

absl::StatusOr<HttpReply> FakeHttpTransport::Send(const CallContext& context,
                                                  const HttpRequest& request,
                                                  absl::Duration timeout) {
  const Line line = Next(request, timeout);
  return line.answer(context, request);
}

class FakeHttpTransport::Stream final : public HttpStream {
 public:
  Stream(FakeHttpTransport& transport, HttpReply reply, absl::Status end)
      : transport_(transport), head_(std::move(reply)), end_(std::move(end)) {
    ++transport_.open_streams_;
    if (head_.status / 100 == 2) left_ = std::exchange(head_.body, {});
  }
  ~Stream() override { --transport_.open_streams_; }

  const HttpReply& head() const override { return head_; }

  absl::StatusOr<std::string> Read(const CallContext& context, std::size_t max_bytes) override {
    if (absl::Status alive = context.Check(absl::Now()); !alive.ok()) return alive;
    if (left_.empty() && !end_.ok()) return end_;
    std::string piece = left_.substr(0, max_bytes);
    left_.erase(0, piece.size());
    return piece;
  }

 private:
  FakeHttpTransport& transport_;
  HttpReply head_;
  std::string left_;
  const absl::Status end_;
};

absl::StatusOr<std::unique_ptr<HttpStream>> FakeHttpTransport::Open(const CallContext& context,
                                                                    const HttpRequest& request,
                                                                    absl::Duration timeout) {
  Line line = Next(request, timeout);
  absl::StatusOr<HttpReply> reply = line.answer(context, request);
  if (!reply.ok()) return reply.status();
  return std::make_unique<Stream>(*this, *std::move(reply), std::move(line.end));
}

std::vector<HttpRequest> FakeHttpTransport::requests() const {
  const std::lock_guard lock(mu_);
  return requests_;
}

std::size_t FakeHttpTransport::request_count() const {
  const std::lock_guard lock(mu_);
  return requests_.size();
}

std::vector<absl::Duration> FakeHttpTransport::timeouts() const {
  const std::lock_guard lock(mu_);
  return timeouts_;
}

}  // namespace relais

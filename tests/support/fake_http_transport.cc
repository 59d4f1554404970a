#include "tests/support/fake_http_transport.h"

#include "server/base/error.h"

namespace relais {

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

FakeHttpTransport& FakeHttpTransport::Then(Answer answer) {
  const std::lock_guard lock(mu_);
  script_.push_back(std::move(answer));
  return *this;
}

FakeHttpTransport& FakeHttpTransport::Otherwise(Answer answer) {
  const std::lock_guard lock(mu_);
  otherwise_ = std::move(answer);
  return *this;
}

absl::StatusOr<HttpReply> FakeHttpTransport::Send(const CallContext& context,
                                                  const HttpRequest& request,
                                                  absl::Duration timeout) {
  Answer answer;
  {
    const std::lock_guard lock(mu_);
    requests_.push_back(request);
    timeouts_.push_back(timeout);
    if (script_.empty()) {
      answer = otherwise_;
    } else {
      answer = std::move(script_.front());
      script_.pop_front();
    }
  }
  if (answer) return answer(context, request);
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
         << "The script of the fake transport has ended.";
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

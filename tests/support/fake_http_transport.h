// An HttpTransport that answers from a script and remembers what it was asked.

#ifndef RELAIS_TESTS_SUPPORT_FAKE_HTTP_TRANSPORT_H_
#define RELAIS_TESTS_SUPPORT_FAKE_HTTP_TRANSPORT_H_

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/net/http_transport.h"

namespace relais {

// A reply as a real transport makes it, with room behind the body; header names in lower case.
HttpReply MakeReply(int status, std::string_view body = "",
                    std::vector<std::pair<std::string, std::string>> headers = {});

// What a part of a request carries, whether it comes from a file or not.
std::string ContentOf(const FormPart& part);

// Thread-safe. Answers each request with the next line of the script, after its end with
// `Otherwise`. Open answers as Send does: the body of a 2xx is given in the pieces that were read.
class FakeHttpTransport final : public HttpTransport {
 public:
  // May block, e.g. until the test lets it go on; runs on the thread of the call, without a lock.
  using Answer = std::function<absl::StatusOr<HttpReply>(const CallContext&, const HttpRequest&)>;

  FakeHttpTransport& Reply(int status, std::string_view body = "",
                           std::vector<std::pair<std::string, std::string>> headers = {});
  FakeHttpTransport& Fail(absl::Status failure);
  // A 200 whose body fails with `failure` after `body`, when it is opened.
  FakeHttpTransport& Break(std::string_view body, absl::Status failure,
                           std::vector<std::pair<std::string, std::string>> headers = {});
  FakeHttpTransport& Then(Answer answer);
  // Without it, a request after the end of the script fails as UPSTREAM_UNREACHABLE.
  FakeHttpTransport& Otherwise(Answer answer);

  absl::StatusOr<HttpReply> Send(const CallContext& context, const HttpRequest& request,
                                 absl::Duration timeout) override;
  absl::StatusOr<std::unique_ptr<HttpStream>> Open(const CallContext& context,
                                                   const HttpRequest& request,
                                                   absl::Duration timeout) override;

  // As they were sent; the files of their parts can still be read.
  std::vector<HttpRequest> requests() const;
  std::size_t request_count() const;
  std::vector<absl::Duration> timeouts() const;
  // Streams that were opened and are not destroyed yet.
  int open_streams() const { return open_streams_; }

 private:
  class Stream;
  struct Line {
    Answer answer{};
    absl::Status end{};  // of a stream's body
  };

  Line Next(const HttpRequest& request, absl::Duration timeout);

  mutable std::mutex mu_;
  // Under mu_:
  std::deque<Line> script_;
  Answer otherwise_;
  std::vector<HttpRequest> requests_;
  std::vector<absl::Duration> timeouts_;

  std::atomic<int> open_streams_ = 0;
};

}  // namespace relais

#endif  // RELAIS_TESTS_SUPPORT_FAKE_HTTP_TRANSPORT_H_

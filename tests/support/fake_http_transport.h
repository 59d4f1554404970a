// An HttpTransport that answers from a script and remembers what it was asked.

#ifndef RELAIS_TESTS_SUPPORT_FAKE_HTTP_TRANSPORT_H_
#define RELAIS_TESTS_SUPPORT_FAKE_HTTP_TRANSPORT_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/call_context.h"
#include "server/net/http_transport.h"

namespace relais {

// A reply as a real transport makes it, with room behind the body; header names in lower case.
HttpReply MakeReply(int status, std::string_view body = "",
                    std::vector<std::pair<std::string, std::string>> headers = {});

// Thread-safe. Answers each request with the next line of the script, after its end with
// `Otherwise`.
class FakeHttpTransport final : public HttpTransport {
 public:
  // May block, e.g. until the test lets it go on; runs on the thread of the call, without a lock.
  using Answer = std::function<absl::StatusOr<HttpReply>(const CallContext&, const HttpRequest&)>;

  FakeHttpTransport& Reply(int status, std::string_view body = "",
                           std::vector<std::pair<std::string, std::string>> headers = {});
  FakeHttpTransport& Fail(absl::Status failure);
  FakeHttpTransport& Then(Answer answer);
  // Without it, a request after the end of the script fails as UPSTREAM_UNREACHABLE.
  FakeHttpTransport& Otherwise(Answer answer);

  absl::StatusOr<HttpReply> Send(const CallContext& context, const HttpRequest& request,
                                 absl::Duration timeout) override;

  std::vector<HttpRequest> requests() const;
  std::size_t request_count() const;
  std::vector<absl::Duration> timeouts() const;

 private:
  mutable std::mutex mu_;
  // Under mu_:
  std::deque<Answer> script_;
  Answer otherwise_;
  std::vector<HttpRequest> requests_;
  std::vector<absl::Duration> timeouts_;
};

}  // namespace relais

#endif  // RELAIS_TESTS_SUPPORT_FAKE_HTTP_TRANSPORT_H_

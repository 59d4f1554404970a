// The transport of upstreams that speak HTTP. A reply with status 404 or 503 is a reply, not a
// failure.

#ifndef RELAIS_SERVER_CORE_NET_HTTP_TRANSPORT_H_
#define RELAIS_SERVER_CORE_NET_HTTP_TRANSPORT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/call_context.h"
#include "server/core/net/credentials.h"
#include "server/core/net/transport.h"
#include "server/core/os/spool_file.h"
#include "server/core/os/stored_file.h"

namespace relais {

// One part of a multipart/form-data body.
struct FormPart {
  std::string name{};
  std::string file_name{};     // any UTF-8, quoted as browsers do; empty: the part is no file
  std::string content_type{};  // empty: none is named
  std::string text{};          // the content, unless `file` has it
  std::shared_ptr<const SpoolFile> file{};  // complete: nothing is appended any more
};

// A piece of a file, sent as it stands.
struct FileBody {
  std::shared_ptr<const StoredFile> file{};  // null: there is none
  std::int64_t offset = 0;
  std::int64_t size = 0;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url{};  // absolute, http or https; see url.h
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  // Not empty: sent as multipart/form-data with its Content-Length, in place of `body`; `headers`
  // has no Content-Type then.
  std::vector<FormPart> form{};
  // Sent with its Content-Length, in place of `body`.
  FileBody file{};
  // False: never sent twice, not even when a reused connection turns out to have been closed by the
  // peer. Costs a new connection.
  bool repeatable = true;
  // Null: none. Else the handshake is made as needed; a refusal is a reply with status 401.
  std::shared_ptr<const ConnectionLogin> login{};
  // Null: none. Signs the request instead of `login`. What the query has must be in canonical
  // order, each name with "="; the header x-amz-content-sha256 must be there, and Content-Type with
  // a POST.
  std::shared_ptr<const AwsSignature> signature{};
};

struct HttpReply {
  // The capacity of `body` exceeds its size by at least this much, so that a parser that reads
  // ahead needs no copy.
  static constexpr std::size_t kBodyPadding = 64;

  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};  // names in lower case
  std::string body{};  // complete; a body cut short is a failure of Send, never a reply

  // The first header of that (lower-case) name.
  std::optional<std::string_view> Header(std::string_view name) const;
  // Of a stream's head: whether the end of the body can be told from a loss of the connection.
  // False when the peer announced no size and sends no chunks, but closes the connection.
  bool end_is_marked = true;

  // The size of the body as the peer has announced it; none when it is compressed.
  std::optional<std::int64_t> ContentLength() const;
};

// A reply whose body is pulled by its reader: between two reads nothing is received and no thread
// is held, so that the peer waits for a slow reader. At most some 256 KiB are buffered. Used by one
// thread at a time. Destroying it early ends the transfer, at the price of the connection.
class HttpStream {
 public:
  virtual ~HttpStream() = default;

  // Status and headers. `body` is empty, but complete when the status is not 2xx: then there is
  // nothing to read.
  virtual const HttpReply& head() const = 0;

  // The next bytes of the body: waits for the first, then takes what is there; at least 1, at most
  // `max_bytes` (best 256 KiB). Empty: the body has ended and is complete. Errors are those of
  // Transport::Send; UPSTREAM_TIMEOUT: nothing came for too long while this read waited. After an
  // error there are no more reads.
  virtual absl::StatusOr<std::string> Read(const CallContext& context, std::size_t max_bytes) = 0;
};

class HttpTransport : public Transport<HttpRequest, HttpReply> {
 public:
  // As Send, but `timeout` ends with the reply's head, and the body of a 2xx is left to be read.
  // The size of that body is not limited. The stream must not outlive the transport.
  virtual absl::StatusOr<std::unique_ptr<HttpStream>> Open(const CallContext& context,
                                                           const HttpRequest& request,
                                                           absl::Duration timeout) = 0;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_HTTP_TRANSPORT_H_

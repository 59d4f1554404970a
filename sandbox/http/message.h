// Requests and replies of the sandbox's HTTP server.

#ifndef RELAIS_SANDBOX_HTTP_MESSAGE_H_
#define RELAIS_SANDBOX_HTTP_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/http/form.h"
#include "sandbox/http/spooled_file.h"

namespace relais::sandbox {

// One part of a multipart/form-data body.
struct FormPart {
  std::string name;
  std::string file_name;
  std::string content_type;
  std::shared_ptr<SpooledFile> content;
};

struct HttpRequest {
  std::string method;                          // as it came, e.g. GET
  std::string path;                            // decoded, without the query
  std::string query;                           // as it came
  FormFields fields;                           // the query decoded
  std::map<std::string, std::string> headers;  // names in lower case; of equal names the first
  std::string body;                            // empty when there are parts
  std::string bearer;                          // of `Authorization: Bearer …`; else empty
  std::vector<FormPart> parts;

  // Empty when absent.
  std::string Header(const std::string& lower_case_name) const {
    const auto found = headers.find(lower_case_name);
    return found == headers.end() ? std::string() : found->second;
  }
};

// A body that is read piece by piece while it is sent.
struct LargeBody {
  uint64_t size = 0;
  // Fills `out` with `count` bytes from `offset`; false ends the connection.
  std::function<bool(uint64_t offset, char* out, size_t count)> read;
};

struct HttpReply {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";  // none when empty
  std::string body;
  std::optional<LargeBody> large{};  // instead of `body`
  std::vector<std::pair<std::string, std::string>> headers;
  bool silent = false;  // close the connection without a byte
  std::optional<size_t>
      sent_bytes;  // send this much of the body under the full Content-Length, then close

  uint64_t body_size() const { return large ? large->size : body.size(); }
};

using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_HTTP_MESSAGE_H_

// A small HTTP/1.1 server that costs next to nothing: one thread per connection, which the handler
// may use as it likes.

#ifndef RELAIS_BENCH_PROGRAMS_HTTP_SERVER_H_
#define RELAIS_BENCH_PROGRAMS_HTTP_SERVER_H_

#include <functional>
#include <string>
#include <string_view>

namespace relais::bench {

struct Request {
  std::string_view target;  // as it stands in the request line
  std::string_view body;    // empty when it was larger than 1 MiB: such bodies are thrown away
};

// Sends the whole reply to a request. False: the connection is lost.
using Handler = std::function<bool(const Request&, int socket)>;

bool SendAll(int socket, std::string_view bytes);

// A whole reply with this body.
std::string Reply(std::string_view content_type, std::string_view body);

// The number behind `key` in the text, or `otherwise`.
long Number(std::string_view text, std::string_view key, long otherwise);

// Listens on a free port of the loopback, prints it, and serves until the process ends. Returns
// only when it cannot: the exit code.
int ServeHttp(const Handler& handler);

}  // namespace relais::bench

#endif  // RELAIS_BENCH_PROGRAMS_HTTP_SERVER_H_

// The parser of a thread, lent to one reading at a time.

#ifndef RELAIS_SERVER_JSON_PARSER_LEASE_H_
#define RELAIS_SERVER_JSON_PARSER_LEASE_H_

#include <simdjson.h>

#include <cstddef>

namespace relais::json {

namespace od = ::simdjson::ondemand;

// Buffers of a larger text are given back once it is read.
inline constexpr std::size_t kKeptBytes = 2 << 20;

// One parser per thread: its buffers are several times as large as the largest text so far and cost
// page faults to make anew. A document within a document needs another one.
class ParserLease {
 public:
  ParserLease() : taken_(!Busy()) {
    if (taken_) Busy() = true;
  }
  ~ParserLease() {
    if (!taken_) return;
    Busy() = false;
    if (OfThread().capacity() > kKeptBytes) OfThread() = od::parser();
  }
  ParserLease(const ParserLease&) = delete;
  ParserLease& operator=(const ParserLease&) = delete;

  od::parser& parser() { return taken_ ? OfThread() : own_; }

 private:
  static bool& Busy() {
    thread_local bool busy = false;
    return busy;
  }
  static od::parser& OfThread() {
    thread_local od::parser parser;
    return parser;
  }

  const bool taken_;
  od::parser own_;
};

}  // namespace relais::json

#endif  // RELAIS_SERVER_JSON_PARSER_LEASE_H_

// A RecordSql upstream behind a FakeHttpTransport: one table of numbered rows, and a script of
// answers for what a test wants to go wrong.

#ifndef RELAIS_TESTS_SUPPORT_FAKE_ERP_H_
#define RELAIS_TESTS_SUPPORT_FAKE_ERP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/fake_http_transport.h"

namespace relais {

// Not thread-safe but for its transport. Outlives what uses the transport.
class FakeErp {
 public:
  FakeErp();

  std::int64_t rows = 0;  // with CLI_ID 1, 2, … and NOM "n1", "n2", …
  std::int64_t cap = 1000;
  bool descending = false;  // ignores what order a keyset needs

  // Answers the next read with this instead; logins are answered all the same.
  FakeErp& Answer(int status, std::string body);

  FakeHttpTransport& transport() { return transport_; }
  // Bodies in the order received.
  const std::vector<std::string>& logins() const { return logins_; }
  const std::vector<std::string>& reads() const { return reads_; }

 private:
  std::string Read(const std::string& body) const;

  FakeHttpTransport transport_;
  std::vector<std::pair<int, std::string>> script_;
  std::vector<std::string> logins_;
  std::vector<std::string> reads_;
};

}  // namespace relais

#endif  // RELAIS_TESTS_SUPPORT_FAKE_ERP_H_

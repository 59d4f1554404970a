// SHA-256, piece by piece.

#ifndef RELAIS_SERVER_CORE_BASE_SHA256_H_
#define RELAIS_SERVER_CORE_BASE_SHA256_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace relais {

using Sha256Digest = std::array<std::uint8_t, 32>;

// Not thread-safe; movable. The process ends when OpenSSL has no memory for it.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(std::string_view bytes);

  // The digest of all updates; the object then begins anew.
  Sha256Digest Finish();
  std::string FinishHex();  // the same, as 64 lower-case hexadecimal digits

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Sha256Digest Sha256Of(std::string_view bytes);
std::string Sha256Hex(std::string_view bytes);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_SHA256_H_

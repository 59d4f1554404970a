#include "server/core/state/path_guard.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/core/base/sha256.h"

namespace relais::state {
namespace {

constexpr absl::Duration kStep = absl::Milliseconds(10);

struct Address {
  sockaddr_un address{};
  socklen_t size = 0;
};

Address AddressOf(const std::string& path) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(path, error);
  const std::string name =
      absl::StrCat("relais/state/", geteuid(), "/", Sha256Hex(error ? path : whole.string()));
  Address made;
  made.address.sun_family = AF_UNIX;
  // A first zero byte makes the name abstract.
  const std::size_t length = std::min(name.size(), sizeof made.address.sun_path - 1);
  std::copy_n(name.begin(), length, made.address.sun_path + 1);
  made.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
  return made;
}

// Whether the holder of the address is of this user: any other has no part in the file.
bool IsOurs(const Address& address) {
  const int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (peer < 0) return true;
  ucred holder{};
  socklen_t size = sizeof holder;
  const bool known =
      connect(peer, reinterpret_cast<const sockaddr*>(&address.address), address.size) == 0 &&
      getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &holder, &size) == 0;
  close(peer);
  return !known || holder.uid == geteuid();
}

}  // namespace

PathGuard::~PathGuard() {
  if (socket_ >= 0) close(socket_);
}

PathGuard::PathGuard(PathGuard&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

PathGuard& PathGuard::operator=(PathGuard&& other) noexcept {
  std::swap(socket_, other.socket_);
  return *this;
}

bool PathGuard::Take(const std::string& path, absl::Duration wait) {
  const Address address = AddressOf(path);
  const int own = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (own < 0) return true;
  for (absl::Duration waited;; waited += kStep) {
    if (bind(own, reinterpret_cast<const sockaddr*>(&address.address), address.size) == 0) {
      (void)listen(own, 1);
      socket_ = own;
      return true;
    }
    const bool taken = errno == EADDRINUSE && IsOurs(address);
    if (taken && waited < wait) {
      absl::SleepFor(kStep);
      continue;
    }
    close(own);
    return !taken;
  }
}

}  // namespace relais::state

#include "server/core/net/listener.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"

namespace relais {
namespace {

constexpr std::string_view kUnix = "unix:";

absl::Status Unavailable(std::string_view why) { return absl::UnavailableError(View(why)); }

absl::Status UnavailableFor(int error) {
  switch (error) {
    case EADDRINUSE:
      return Unavailable("the address is in use.");
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      return Unavailable("the address is not of this machine.");
    case EACCES:
    case EPERM:
      return Unavailable("that is not permitted.");
    default:
      return absl::UnavailableError(absl::StrCat(std::generic_category().message(error), "."));
  }
}

// Closes itself unless it is taken.
class OwnedSocket {
 public:
  explicit OwnedSocket(int family)
      : socket_(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~OwnedSocket() {
    if (socket_ >= 0) close(socket_);
  }
  OwnedSocket(const OwnedSocket&) = delete;
  OwnedSocket& operator=(const OwnedSocket&) = delete;

  int get() const { return socket_; }
  int Take() { return std::exchange(socket_, -1); }

 private:
  int socket_;
};

void Set(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

// The accepted connections have these options too.
void Configure(int socket, int family) {
  // Without SO_REUSEPORT, which would let a second process share the address unseen.
  Set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  Set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  // What is sent is acknowledged by then, or the peer is gone.
  Set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 20'000);
  // What a caller does not take stays with us, where it is counted, and little is lost when its
  // connection breaks. The kernel would keep up to 4 MiB for each.
  Set(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 256 << 10);
  if (family == AF_INET6) Set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
}

in_port_t& PortOf(sockaddr_storage& address) {
  return address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                       : reinterpret_cast<sockaddr_in&>(address).sin_port;
}

// Whoever starts on a path at the same time waits until this one has its socket.
class FolderLock {
 public:
  explicit FolderLock(const std::string& path)
      : folder_(
            open(path.substr(0, path.rfind('/') + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (folder_ >= 0) flock(folder_, LOCK_EX);
  }
  ~FolderLock() {
    if (folder_ >= 0) close(folder_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  const int folder_;
};

// Removes the socket of a process that is gone.
absl::Status MakeRoomAt(const std::string& path, const sockaddr_un& address) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0)
    return errno == ENOENT ? absl::OkStatus() : UnavailableFor(errno);
  if (!S_ISSOCK(found.st_mode)) return Unavailable("there is a file that is no socket.");
  const OwnedSocket probe(AF_UNIX);
  if (connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno == EAGAIN) {
    return Unavailable("another process listens there.");
  }
  if (errno != ECONNREFUSED) return UnavailableFor(errno);
  return unlink(path.c_str()) == 0 ? absl::OkStatus() : UnavailableFor(errno);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::At(const std::string& address) {
  std::unique_ptr<Listener> listener(new Listener());
  absl::Status status;
  if (address.rfind(kUnix, 0) == 0) {
    status = listener->ListenToPath(address.substr(kUnix.size()));
  } else {
    const std::size_t colon = address.rfind(':');
    std::string host = address.substr(0, colon);
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    int port = 0;
    if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port))
      return Unavailable("it is not host:port.");
    status = listener->ListenToHost(host, port);
  }
  if (!status.ok()) return status;
  return listener;
}

Listener::~Listener() {
  for (const int socket : sockets_) close(socket);
  if (path_.empty()) return;
  struct stat found {};
  if (lstat(path_.c_str(), &found) == 0 && found.st_ino == inode_) unlink(path_.c_str());
}

absl::Status Listener::ListenToHost(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* all = nullptr;
  if (getaddrinfo(host.c_str(), absl::StrCat(port).c_str(), &hints, &all) != 0)
    return Unavailable("the host has no address.");
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(all, &freeaddrinfo);
  absl::Status failure;
  for (const addrinfo* found = all; found != nullptr; found = found->ai_next) {
    OwnedSocket socket(found->ai_family);
    sockaddr_storage address{};
    std::memcpy(&address, found->ai_addr, found->ai_addrlen);
    if (port_ != 0) PortOf(address) = htons(static_cast<in_port_t>(port_));
    Configure(socket.get(), found->ai_family);
    if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), found->ai_addrlen) != 0 ||
        listen(socket.get(), SOMAXCONN) != 0) {
      failure = UnavailableFor(errno);
      // Half an address would be shared with whoever has the other half.
      if (errno == EADDRINUSE) return failure;
      continue;
    }
    socklen_t size = sizeof address;
    getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(PortOf(address));
    sockets_.push_back(socket.Take());
  }
  return sockets_.empty() ? failure : absl::OkStatus();
}

absl::Status Listener::ListenToPath(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return Unavailable("the path is too long.");
  std::memcpy(address.sun_path, path.data(), path.size());
  const FolderLock alone(path);
  if (absl::Status room = MakeRoomAt(path, address); !room.ok()) return room;
  OwnedSocket socket(AF_UNIX);
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(socket.get(), SOMAXCONN) != 0) {
    return UnavailableFor(errno);
  }
  struct stat made {};
  if (lstat(path.c_str(), &made) != 0) return UnavailableFor(errno);
  inode_ = made.st_ino;
  path_ = path;
  sockets_.push_back(socket.Take());
  return absl::OkStatus();
}

}  // namespace relais

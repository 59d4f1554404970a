// Sockets that listen at one address.

#ifndef RELAIS_SERVER_CORE_NET_LISTENER_H_
#define RELAIS_SERVER_CORE_NET_LISTENER_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace relais {

class Listener {
 public:
  // `address` is host:port, of which every address of the host is listened to and port 0 takes a
  // free one, or unix:/path, whose file is replaced when the process that made it is gone.
  // UNAVAILABLE, whose message is the rest of the sentence "Cannot listen on …: ".
  static absl::StatusOr<std::unique_ptr<Listener>> At(const std::string& address);
  ~Listener();  // the file of a Unix socket goes with it
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  const std::vector<int>& sockets() const { return sockets_; }
  int port() const { return port_; }  // 0: a Unix socket

 private:
  Listener() = default;
  absl::Status ListenToHost(const std::string& host, int port);
  absl::Status ListenToPath(const std::string& path);

  std::vector<int> sockets_;  // not blocking
  int port_ = 0;
  std::string path_;  // of a Unix socket; empty: none
  ino_t inode_ = 0;   // of its file
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_LISTENER_H_

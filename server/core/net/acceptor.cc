#include "server/core/net/acceptor.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/log/log.h"

namespace relais {
namespace {

constexpr int kPauseMilliseconds = 100;

// Errors of a connection that has ended before it was accepted, which accept(2) hands on.
bool ConcernsOneConnection(int error) {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPERM:
    case EPROTO:
    case ENOPROTOOPT:
    case ENETDOWN:
    case ENONET:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
      return true;
    default:
      return false;
  }
}

}  // namespace

Acceptor::Acceptor(Scheduler& scheduler, std::unique_ptr<Listener> listener,
                   AcceptorOptions options)
    : scheduler_(scheduler),
      listener_(std::move(listener)),
      options_(std::move(options)),
      stop_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { Run(); }) {}

Acceptor::~Acceptor() {
  Stop();
  close(stop_);
}

void Acceptor::Stop() {
  if (listener_ == nullptr) return;
  eventfd_write(stop_, 1);
  thread_.join();
  listener_.reset();
}

void Acceptor::Run() {
  while (Await()) {
    for (const int listener : listener_->sockets()) AcceptFrom(listener);
  }
}

// While nothing can be accepted, the connections that wait would wake poll again and again.
bool Acceptor::Await() const {
  std::vector<pollfd> events = {{stop_, POLLIN, 0}};
  if (accepting_) {
    for (const int listener : listener_->sockets()) events.push_back({listener, POLLIN, 0});
  }
  poll(events.data(), events.size(), accepting_ ? -1 : kPauseMilliseconds);
  return events.front().revents == 0;
}

void Acceptor::AcceptFrom(int listener) {
  while (true) {
    const int connection = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (connection >= 0) {
      SetAccepting(true, 0);
      if (connection >= options_.most_descriptors) {
        Refuse(connection);
      } else {
        taken_.fetch_add(1, std::memory_order_relaxed);
        options_.take(listener, connection);
      }
    } else if (errno == EAGAIN) {
      return SetAccepting(true, 0);
    } else if (!ConcernsOneConnection(errno)) {
      return SetAccepting(false, errno);
    }
  }
}

void Acceptor::Refuse(int connection) {
  close(connection);
  const std::uint64_t refused = refused_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (lines_.Take(scheduler_.Now())) {
    Log(LogLevel::kError, "connections refused",
        {{"why", "too few file descriptors are left; raise the limit of open files (ulimit -n)"},
         {"refused", absl::StrCat(refused)}});
  }
}

void Acceptor::SetAccepting(bool accepting, int error) {
  if (accepting_.exchange(accepting) == accepting) return;
  if (accepting) {
    Log(LogLevel::kInfo, "accepting again");
  } else {
    Log(LogLevel::kError, "not accepting connections",
        {{"why", std::generic_category().message(error)}});
  }
  if (options_.changed) options_.changed(accepting);
}

}  // namespace relais

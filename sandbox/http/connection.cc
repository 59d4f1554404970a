#include "sandbox/http/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace relais::sandbox {
namespace {
constexpr size_t kBufferBytes = 64 << 10;
constexpr int kReadTimeoutMillis = 30000;
constexpr int kIdleTimeoutMillis = 300000;

bool WaitFor(int socket, short event, int millis) {
  pollfd poll_for{socket, event, 0};
  return poll(&poll_for, 1, millis) > 0;
}
}  // namespace

bool Connection::Fill() {
  input_.resize(kBufferBytes);
  const ssize_t received = recv(socket_, input_.data(), input_.size(), 0);
  input_.resize(received > 0 ? static_cast<size_t>(received) : 0);
  consumed_ = 0;
  return received > 0;
}

bool Connection::WaitForRequest() {
  if (consumed_ < input_.size()) return true;
  return WaitFor(socket_, POLLIN, kIdleTimeoutMillis) && Fill();
}

bool Connection::is_readable() const {
  return consumed_ < input_.size() || WaitFor(socket_, POLLIN, kReadTimeoutMillis);
}

bool Connection::is_writable() const { return WaitFor(socket_, POLLOUT, kReadTimeoutMillis); }

ssize_t Connection::read(char* out, size_t size) {
  if (consumed_ == input_.size() && (!is_readable() || !Fill())) return 0;
  const size_t taken = std::min(size, input_.size() - consumed_);
  std::memcpy(out, input_.data() + consumed_, taken);
  consumed_ += taken;
  return static_cast<ssize_t>(taken);
}

ssize_t Connection::write(const char* bytes, size_t size) {
  if (silent_) return -1;
  output_.append(bytes, size);
  // An interim answer (100 Continue) must leave at once: the client waits for it.
  const bool interim = output_.rfind("HTTP/1.1 100", 0) == 0;
  if ((interim || output_.size() >= kBufferBytes) && !Flush()) return -1;
  return static_cast<ssize_t>(size);
}

bool Connection::Flush() {
  size_t sent = 0;
  while (!silent_ && sent < output_.size()) {
    const ssize_t count = send(socket_, output_.data() + sent, output_.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) break;
    sent += static_cast<size_t>(count);
  }
  const bool all = sent == output_.size();
  output_.clear();
  return all;
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void ConnectionThreads::enqueue(std::function<void()> task) {
  const std::lock_guard<std::mutex> lock(mutex_);
  tasks_.push_back(std::move(task));
  if (tasks_.size() > idle_) threads_.emplace_back([this] { Serve(); });
  wake_.notify_one();
}

void ConnectionThreads::Serve() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    ++idle_;
    wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

void ConnectionThreads::shutdown() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace relais::sandbox

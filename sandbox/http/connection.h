// One accepted connection as cpp-httplib's Stream, and the threads that serve them.

#ifndef RELAIS_SANDBOX_HTTP_CONNECTION_H_
#define RELAIS_SANDBOX_HTTP_CONNECTION_H_

#include <httplib.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace relais::sandbox {

// Owns nothing: the socket is closed by whoever accepted it.
class Connection final : public httplib::Stream {
 public:
  explicit Connection(int socket) : socket_(socket) {}

  // Until the next request, an orderly end, or `false` when the peer is gone.
  bool WaitForRequest();
  // From now on nothing is sent.
  void Silence() { silent_ = true; }
  // No further request is read.
  void EndAfterReply() { last_ = true; }
  bool ending() const { return silent_ || last_; }
  // Sends what is buffered. Small writes are gathered, so that a reply leaves in one piece.
  bool Flush();

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* out, size_t size) override;
  ssize_t write(const char* bytes, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  bool Fill();

  const int socket_;
  bool silent_ = false;
  bool last_ = false;
  std::string input_;
  size_t consumed_ = 0;
  std::string output_;
};

// A thread per connection in use, made when needed and kept; cpp-httplib's own pool has eight,
// which as many idle keep-alive connections would occupy.
class ConnectionThreads final : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> task) override;
  void shutdown() override;

 private:
  void Serve();

  std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_.
  std::deque<std::function<void()>> tasks_;
  size_t idle_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_HTTP_CONNECTION_H_

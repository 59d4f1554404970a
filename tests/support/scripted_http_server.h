// A server of raw sockets on a free port, which does to each connection what a test's script says:
// for replies that no well-behaved HTTP server would give.
//
//   ScriptedHttpServer server([](ScriptedConnection& connection) {
//     connection.ReadRequest();
//     connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
//   });  // leaving the script closes the connection

#ifndef RELAIS_TESTS_SUPPORT_SCRIPTED_HTTP_SERVER_H_
#define RELAIS_TESTS_SUPPORT_SCRIPTED_HTTP_SERVER_H_

#include <openssl/ssl.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace relais {

// One accepted connection; used by its script's thread only.
class ScriptedConnection {
 public:
  ScriptedConnection(int socket, int number, SSL_CTX* tls);
  ~ScriptedConnection();
  ScriptedConnection(const ScriptedConnection&) = delete;
  ScriptedConnection& operator=(const ScriptedConnection&) = delete;

  // The next request: head and body (by Content-Length) as received. None: the peer has closed or
  // the TLS handshake has failed.
  std::optional<std::string> ReadRequest();
  // Only the head of the next request. None: as above.
  std::optional<std::string> ReadHead();
  // The body of the request whose `head` was read (by Content-Length), piece by piece, so that it
  // may be larger than memory. False: the peer has closed before its end.
  bool ReadBody(const std::string& head, const std::function<void(std::string_view)>& piece);
  // Whatever comes next, of any protocol. None: the peer has closed.
  std::optional<std::string> ReadSome();
  // False: the peer is gone.
  bool Write(std::string_view bytes);
  // Blocks until the peer closes or the server is destroyed.
  void AwaitClose();
  // Closes with a TCP reset.
  void Reset();

  int number() const { return number_; }  // of the connection, from 1

 private:
  bool Receive();  // appends to received_

  const int socket_;
  const int number_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  std::string received_;
  bool closed_ = false;
};

class ScriptedHttpServer {
 public:
  using Script = std::function<void(ScriptedConnection&)>;

  // `tls` null: plain HTTP. The script runs once per connection, on a thread of its own.
  explicit ScriptedHttpServer(Script script, std::shared_ptr<SSL_CTX> tls = nullptr);
  ~ScriptedHttpServer();  // cuts what is open and joins
  ScriptedHttpServer(const ScriptedHttpServer&) = delete;
  ScriptedHttpServer& operator=(const ScriptedHttpServer&) = delete;

  int port() const { return port_; }
  // http://127.0.0.1:port/path, or https.
  std::string Url(std::string_view path = "/") const;
  int connections() const;
  // Blocks until that many connections have been accepted.
  void AwaitConnections(int count) const;

 private:
  void Accept();
  void Serve(int socket, int number);

  const Script script_;
  const std::shared_ptr<SSL_CTX> tls_;
  int listener_ = -1;
  int port_ = 0;

  mutable std::mutex mu_;
  mutable std::condition_variable accepted_;
  // Under mu_:
  bool stopping_ = false;
  int connections_ = 0;
  std::vector<int> open_;  // sockets whose script runs
  std::vector<std::thread> threads_;

  std::thread acceptor_;  // last: starts when everything above exists
};

// Answers every request of every connection with `bytes`.
ScriptedHttpServer::Script Always(std::string bytes);

// Answers the first request with `bytes` and closes.
ScriptedHttpServer::Script Once(std::string bytes);

// Reads the request, sends `bytes` and goes silent.
ScriptedHttpServer::Script SilentAfter(std::string bytes);

}  // namespace relais

#endif  // RELAIS_TESTS_SUPPORT_SCRIPTED_HTTP_SERVER_H_

#include "sandbox/upstreams/campaign/campaign_client.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "sandbox/http/patient_client.h"
#include "sandbox/upstreams/campaign/upstream.h"

namespace relais::sandbox::campaign {

std::string Frame(const std::string& content) {
  std::string frame;
  for (int shift = 24; shift >= 0; shift -= 8)
    frame.push_back(static_cast<char>(content.size() >> shift));
  return frame + content;
}

CampaignClient::CampaignClient(const Sandbox& sandbox, Transport transport, std::string ca_file)
    : http_port_(sandbox.http_port()),
      tcp_port_(TcpPortOf(sandbox)),
      transport_(transport),
      ca_file_(std::move(ca_file)) {}

Answer CampaignClient::Logon(const std::string& login, const std::string& password) {
  Answer answer = Call("logon", {{"login", login}, {"password", password}});
  if (answer.contains("result")) session = answer["result"]["session"].get<std::string>();
  return answer;
}

Answer CampaignClient::Call(const std::string& command, const Answer& arguments) {
  return transport_ == Transport::kHttp ? CallHttp(command, arguments)
                                        : CallTcp(command, arguments);
}

Answer CampaignClient::CallHttp(const std::string& command, const Answer& arguments) {
  PatientClient client("127.0.0.1", http_port_);
  const auto reply = client.Post(absl::StrCat("/Math/gt/v1/", command).c_str(),
                                 {{"X-Gt-Session", session}}, arguments.dump(), "application/json");
  return reply ? Answer::parse(reply->body, nullptr, false) : Answer();
}

Answer CampaignClient::CallTcp(const std::string& command, const Answer& arguments) {
  const Answer message = {{"command", command}, {"session", session}, {"arguments", arguments}};
  const std::string back = Raw(Frame(message.dump()));
  if (back.size() < 4) return {};
  const Answer answer = Answer::parse(back.substr(4), nullptr, false);
  return Frame(back.substr(4)) == back && !answer.is_discarded() ? answer : Answer();
}

std::string CampaignClient::Raw(const std::string& bytes) {
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(tcp_port_));
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  std::string back;
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(nullptr, SSL_CTX_free);
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl(nullptr, SSL_free);
    if (transport_ == Transport::kTls) {
      context.reset(SSL_CTX_new(TLS_client_method()));
      SSL_CTX_load_verify_locations(context.get(), ca_file_.c_str(), nullptr);
      SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
      ssl.reset(SSL_new(context.get()));
      SSL_set_fd(ssl.get(), connection);
      if (SSL_connect(ssl.get()) != 1) {
        close(connection);
        return back;
      }
    }
    const auto write = [&](const std::string& part) {
      if (ssl != nullptr) {
        SSL_write(ssl.get(), part.data(), static_cast<int>(part.size()));
      } else {
        send(connection, part.data(), part.size(), MSG_NOSIGNAL);
      }
    };
    // Byte by byte at first: a frame may come in pieces.
    for (std::size_t i = 0; i < std::min<std::size_t>(6, bytes.size()); ++i)
      write(bytes.substr(i, 1));
    if (bytes.size() > 6) write(bytes.substr(6));
    const auto whole = [&back] {
      if (back.size() < 4) return false;
      std::size_t length = 0;
      for (int i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(back[i]);
      return back.size() >= 4 + length;
    };
    char buffer[4096];
    while (!whole()) {
      const auto read = ssl != nullptr ? SSL_read(ssl.get(), buffer, sizeof buffer)
                                       : recv(connection, buffer, sizeof buffer, 0);
      if (read <= 0) break;
      back.append(buffer, static_cast<std::size_t>(read));
    }
  }
  close(connection);
  return back;
}

}  // namespace relais::sandbox::campaign

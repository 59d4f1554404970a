// The reference protocol as a client of it speaks it, for tests.

#ifndef RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_CAMPAIGN_CLIENT_H_
#define RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_CAMPAIGN_CLIENT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "sandbox/sandbox.h"

namespace relais::sandbox::campaign {

using Answer = nlohmann::json;

enum class Transport { kHttp, kTcp, kTls };

// One session of one account. Answers are whole: {"result": …} or {"error": …}; null when the
// connection was lost.
class CampaignClient {
 public:
  // `ca_file` for TLS.
  CampaignClient(const Sandbox& sandbox, Transport transport, std::string ca_file = "");

  Answer Logon(const std::string& login, const std::string& password);
  Answer Call(const std::string& command, const Answer& arguments = Answer::object());
  // Bytes as they are, over TCP or TLS, on a connection of their own; what comes back.
  std::string Raw(const std::string& bytes);

  std::string session;

 private:
  Answer CallHttp(const std::string& command, const Answer& arguments);
  Answer CallTcp(const std::string& command, const Answer& arguments);

  const int http_port_;
  const int tcp_port_;
  const Transport transport_;
  const std::string ca_file_;
};

std::string Frame(const std::string& content);

}  // namespace relais::sandbox::campaign

#endif  // RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_CAMPAIGN_CLIENT_H_

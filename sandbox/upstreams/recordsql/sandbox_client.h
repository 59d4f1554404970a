// A caller of a running sandbox, for its tests: real HTTP, JSON in and out.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SANDBOX_CLIENT_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SANDBOX_CLIENT_H_

#include <httplib.h>

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sandbox/http/patient_client.h"
#include "sandbox/sandbox.h"

namespace relais::sandbox::recordsql {

class SandboxClient {
 public:
  explicit SandboxClient(int port);

  httplib::Result Post(const std::string& path, const std::string& body);
  nlohmann::json Auth(nlohmann::json request);  // null when there is no JSON reply
  // Signs in as DEMO when there is no token yet, and adds the token to the request.
  nlohmann::json Execute(nlohmann::json request);
  httplib::Result RawExecute(nlohmann::json request);

  const std::string& token();
  void ForgetToken() { token_.clear(); }
  httplib::Client& http() { return http_; }

 private:
  PatientClient http_;
  std::string token_;
};

// Starts a sandbox or fails the test.
std::unique_ptr<Sandbox> StartSandbox(SandboxOptions options = {});

// The values of one field, row by row.
std::vector<std::string> ValuesOf(const nlohmann::json& reply, const std::string& field);
// A CODEPOSTAL request in dossier 997, where the examples on conditions play.
nlohmann::json PostCodes(nlohmann::json changes);

inline constexpr char kAuthPath[] = "/DhsDivaltoServiceDivaApiRest/api/v1/Authent/Auth";
inline constexpr char kExecutePath[] = "/DhsDivaltoServiceDivaApiRest/api/v1/RecordSql/Execute";

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SANDBOX_CLIENT_H_

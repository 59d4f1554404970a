// A client of the sandbox's Orchestrator for tests: signs in, names a folder, reads JSON.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_ORCHESTRATOR_CLIENT_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_ORCHESTRATOR_CLIENT_H_

#include <httplib.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sandbox/http/patient_client.h"
#include "sandbox/sandbox.h"

namespace relais::sandbox::robot {

using Json = nlohmann::ordered_json;

struct Answer {
  int status = 0;
  Json body;  // null: none, or no JSON
  httplib::Headers headers;

  std::string text(const char* name) const { return body.value(name, ""); }
  int code() const { return body.is_object() ? body.value("errorCode", -1) : -1; }
};

class OrchestratorClient {
 public:
  explicit OrchestratorClient(const Sandbox& sandbox);

  std::string token = "rt_demo-token";  // empty: none is sent
  std::string folder = "36886";         // empty: none is named
  httplib::Headers more;

  // `path` is below the root of Orchestrator and sent as it stands.
  Answer Get(const std::string& path);
  Answer Post(const std::string& path, const Json& body);
  Answer Put(const std::string& path, const Json& body);
  Answer Patch(const std::string& path, const Json& body);
  Answer Delete(const std::string& path);
  // GET of a set with a filter and further options, escaped.
  Answer Filter(const std::string& set, const std::string& filter, const std::string& more = "");
  // The member of each row.
  static std::vector<std::string> Column(const Answer& answer, const char* name);

  httplib::Client& http() { return http_; }

 private:
  httplib::Headers Headers() const;
  static Answer Read(const httplib::Result& result);

  PatientClient http_;
};

std::string Escaped(const std::string& text);

// Of functions and actions.
inline constexpr char kNamespace[] = "UiPath.Server.Configuration.OData.";

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_ORCHESTRATOR_CLIENT_H_

#include "sandbox/upstreams/robot/orchestrator_client.h"

#include <gtest/gtest.h>

#include <cctype>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relais::sandbox::robot {

std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
      out.push_back(c);
    } else {
      absl::StrAppendFormat(&out, "%%%02X", byte);
    }
  }
  return out;
}

OrchestratorClient::OrchestratorClient(const Sandbox& sandbox)
    : http_("127.0.0.1", sandbox.http_port()) {
  http_.set_keep_alive(true);
  http_.set_tcp_nodelay(true);
  http_.set_url_encode(false);
}

httplib::Headers OrchestratorClient::Headers() const {
  httplib::Headers headers = more;
  if (!token.empty()) headers.emplace("Authorization", "Bearer " + token);
  if (!folder.empty()) headers.emplace("X-UIPATH-OrganizationUnitId", folder);
  return headers;
}

Answer OrchestratorClient::Read(const httplib::Result& result) {
  EXPECT_TRUE(result) << httplib::to_string(result.error());
  if (!result) return {};
  Answer answer{.status = result->status, .body = {}, .headers = result->headers};
  Json body = Json::parse(result->body, nullptr, false);
  if (!body.is_discarded()) answer.body = std::move(body);
  return answer;
}

Answer OrchestratorClient::Get(const std::string& path) { return Read(http_.Get(path, Headers())); }

Answer OrchestratorClient::Post(const std::string& path, const Json& body) {
  return Read(http_.Post(path, Headers(), body.dump(), "application/json"));
}

Answer OrchestratorClient::Put(const std::string& path, const Json& body) {
  return Read(http_.Put(path, Headers(), body.dump(), "application/json"));
}

Answer OrchestratorClient::Patch(const std::string& path, const Json& body) {
  return Read(http_.Patch(path, Headers(), body.dump(), "application/json"));
}

Answer OrchestratorClient::Delete(const std::string& path) {
  return Read(http_.Delete(path, Headers()));
}

Answer OrchestratorClient::Filter(const std::string& set, const std::string& filter,
                                  const std::string& more_options) {
  return Get(absl::StrCat("/odata/", set, "?$filter=", Escaped(filter),
                          more_options.empty() ? "" : "&", more_options));
}

std::vector<std::string> OrchestratorClient::Column(const Answer& answer, const char* name) {
  std::vector<std::string> values;
  if (!answer.body.is_object() || !answer.body.contains("value")) {
    ADD_FAILURE() << answer.status << " " << answer.body.dump();
    return values;
  }
  for (const Json& row : answer.body["value"]) {
    const Json member = row.value(name, Json());
    values.push_back(member.is_string() ? member.get<std::string>() : member.dump());
  }
  return values;
}

}  // namespace relais::sandbox::robot

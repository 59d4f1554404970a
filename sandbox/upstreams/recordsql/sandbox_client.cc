#include "sandbox/upstreams/recordsql/sandbox_client.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace relais::sandbox::recordsql {

using nlohmann::json;

SandboxClient::SandboxClient(int port) : http_("127.0.0.1", port) {
  http_.set_keep_alive(true);
  http_.set_tcp_nodelay(true);
}

httplib::Result SandboxClient::Post(const std::string& path, const std::string& body) {
  return http_.Post(path, body, "application/json");
}

json SandboxClient::Auth(json request) {
  const httplib::Result result = Post(kAuthPath, request.dump());
  EXPECT_TRUE(result) << httplib::to_string(result.error());
  return result ? json::parse(result->body, nullptr, false) : json();
}

const std::string& SandboxClient::token() {
  if (token_.empty()) {
    const json reply =
        Auth({{"domain", ""}, {"user", "DEMO"}, {"password", "demo-password"}, {"env", "ERP"}});
    if (reply.is_object()) token_ = reply.value("access_token", "");
  }
  return token_;
}

httplib::Result SandboxClient::RawExecute(json request) {
  if (!request.contains("access_token")) request["access_token"] = token();
  return Post(kExecutePath, request.dump());
}

json SandboxClient::Execute(json request) {
  const httplib::Result result = RawExecute(std::move(request));
  EXPECT_TRUE(result) << httplib::to_string(result.error());
  return result ? json::parse(result->body, nullptr, false) : json();
}

std::unique_ptr<Sandbox> StartSandbox(SandboxOptions options) {
  absl::StatusOr<std::unique_ptr<Sandbox>> sandbox = Sandbox::Start(std::move(options));
  EXPECT_TRUE(sandbox.ok()) << sandbox.status();
  return sandbox.ok() ? *std::move(sandbox) : nullptr;
}

std::vector<std::string> ValuesOf(const json& reply, const std::string& field) {
  std::vector<std::string> values;
  for (const json& row : reply.at("records")) values.push_back(row.at("record").at(field));
  return values;
}

json PostCodes(json changes) {
  json request = {{"dhoq", "gtrstab.dhoq"},
                  {"recordsql", "CODEPOSTAL"},
                  {"fields", "*"},
                  {"parameters", "MZ.DOS=997"},
                  {"offset", 0},
                  {"count", 100}};
  if (changes.is_object()) request.update(changes);
  return request;
}

}  // namespace relais::sandbox::recordsql

#include "tests/support/fake_erp.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace relais {

using Json = nlohmann::ordered_json;

FakeErp::FakeErp() {
  transport_.Otherwise([this](const CallContext&,
                              const HttpRequest& request) -> absl::StatusOr<HttpReply> {
    if (request.url.ends_with("/Authent/Auth")) {
      logins_.push_back(request.body);
      return MakeReply(200, R"({"error":0,"access_token":"token)" + std::to_string(logins_.size()) +
                                R"(","txterr":"","infos":"trace"})");
    }
    reads_.push_back(request.body);
    if (script_.empty()) return MakeReply(200, Read(request.body));
    const auto [status, body] = script_.front();
    script_.erase(script_.begin());
    return MakeReply(status, body);
  });
}

FakeErp& FakeErp::Answer(int status, std::string body) {
  script_.emplace_back(status, std::move(body));
  return *this;
}

std::string FakeErp::Read(const std::string& body) const {
  const Json request = Json::parse(body);
  std::int64_t skip = request.value("offset", std::int64_t{0});
  if (request.contains("filter")) {  // CLI.CLI_ID > n, or >= n
    const std::string condition = request["filter"]["createwhere"].back()["condition"];
    skip += std::stoll(condition.substr(condition.rfind(' ') + 1));
    if (condition.find(">=") != std::string::npos) --skip;
  }
  const std::int64_t count = std::clamp<std::int64_t>(request.value("count", 0), 1, cap);
  const std::string fields = ";" + request.value("fields", "*") + ";";
  Json records = Json::array();
  for (std::int64_t i = skip; i < std::min(skip + count, rows); ++i) {
    const std::int64_t id = descending ? rows - i : i + 1;
    Json record = Json::object();
    for (const char* name : {"CLI_ID", "NOM"}) {
      if (fields != ";*;" && fields.find(";" + std::string(name) + ";") == std::string::npos)
        continue;
      record[name] = (name[0] == 'N' ? "n" : "") + std::to_string(id);
    }
    records.push_back({{"record", record}});
  }
  return Json{{"error", 0},         {"txterr", ""},
              {"tablename", "CLI"}, {"nbrecord", records.size()},
              {"records", records}, {"infos", ""}}
      .dump();
}

}  // namespace relais

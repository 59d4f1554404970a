#include "sandbox/http/traffic.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"

namespace relais::sandbox {
namespace {

using nlohmann::json;

constexpr size_t kKept = 100;
constexpr size_t kMaxKeptBytes = 64 << 10;

// Credentials are taken out when a body is read back, which is rare; requests are frequent.
json Redacted(const std::string& body) {
  json value = json::parse(body, nullptr, false);
  if (!value.is_object()) return absl::StrCat("(", body.size(), " bytes, not a JSON object)");
  for (auto it = value.begin(); it != value.end();) {
    const std::string key(absl::StripAsciiWhitespace(absl::AsciiStrToLower(it.key())));
    it = key == "access_token" || key == "password" ? value.erase(it) : std::next(it);
  }
  return value;
}

}  // namespace

Traffic::Visit::~Visit() {
  const std::lock_guard<std::mutex> lock(traffic_.mutex_);
  --traffic_.counts_.in_flight;
}

Traffic::Visit Traffic::Enter(Operation operation, const HttpRequest& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (operation == Operation::kAny) ++counts_.other;
  ++counts_.by_operation[operation];
  ++counts_.in_flight;
  counts_.max_in_flight = std::max(counts_.max_in_flight, counts_.in_flight);
  last_.push_back({operation, request.method, request.path, request.query,
                   request.body.substr(0, kMaxKeptBytes)});
  if (last_.size() > kKept) last_.pop_front();
  return Visit(*this);
}

TrafficCounts Traffic::Counts() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return counts_;
}

std::vector<std::string> Traffic::LastBodies() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> bodies;
  for (const Entry& entry : last_) bodies.push_back(Dump(Redacted(entry.body)));
  return bodies;
}

std::string Traffic::ToJson() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  json last = json::array();
  for (const Entry& entry : last_) {
    const bool known = entry.operation != Operation::kAny;
    last.push_back({{"operation", known ? entry.operation.name() : "other"},
                    {"method", entry.method},
                    {"path", entry.path},
                    {"query", entry.query},
                    {"body", Redacted(entry.body)}});
  }
  json operations = json::object();
  for (const auto& [operation, count] : counts_.by_operation) {
    if (operation != Operation::kAny) operations[std::string(operation.name())] = count;
  }
  json out = {{"other", counts_.other},
              {"in_flight", counts_.in_flight},
              {"max_in_flight", counts_.max_in_flight},
              {"operations", std::move(operations)},
              {"last", std::move(last)}};
  for (const Operation operation : headlines_) {
    out[std::string(operation.name())] = counts_.Of(operation);
  }
  return Dump(out);
}

void Traffic::Reset() {
  const std::lock_guard<std::mutex> lock(mutex_);
  counts_ = {0, counts_.in_flight, counts_.in_flight, {}};
  last_.clear();
}

}  // namespace relais::sandbox

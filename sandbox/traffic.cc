#include "sandbox/traffic.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace relais::sandbox {
namespace {

using nlohmann::json;

constexpr size_t kKept = 100;
constexpr size_t kMaxBodyBytes = 64 << 10;

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

const char* NameOf(Operation operation) {
  switch (operation) {
    case Operation::kAuth:
      return "auth";
    case Operation::kExecute:
      return "execute";
    case Operation::kAny:
      return "other";
  }
  return "";
}

std::string Dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Traffic::Visit::~Visit() {
  const std::lock_guard<std::mutex> lock(traffic_.mutex_);
  --traffic_.counts_.in_flight;
}

Traffic::Visit Traffic::Enter(Operation operation, std::string_view path, std::string_view body) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++(operation == Operation::kAuth      ? counts_.auth
     : operation == Operation::kExecute ? counts_.execute
                                        : counts_.other);
  ++counts_.in_flight;
  counts_.max_in_flight = std::max(counts_.max_in_flight, counts_.in_flight);
  last_.push_back({operation, std::string(path), std::string(body.substr(0, kMaxBodyBytes))});
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
    last.push_back({{"operation", NameOf(entry.operation)},
                    {"path", entry.path},
                    {"body", Redacted(entry.body)}});
  }
  return Dump({{"auth", counts_.auth},
               {"execute", counts_.execute},
               {"other", counts_.other},
               {"in_flight", counts_.in_flight},
               {"max_in_flight", counts_.max_in_flight},
               {"last", std::move(last)}});
}

void Traffic::Reset() {
  const std::lock_guard<std::mutex> lock(mutex_);
  counts_ = {0, 0, 0, counts_.in_flight, counts_.in_flight};
  last_.clear();
}

}  // namespace relais::sandbox

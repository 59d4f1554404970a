#include "clients/cpp/tests/scenario_json.h"

#include <algorithm>
#include <chrono>
#include <climits>
#include <condition_variable>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"

namespace relais::client::testing {
namespace {

// The answer of the command that this thread carries out.
thread_local Json* current = nullptr;

std::string CodeName(absl::StatusCode code) { return absl::StatusCodeToString(code); }

const char* KindName(Event::Kind kind) {
  return kind == Event::Kind::kRepeat      ? "repeat"
         : kind == Event::Kind::kReconnect ? "reconnect"
                                           : "restart";
}

// `value` as a member, unless it is empty.
template <class T>
void Set(Json* json, const char* key, const T& value) {
  if (value != T()) (*json)[key] = value;
}

void Tell(const Event& event) {
  const Error error = ErrorOf(event.status).value_or(Error());
  Json json = {{"kind", KindName(event.kind)}, {"attempt", event.attempt}};
  json["wait_ms"] = absl::ToInt64Milliseconds(event.wait);
  if (!event.status.ok()) json["code"] = CodeName(event.status.code());
  Set(&json, "reason", error.raw_reason);
  Set(&json, "request_id", event.request_id);
  Set(&json, "call_id", error.call_id);
  if (current != nullptr) (*current)["events"].push_back(json);
}

Json ErrorJson(const absl::Status& status) {
  const std::optional<Error> error = ErrorOf(status);
  Json json;
  if (!error.has_value()) {
    const bool value = status.code() == absl::StatusCode::kInvalidArgument;
    json["local"] = status.code() == absl::StatusCode::kCancelled ? "cancelled"
                    : value                                       ? "value"
                                                                  : "file";
    json["message"] = std::string(status.message());
    return json;
  }
  json["code"] = CodeName(error->code);
  if (error->reason != error::v1::REASON_UNSPECIFIED)
    json["reason"] = error::v1::Reason_Name(error->reason);
  Set(&json, "raw_reason", error->raw_reason);
  Set(&json, "message", error->message);
  Set(&json, "upstream_message", error->upstream_message);
  Set(&json, "call_id", error->call_id);
  Set(&json, "request_id", error->request_id);
  Set(&json, "attempts", error->attempts);
  Set(&json, "metadata", error->metadata);
  for (const auto& violation : error->violations) {
    json["violations"].push_back(
        {{"field", violation.field()}, {"description", violation.description()}});
  }
  if (error->retry_after.has_value())
    json["retry_after_ms"] = absl::ToInt64Milliseconds(*error->retry_after);
  if (!error->last.type_url().empty()) {
    json["last"] = ToJson(error->last);
    json["last"].erase("@type");
  }
  return json;
}

absl::Duration Ms(const Json& words, const char* key, absl::Duration otherwise) {
  return words.contains(key) ? absl::Milliseconds(words[key].get<int64_t>()) : otherwise;
}

}  // namespace

// Cancels a client's calls after a while, unless it goes before.
class Command::Timer {
 public:
  Timer(const Client& client, std::chrono::milliseconds after)
      : thread_([this, client, after] {
          std::unique_lock lock(mutex_);
          if (!changed_.wait_for(lock, after, [this] { return gone_; })) client.Cancel();
        }) {}
  ~Timer() {
    {
      std::lock_guard lock(mutex_);
      gone_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool gone_ = false;
  std::thread thread_;
};

Command::Command(const Json& words, const Client& client)
    : words(words),
      answer(*new Json(Json::object())),
      client(client.Scoped()),
      answer_(&answer),
      outer_(current) {
  current = &answer;
  const Json until = words.value("until", Json::object());
  if (words.contains("cancel_after_ms") || until.contains("ms")) {
    const int after = words.contains("cancel_after_ms") ? words["cancel_after_ms"].get<int>()
                                                        : until["ms"].get<int>();
    timer_ = std::make_unique<Timer>(this->client, std::chrono::milliseconds(after));
  }
}

Command::~Command() { current = outer_; }

std::string Command::Text(const char* key) const { return words.value(key, ""); }

absl::Duration Command::Timeout() const {
  const absl::Duration timeout = Ms(words, "timeout_ms", absl::ZeroDuration());
  return timeout == absl::ZeroDuration() ? absl::InfiniteDuration() : timeout;
}

void Command::Parse(const char* key, google::protobuf::Message* message) const {
  const auto parsed = google::protobuf::util::JsonStringToMessage(words.at(key).dump(), message);
  if (!parsed.ok()) std::cerr << "scenario_runner: " << key << ": " << parsed.ToString() << "\n";
}

bool Command::Enough(int count, bool complete) const {
  const Json until = words.value("until", Json::object());
  return count >= until.value("count", INT_MAX) || (complete && until.value("complete", false));
}

void Command::Fail(const absl::Status& error) {
  const bool left =
      absl::IsCancelled(error) && !ErrorOf(error).has_value() && !words.contains("cancel_after_ms");
  if (!error.ok() && !left) answer["error"] = ErrorJson(error);
}

absl::StatusOr<Client> ConnectAs(const std::string& target, const Json& connect) {
  Options options;
  options.insecure = connect.value("insecure", false);
  options.timeout = Ms(connect, "timeout_ms", options.timeout);
  options.retry.attempts = connect.value("attempts", options.retry.attempts);
  options.retry.silence = Ms(connect, "silence_ms", options.retry.silence);
  options.retry.give_up = Ms(connect, "give_up_ms", options.retry.give_up);
  options.retry.progress = Ms(connect, "progress_ms", options.retry.progress);
  options.observe = Tell;
  std::vector<std::string> tokens = connect.value("tokens", std::vector<std::string>());
  if (connect.contains("token")) tokens = {connect["token"].get<std::string>()};
  if (!tokens.empty()) {
    options.token = [tokens, next = size_t{0}]() mutable {
      return tokens[std::min(next++, tokens.size() - 1)];
    };
  }
  return Connect(target, std::move(options));
}

Json ToJson(const google::protobuf::Message& message) {
  std::string text;
  const auto written = google::protobuf::util::MessageToJsonString(message, &text);
  return written.ok() ? Json::parse(text) : Json(written.ToString());
}

Json ToJson(const Saved& saved) {
  return {{"path", saved.path},
          {"bytes", saved.bytes},
          {"sha256", saved.sha256},
          {"media_type", saved.media_type}};
}

}  // namespace relais::client::testing

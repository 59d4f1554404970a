// Commands and answers of the scenario runner, as JSON (clients/scenarios/README.md).

#ifndef RELAIS_CLIENTS_CPP_TESTS_SCENARIO_JSON_H_
#define RELAIS_CLIENTS_CPP_TESTS_SCENARIO_JSON_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "nlohmann/json_fwd.hpp"
#include "relais/client.h"

namespace relais::client::testing {

using Json = nlohmann::json;

// One command under way. What its calls tell the observer, from its own thread, goes into `answer`.
class Command {
 public:
  Command(const Json& words, const Client& client);
  ~Command();

  const Json& words;
  Json& answer;
  // Cancels its calls when `cancel_after_ms` or `until.ms` has passed.
  const Client client;

  std::string Text(const char* key) const;
  absl::Duration Timeout() const;  // 0 and absent: for ever
  // The message in `key`, which must be one.
  template <class T>
  T Message(const char* key) const {
    T message;
    Parse(key, &message);
    return message;
  }
  // Whether to leave after `count` answers.
  bool Enough(int count, bool complete = false) const;
  // Puts down why the command failed. Nothing when that was `until.ms`.
  void Fail(const absl::Status& error);

 private:
  void Parse(const char* key, google::protobuf::Message* message) const;
  class Timer;
  std::unique_ptr<Timer> timer_;
  std::unique_ptr<Json> answer_;
  Json* outer_;
};

// A client with the settings of `connect`, which tells its events to the command of the thread.
absl::StatusOr<Client> ConnectAs(const std::string& target, const Json& connect);

Json ToJson(const google::protobuf::Message& message);
Json ToJson(const Saved& saved);

// Adds to `answer` what an operation is answered.
void Call(Command& command, int times);
void List(Command& command);
void RunAction(Command& command);
void ReadRows(Command& command);
void Watch(Command& command);
void WatchOne(Command& command);
void Wait(Command& command);
void Submit(Command& command);
void Download(Command& command);
void DownloadTo(Command& command);
void Tail(Command& command);
void Follow(Command& command);

}  // namespace relais::client::testing

#endif  // RELAIS_CLIENTS_CPP_TESTS_SCENARIO_JSON_H_

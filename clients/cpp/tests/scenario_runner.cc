// The scenario runner of the C++ client: carries out the commands on its standard input, a JSON
// object a line, and writes an answer for each (clients/scenarios/README.md).

#include <sys/resource.h>

#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/tests/scenario_json.h"
#include "nlohmann/json.hpp"
#include "relais/client.h"

namespace relais::client::testing {
namespace {

const std::map<std::string, std::function<void(Command&)>>& Operations() {
  static const auto* operations = new std::map<std::string, std::function<void(Command&)>>{
      {"ping", [](Command& command) { command.Fail(command.client.Ping()); }},
      {"call", [](Command& command) { Call(command, command.words.value("times", 1)); }},
      {"list", List},
      {"run", RunAction},
      {"rows", ReadRows},
      {"watch", Watch},
      {"watch_one", WatchOne},
      {"wait", Wait},
      {"submit", Submit},
      {"download", Download},
      {"download_to", DownloadTo},
      {"download_all",
       [](Command& command) {
         auto saved =
             command.client.jobqueue().DownloadAll(command.Text("name"), command.Text("path"));
         command.Fail(saved.status());
         for (const Saved& file : saved.ok() ? *saved : std::vector<Saved>()) {
           command.answer["saved"].push_back(ToJson(file));
         }
       }},
      {"tail", Tail},
      {"follow", Follow},
  };
  return *operations;
}

// A client for each target and setting, kept open.
absl::StatusOr<Client> ClientFor(const Json& words) {
  static auto* clients = new std::map<std::string, absl::StatusOr<Client>>;
  const Json connect = words.value("connect", Json::object());
  const std::string key = words["target"].dump() + connect.dump();
  if (clients->count(key) == 0)
    clients->emplace(key, ConnectAs(words["target"].get<std::string>(), connect));
  return clients->at(key);
}

int64_t PeakKib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

Json Carry(const Json& words, const absl::StatusOr<Client>& client) {
  const auto began = std::chrono::steady_clock::now();
  const int64_t peak = PeakKib();
  Json answer;
  if (!client.ok()) {
    answer["error"] = {{"local", "refused"}, {"message", std::string(client.status().message())}};
  } else {
    Command command(words, *client);
    const auto operation = Operations().find(command.Text("op"));
    if (operation == Operations().end()) {
      command.answer["error"] = {{"local", "other"}, {"message", "no such operation"}};
    } else {
      operation->second(command);
    }
    answer = command.answer;
  }
  answer["memory_kib"] = PeakKib() - peak;
  answer["id"] = words.value("id", Json());
  if (!answer.contains("events")) answer["events"] = Json::array();
  answer["ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(
                     std::chrono::steady_clock::now() - began)
                     .count();
  return answer;
}

Json CarryAll(const Json& words) {
  const auto began = std::chrono::steady_clock::now();
  std::vector<Json> results(words["calls"].size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < results.size(); ++i) {
    Json call = words["calls"][i];
    for (const char* key : {"target", "connect"}) {
      if (!call.contains(key) && words.contains(key)) call[key] = words[key];
    }
    threads.emplace_back(
        [call, client = ClientFor(call), &result = results[i]] { result = Carry(call, client); });
  }
  for (std::thread& thread : threads) thread.join();
  Json answer = {
      {"id", words.value("id", Json())}, {"results", results}, {"events", Json::array()}};
  answer["ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(
                     std::chrono::steady_clock::now() - began)
                     .count();
  return answer;
}

}  // namespace
}  // namespace relais::client::testing

int main() {
  using namespace relais::client::testing;
  std::string line;
  while (std::getline(std::cin, line)) {
    const Json words = Json::parse(line);
    std::cout << (words.value("op", "") == "parallel" ? CarryAll(words)
                                                      : Carry(words, ClientFor(words)))
                     .dump()
              << std::endl;
  }
}

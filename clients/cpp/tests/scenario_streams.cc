// The operations that read or write streams, but for rows.

#include <map>
#include <sstream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "clients/cpp/tests/scenario_json.h"
#include "nlohmann/json.hpp"
#include "relais/client.h"

namespace relais::client::testing {
namespace {

template <class T>
void TellChanges(Command& command, Range<Change<T>> changes) {
  command.answer["changes"] = Json::array();
  int count = 0;
  for (absl::StatusOr<Change<T>>& change : changes) {
    command.Fail(change.status());
    if (!change.ok()) return;
    Json json = {{"changed", Json::array()}, {"removed", change->removed}};
    for (const T& item : change->changed) json["changed"].push_back(item.name());
    json["complete"] = change->complete;
    json["restarted"] = change->restarted;
    command.answer["changes"].push_back(json);
    if (command.Enough(++count, change->complete)) return;
  }
}

template <class T>
void TellStates(Command& command, Range<T> states) {
  command.answer["states"] = Json::array();
  int count = 0;
  for (absl::StatusOr<T>& state : states) {
    command.Fail(state.status());
    if (!state.ok()) return;
    command.answer["states"].push_back(ToJson(*state));
    if (command.Enough(++count)) return;
  }
}

template <class T>
void Tell(Command& command, const absl::StatusOr<T>& value, const char* key = "value") {
  command.Fail(value.status());
  if (value.ok()) command.answer[key] = ToJson(*value);
}

}  // namespace

void Watch(Command& command) {
  const std::string parent = command.Text("parent");
  if (command.Text("service") == "robot")
    return TellChanges(command, command.client.robot().Watch(parent));
  TellChanges(command, command.client.jobqueue().Watch(parent));
}

void WatchOne(Command& command) {
  const std::string service = command.Text("service"), name = command.Text("name");
  if (service == "robot") return TellStates(command, command.client.robot().WatchJob(name));
  if (service == "campaign.run")
    return TellStates(command, command.client.campaign().WatchRun(name));
  if (service == "campaign.polling")
    return TellStates(command, command.client.campaign().WatchPolling(name));
  if (service == "exports") return TellStates(command, command.client.exports().WatchRun(name));
  TellStates(command, command.client.jobqueue().WatchJob(name));
}

void Wait(Command& command) {
  const std::string service = command.Text("service"), name = command.Text("name");
  const absl::Duration timeout = command.Timeout();
  if (service == "robot") return Tell(command, command.client.robot().Wait(name, timeout));
  if (service == "campaign.run")
    return Tell(command, command.client.campaign().WaitRun(name, timeout));
  if (service == "campaign.polling")
    return Tell(command, command.client.campaign().WaitPolling(name, timeout));
  if (service == "exports") return Tell(command, command.client.exports().Wait(name, timeout));
  Tell(command, command.client.jobqueue().Wait(name, timeout));
}

void Submit(Command& command) {
  std::map<std::string, Source> sources;
  std::map<std::string, std::istringstream> streams;
  for (const auto& [name, source] : command.words["sources"].items()) {
    std::string bytes;
    absl::Base64Unescape(source.value("bytes", source.value("reader", "")), &bytes);
    if (source.contains("path")) {
      sources.emplace(name, Source::Path(source["path"]));
    } else if (source.contains("bytes")) {
      sources.emplace(name, Source::Bytes(bytes));
    } else {
      sources.emplace(name, Source::Stream(streams.emplace(name, bytes).first->second));
    }
  }
  const auto definition = command.Message<jobqueue::v1::JobDefinition>("definition");
  Tell(command, command.client.jobqueue().Submit(command.Text("parent"), definition, sources,
                                                 {command.Text("request_id")}));
}

void Download(Command& command) {
  const std::string service = command.Text("service"), name = command.Text("name"),
                    path = command.Text("path");
  if (service == "campaign")
    return Tell(command, command.client.campaign().Download(name, path), "saved");
  if (service == "exports")
    return Tell(command, command.client.exports().Download(name, "", path), "saved");
  Tell(command, command.client.jobqueue().Download(name, path), "saved");
}

void DownloadTo(Command& command) {
  const std::string service = command.Text("service"), name = command.Text("name");
  std::ostringstream out;
  command.Fail((service == "campaign"  ? command.client.campaign().DownloadTo(name, out)
                : service == "exports" ? command.client.exports().DownloadTo(name, "", out)
                                       : command.client.jobqueue().DownloadTo(name, out))
                   .status());
  internal::Sha256 sha256;
  sha256.Add(out.str());
  command.answer["bytes"] = out.str().size();
  command.answer["sha256"] = sha256.Hex();
}

void Tail(Command& command) {
  int count = 0;
  command.answer["texts"] = Json::array();
  const auto request = command.Message<robot::v1::TailRobotLogsRequest>("request");
  for (auto& log : command.client.robot().Tail(request, {command.Text("until_job")})) {
    command.Fail(log.status());
    if (!log.ok()) break;
    if (++count <= 300) command.answer["texts"].push_back(log->message());
    if (command.Enough(count)) break;
  }
  command.answer["logs"] = count;
}

void Follow(Command& command) {
  command.answer["lines"] = Json::array();
  Tell(command, command.client.campaign().Follow(
                    command.Text("name"), command.Timeout(),
                    [&](const auto& line) { command.answer["lines"].push_back(line.text()); }));
}

}  // namespace relais::client::testing

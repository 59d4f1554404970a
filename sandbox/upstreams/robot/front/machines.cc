// Machines, and the environments that group robots.
#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

std::int64_t RobotIdOf(const Json& body) {
  const Json id = Member(body, "robotId");
  if (id.is_number_integer()) return id.get<std::int64_t>();
  // As the older interface of the vendor's own module writes it.
  const std::string text = TextOf(body, "robotId");
  std::int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) throw Refusal(400, 1009, "The field robotId is required.");
  return number;
}

}  // namespace

HttpReply Front::ListMachines(const Exchange& exchange) {
  return List(exchange, "Machines", ValuesOf(simulator_.machines));
}

Json& Front::MachineAt(const Exchange& exchange) {
  const auto found = simulator_.machines.find(exchange.target.key);
  if (found == simulator_.machines.end()) throw Refusal(404, 1002, "Machine does not exist.");
  return found->second;
}

HttpReply Front::GetMachine(const Exchange& exchange) {
  return Single(exchange, "Machines", MachineAt(exchange));
}

HttpReply Front::CreateMachine(const Exchange& exchange) {
  const std::string name = TextOf(exchange.body, "Name");
  if (name.empty()) throw Refusal(400, 1009, "The field Name is required.");
  for (const auto& [id, machine] : simulator_.machines) {
    if (absl::EqualsIgnoreCase(TextOf(machine, "Name"), name)) {
      throw Refusal(409, 1001, "The name is already used by another machine.");
    }
  }
  const std::int64_t id = simulator_.NextId();
  Json machine = MergedOver("Machines",
                            {{"LicenseKey", nullptr},
                             {"Name", name},
                             {"Description", nullptr},
                             {"Type", "Standard"},
                             {"Scope", "Default"},
                             {"UnattendedSlots", 0},
                             {"NonProductionSlots", 0},
                             {"Key", nullptr},
                             {"UpdatePolicy", nullptr},
                             {"Id", id}},
                            exchange.body);
  machine["LicenseKey"] = NewGuid();
  machine["Key"] = NewGuid();
  return Single(exchange, "Machines", simulator_.machines[id] = std::move(machine), 201);
}

HttpReply Front::ChangeMachine(const Exchange& exchange) {
  Json& machine = MachineAt(exchange);
  if (!exchange.body.is_object()) throw Refusal(400, 0, "machine must not be null");
  if (exchange.request.method == "PUT" && TextOf(exchange.body, "Name").empty()) {
    throw Refusal(400, 1009, "The field Name is required.");
  }
  Json next = MergedOver("Machines", machine, exchange.body);
  for (const char* fixed : {"LicenseKey", "Key"}) next[fixed] = machine[fixed];
  machine = std::move(next);
  return EmptyReply(200);
}

HttpReply Front::DeleteMachine(const Exchange& exchange) {
  (void)MachineAt(exchange);
  for (const auto& [id, robot] : simulator_.robots) {
    if (robot.entity["MachineId"] == exchange.target.key) {
      throw Refusal(409, 1000, "The machine has robots.");
    }
  }
  simulator_.machines.erase(exchange.target.key);
  return EmptyReply(204);
}

HttpReply Front::ListEnvironments(const Exchange& exchange) {
  return List(exchange, "Environments", ValuesOf(simulator_.environments));
}

Json& Front::EnvironmentAt(const Exchange& exchange) {
  std::int64_t id = exchange.target.key;
  if (const auto key = exchange.target.arguments.find("key");
      key != exchange.target.arguments.end()) {
    (void)absl::SimpleAtoi(key->second, &id);
  }
  const auto found = simulator_.environments.find(id);
  if (found == simulator_.environments.end()) {
    throw Refusal(404, 1002, "Environment does not exist.");
  }
  return found->second;
}

HttpReply Front::GetEnvironment(const Exchange& exchange) {
  return Single(exchange, "Environments", EnvironmentAt(exchange));
}

HttpReply Front::AddRobotToEnvironment(const Exchange& exchange) {
  const auto id = EnvironmentAt(exchange)["Id"].get<std::int64_t>();
  std::vector<std::int64_t>& groups = RobotAt(exchange, RobotIdOf(exchange.body)).environments;
  if (std::find(groups.begin(), groups.end(), id) == groups.end()) groups.push_back(id);
  return EmptyReply(204);
}

HttpReply Front::RemoveRobotFromEnvironment(const Exchange& exchange) {
  const auto id = EnvironmentAt(exchange)["Id"].get<std::int64_t>();
  std::erase(RobotAt(exchange, RobotIdOf(exchange.body)).environments, id);
  return EmptyReply(204);
}

HttpReply Front::SetRobotsOfEnvironment(const Exchange& exchange) {
  const auto id = EnvironmentAt(exchange)["Id"].get<std::int64_t>();
  const auto each = [&](const char* name, const auto& change) {
    const Json& ids = Member(exchange.body, name);
    if (ids.is_null()) return;
    for (const std::int64_t robot : ids.get<std::vector<std::int64_t>>()) {
      change(RobotAt(exchange, robot).environments);
    }
  };
  const auto without = [id](std::vector<std::int64_t>& groups) { std::erase(groups, id); };
  each("removedRobotIds", without);
  each("addedRobotIds", [&](std::vector<std::int64_t>& groups) {
    without(groups);
    groups.push_back(id);
  });
  return EmptyReply(204);
}

HttpReply Front::RobotsForEnvironment(const Exchange& exchange) {
  const auto id = EnvironmentAt(exchange)["Id"].get<std::int64_t>();
  return List(exchange, "Robots", RobotsWhere([&](const Robot& robot) {
                return robot.folder == exchange.folder &&
                       std::find(robot.environments.begin(), robot.environments.end(), id) !=
                           robot.environments.end();
              }),
              /*always_count=*/true);
}

}  // namespace relais::sandbox::robot

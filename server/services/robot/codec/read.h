// What decoders share.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_CODEC_READ_H_
#define RELAIS_SERVER_SERVICES_ROBOT_CODEC_READ_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "server/gateway/messages/timestamp.h"
#include "server/json/members.h"
#include "server/services/robot/codec/codec.h"

namespace relais::robot {

// A date and time as Orchestrator writes them, with or without a zone (then UTC); none when it is
// none, or outside of what a Timestamp can hold.
std::optional<absl::Time> ParseTime(const std::string& text);

// Sets what `target` gives, a Timestamp*, when the text is a time.
template <typename Mutable>
void SetTime(const std::optional<std::string>& text, Mutable target) {
  const std::optional<absl::Time> time = text ? ParseTime(*text) : std::nullopt;
  if (time) *target() = gateway::ToTimestamp(*time);
}

// A collection: its items go through `convert`, which takes a filled record and a place for the
// item.
template <typename Wire, typename Item, std::size_t N, typename Convert>
absl::StatusOr<Page<Item>> DecodePage(const std::string& body,
                                      const json::Member<Wire> (&members)[N], Convert convert,
                                      const char* items = "value",
                                      const char* count = "@odata.count") {
  Page<Item> page;
  bool found = false;
  const auto read_item = [&](json::Value element) -> absl::Status {
    Wire wire;
    if (absl::Status status = json::ReadMembers(element, members, wire); !status.ok())
      return status;
    return convert(std::move(wire), page.items.emplace_back());
  };
  absl::Status status =
      json::ReadObject(body, [&](std::string_view key, json::Value value) -> absl::Status {
        if (key == count) return json::ReadOptional(value, page.count);
        if (key != items) return json::PassOver(value);
        if (found) return json::Malformed("it has its items twice");
        found = true;
        return json::ReadElements(value, read_item);
      });
  if (!status.ok()) return status;
  if (!found) return json::Malformed("it has no items");
  if (page.count && *page.count < 0) page.count.reset();
  return page;
}

// A robot as it stands in replies.
struct WireRobot {
  std::optional<std::int64_t> id, machine_id, user_id;
  std::optional<std::string> name, type, hosting_type, machine_name, user_name, description,
      external_name, credential_type, environments, license_key;
  std::optional<bool> enabled, limit_concurrent_execution;
  v1::Robot settings;  // its execution settings alone
};
absl::Status ReadRobotMembers(json::Value value, WireRobot& robot);
absl::Status ReadRobotDocument(const std::string& body, WireRobot& robot);
absl::Status ConvertRobot(WireRobot wire, const Place& place, v1::Robot& robot);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_CODEC_READ_H_

// What the decoders share; for their .cc files alone.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_CODEC_READ_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_CODEC_READ_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "google/protobuf/map.h"
#include "google/type/date.pb.h"
#include "server/json/members.h"
#include "server/services/campaign/names.h"

namespace relais::campaign {

using WireText = std::optional<std::string>;
using WireTexts = std::map<std::string, std::string>;

// The members of a reply's result. A reply without a result is malformed.
absl::Status ReadResult(const std::string& body, json::MemberFunction read);

// The result's member `list`: its objects go through `convert`, which takes a filled record and
// gives the item.
template <typename Item, typename Wire, std::size_t N, typename Convert>
absl::StatusOr<std::vector<Item>> DecodeList(const std::string& body, std::string_view list,
                                             const json::Member<Wire> (&members)[N],
                                             Convert convert) {
  std::vector<Item> items;
  bool found = false;
  const auto read_item = [&](json::Value element) -> absl::Status {
    Wire wire;
    if (absl::Status status = json::ReadMembers(element, members, wire); !status.ok())
      return status;
    return convert(std::move(wire), items.emplace_back());
  };
  absl::Status status = ReadResult(body, [&](std::string_view key, json::Value value) {
    if (key != list) return json::PassOver(value);
    if (std::exchange(found, true)) return json::Malformed("it has its items twice");
    return json::ReadElements(value, read_item);
  });
  if (!status.ok()) return status;
  if (!found) return json::Malformed("it has no items");
  return items;
}

// One record that is the result itself.
template <typename Wire, std::size_t N>
absl::Status DecodeRecord(const std::string& body, const json::Member<Wire> (&members)[N],
                          Wire& wire) {
  json::MemberReader<Wire, N> reader(members, wire);
  return ReadResult(
      body, [&reader](std::string_view key, json::Value value) { return reader.Read(key, value); });
}

// An object of scalars, as text; of any other type there are none.
absl::Status ReadTexts(json::Value value, WireTexts& out);

template <auto kField, typename Wire>
absl::Status IntoTexts(json::Value value, Wire& wire) {
  return ReadTexts(value, wire.*kField);
}

void SetTexts(const WireTexts& texts, google::protobuf::Map<std::string, std::string>& out);

void SetDay(absl::CivilDay day, google::type::Date& date);

// Sets what `target` gives, a Date*, when the text is a date.
template <typename Mutable>
void SetDate(const WireText& text, Mutable target) {
  const auto day = text ? ParseDay(*text) : std::nullopt;
  if (day) SetDay(*day, *target());
}

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_CODEC_READ_H_

// What is only passed on.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/json/reader.h"

namespace relais::json {
namespace {

using Type = ::simdjson::ondemand::json_type;

}  // namespace

absl::Status ReadOptional(Value value, std::optional<std::string>& out) {
  out.reset();
  return IsString(value) ? Read(value, out) : PassOver(value);
}

absl::Status ReadOptional(Value value, std::optional<std::int64_t>& out) {
  out.reset();
  return HasType(value, Type::number) ? ReadNumber(value, out) : PassOver(value);
}

absl::Status ReadOptional(Value value, std::optional<bool>& out) {
  out.reset();
  return HasType(value, Type::boolean) ? Read(value, out) : PassOver(value);
}

absl::Status ReadOptional(Value value, std::vector<std::string>& out) {
  out.clear();
  return ReadOptionalElements(value, [&out](Value element) {
    std::optional<std::string> text;
    absl::Status status = ReadOptional(element, text);
    if (text) out.push_back(*std::move(text));
    return status;
  });
}

absl::Status ReadOptionalMembers(Value value, MemberFunction read) {
  return IsObject(value) ? ReadMembers(value, read) : PassOver(value);
}

absl::Status ReadOptionalElements(Value value, ElementFunction read) {
  return HasType(value, Type::array) ? ReadElements(value, read) : PassOver(value);
}

}  // namespace relais::json

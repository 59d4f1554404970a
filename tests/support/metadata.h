// What an error says beside its message.

#ifndef RELAIS_TESTS_SUPPORT_METADATA_H_
#define RELAIS_TESTS_SUPPORT_METADATA_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "server/core/base/error.h"

namespace relais {

inline std::optional<std::string> Metadata(const absl::Status& status, std::string_view key) {
  for (const auto& [name, value] : DetailsOf(status).metadata) {
    if (name == key) return value;
  }
  return std::nullopt;
}

inline std::vector<std::string> ViolatedFields(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const Violation& one : DetailsOf(status).violations) fields.push_back(one.field);
  return fields;
}

}  // namespace relais

#endif  // RELAIS_TESTS_SUPPORT_METADATA_H_

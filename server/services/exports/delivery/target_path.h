// Where a file goes, taken apart.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_TARGET_PATH_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_TARGET_PATH_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/services/exports/delivery/destination.h"

namespace relais::exports {

struct TargetPath {
  std::vector<std::string> folders;  // outermost first; empty: right below the destination
  std::string name;
  std::string partial;  // what the file is called in the same folder until it is whole
};

// INVALID_ARGUMENT / INVALID_REQUEST for a path or an id that the rest of the gateway must not let
// through: it has an empty part, ".", ".." or a control character.
absl::StatusOr<TargetPath> TargetPathOf(const OutgoingFile& file);

// "/a/b/name", each part encoded for a URL; `name` is of the file or the temporary one.
std::string UrlPathOf(const TargetPath& target, std::string_view name);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_TARGET_PATH_H_

#include "server/services/exports/delivery/target_path.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "server/core/base/error.h"
#include "server/core/base/text/text.h"
#include "server/core/net/url.h"

namespace relais::exports {
namespace {

constexpr std::size_t kLongestId = 64;

bool IsDeliveryId(std::string_view id) {
  const auto allowed = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  };
  return !id.empty() && id.size() <= kLongestId && std::all_of(id.begin(), id.end(), allowed);
}

}  // namespace

absl::StatusOr<TargetPath> TargetPathOf(const OutgoingFile& file) {
  TargetPath target;
  bool usable = IsDeliveryId(file.id) && !HasControl(file.path);
  std::string_view left = file.path;
  while (usable) {
    const std::size_t slash = left.find('/');
    const std::string_view part = left.substr(0, slash);
    usable = !part.empty() && part != "." && part != "..";
    if (slash == std::string_view::npos) {
      target.name = part;
      break;
    }
    target.folders.emplace_back(part);
    left.remove_prefix(slash + 1);
  }
  if (!usable) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest)
           << "The path of the file below its destination, or the id of its delivery, cannot be "
              "used.";
  }
  target.partial.append(".relais-").append(file.id).append(".part");
  return target;
}

std::string UrlPathOf(const TargetPath& target, std::string_view name) {
  std::string path;
  for (const std::string& folder : target.folders) path.append("/").append(PercentEncode(folder));
  return path.append("/").append(PercentEncode(name));
}

}  // namespace relais::exports

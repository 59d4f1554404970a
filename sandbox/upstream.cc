#include "sandbox/upstream.h"

#include <array>

namespace relais::sandbox {

#define RELAIS_UPSTREAM(word) \
  namespace word {            \
  const UpstreamKind& Kind(); \
  }
#include "sandbox/upstreams.def"
#undef RELAIS_UPSTREAM

absl::Status Upstream::Listen(const std::string& /*host*/, HttpHandler /*answer*/) {
  return absl::OkStatus();
}

std::span<const UpstreamKind* const> UpstreamKinds() {
  static const std::array kKinds = {
#define RELAIS_UPSTREAM(word) &word::Kind(),
#include "sandbox/upstreams.def"
#undef RELAIS_UPSTREAM
  };
  return kKinds;
}

std::optional<Operation> OperationNamed(std::string_view name) {
  if (name == Operation::kAny.name()) return Operation::kAny;
  for (const UpstreamKind* kind : UpstreamKinds()) {
    const std::string prefix = std::string(kind->word) + "/";
    const std::string_view below =
        name.substr(0, prefix.size()) == prefix ? name.substr(prefix.size()) : name;
    for (const Operation operation : kind->operations) {
      if (operation.name() == name || operation.name() == below) return operation;
    }
  }
  return std::nullopt;
}

}  // namespace relais::sandbox

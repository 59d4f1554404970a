#include "server/gateway/directory.h"

#include "server/core/base/text/view.h"

namespace relais::gateway {

absl::Status NoSuchConnection(const ConnectionKind& kind, std::string_view name) {
  constexpr std::size_t kShown = 64;
  return Error(absl::StatusCode::kNotFound, Reason::kConnectionNotFound).With("connection", name)
         << "The gateway's configuration has no " << kind.noun << " \""
         << View(name.substr(0, kShown)) << "\"; " << kind.list_method << " shows those it has.";
}

}  // namespace relais::gateway

#include "server/rpc/calls/caller.h"

#include <grpc/grpc_security_constants.h>

#include <algorithm>
#include <string_view>

#include "server/core/base/error.h"

namespace relais::rpc {
namespace {

constexpr std::size_t kLongestName = 256;

bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

absl::Status CheckCertificate(const CallerRules& rules, const grpc::AuthContext& peer) {
  if (rules.certificate_names.empty()) return absl::OkStatus();
  for (const grpc::string_ref& name : peer.FindPropertyValues(GRPC_X509_SAN_PROPERTY_NAME)) {
    const std::string_view text(name.data(), name.size());
    for (const std::string& admitted : rules.certificate_names) {
      if (text == admitted) return absl::OkStatus();
    }
  }
  return Error(absl::StatusCode::kPermissionDenied, Reason::kNotPermittedByConfiguration)
         << "The caller's certificate has none of the names in server.tls.client_names; call "
            "through the front.";
}

std::string NamedCaller(const CallerRules& rules, const grpc::ServerContextBase& context) {
  if (rules.header.empty()) return "";
  const auto found = context.client_metadata().find(rules.header);
  if (found == context.client_metadata().end()) return "";
  const std::string_view name(found->second.data(), found->second.size());
  return IsName(name) ? std::string(name) : "";
}

}  // namespace relais::rpc

#include "server/config/secrets.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/problems.h"
#include "server/core/base/text/text.h"
#include "server/core/base/text/view.h"
#include "server/core/os/small_file.h"

namespace relais::config {
namespace {

constexpr std::size_t kMostSecretBytes = 64 * 1024;

// The secret that `source`, "the file …", holds: without the newline that ends it.
absl::StatusOr<Secret> SecretOf(std::string text, std::string_view source) {
  if (!text.empty() && text.back() == '\n') {
    text.pop_back();
    if (!text.empty() && text.back() == '\r') text.pop_back();
  }
  if (text.empty()) return absl::InvalidArgumentError(absl::StrCat(View(source), " is empty."));
  if (HasControl(text)) {
    return absl::InvalidArgumentError(
        absl::StrCat(View(source), " has a control character within it, which no secret has."));
  }
  return Secret(std::move(text));
}

absl::StatusOr<FetchedSecret> FromVariable(const std::string& name,
                                           const Environment& environment) {
  const std::string source = absl::StrCat("the environment variable ", name);
  const auto found = environment.find(name);
  if (found == environment.end())
    return absl::InvalidArgumentError(absl::StrCat(source, " is not set."));
  auto secret = SecretOf(found->second, source);
  if (!secret.ok()) return secret.status();
  return FetchedSecret{*std::move(secret), ""};
}

absl::StatusOr<FetchedSecret> FromFile(const std::string& path) {
  const std::string source = absl::StrCat("the file ", Quote(path));
  auto file = ReadSmallFile(path, kMostSecretBytes);
  if (!file.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(source, " ", file.status().message(), "."));
  }
  auto secret = SecretOf(std::move(file->content), source);
  if (!secret.ok()) return secret.status();
  FetchedSecret fetched{*std::move(secret), ""};
  if (file->world_readable)
    fetched.warning = absl::StrCat(source, " can be read by everyone; take that right away.");
  return fetched;
}

}  // namespace

absl::StatusOr<FetchedSecret> FetchSecret(const v1::Secret& source,
                                          const Environment& environment) {
  if (source.has_env()) return FromVariable(source.env(), environment);
  return FromFile(source.file());
}

}  // namespace relais::config

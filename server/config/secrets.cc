#include "server/config/secrets.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/file_reader.h"
#include "server/config/problems.h"
#include "server/core/base/text.h"

namespace relais::config {
namespace {

constexpr std::size_t kMostSecretBytes = 64 * 1024;

void DropNewline(std::string& text) {
  if (!text.empty() && text.back() == '\n') {
    text.pop_back();
    if (!text.empty() && text.back() == '\r') text.pop_back();
  }
}

absl::StatusOr<FetchedSecret> FromVariable(const std::string& name,
                                           const Environment& environment) {
  const auto found = environment.find(name);
  if (found == environment.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the environment variable ", name, " is not set."));
  }
  if (found->second.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the environment variable ", name, " is empty."));
  }
  std::string text = found->second;
  DropNewline(text);
  if (text.empty() || HasControl(text)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the environment variable ", name,
        text.empty() ? " is empty." : " has a control character within it, which no secret has."));
  }
  return FetchedSecret{Secret(std::move(text)), ""};
}

absl::StatusOr<FetchedSecret> FromFile(const std::string& path) {
  auto file = ReadSmallFile(path, kMostSecretBytes);
  if (!file.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the file ", Quote(path), " ", file.status().message(), "."));
  }
  DropNewline(file->content);
  if (file->content.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("the file ", Quote(path), " is empty."));
  }
  if (HasControl(file->content)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the file ", Quote(path), " has a control character within it, which no secret has."));
  }
  FetchedSecret fetched{Secret(std::move(file->content)), ""};
  if (file->world_readable) {
    fetched.warning =
        absl::StrCat("the file ", Quote(path), " can be read by everyone; take that right away.");
  }
  return fetched;
}

}  // namespace

absl::StatusOr<FetchedSecret> FetchSecret(const v1::Secret& source,
                                          const Environment& environment) {
  if (source.has_env()) return FromVariable(source.env(), environment);
  return FromFile(source.file());
}

}  // namespace relais::config

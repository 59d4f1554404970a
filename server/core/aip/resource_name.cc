#include "server/core/aip/resource_name.h"

#include "absl/strings/str_split.h"
#include "server/core/base/view.h"

namespace relais {

std::optional<std::vector<std::string>> IdsOf(std::string_view name,
                                              std::initializer_list<const char*> collections,
                                              std::size_t longest) {
  if (name.size() > longest) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(View(name), '/');
  if (parts.size() != 2 * collections.size()) return std::nullopt;
  std::vector<std::string> ids;
  ids.reserve(collections.size());
  for (const char* collection : collections) {
    const std::size_t at = 2 * ids.size();
    if (parts[at] != collection || parts[at + 1].empty()) return std::nullopt;
    ids.push_back(parts[at + 1]);
  }
  return ids;
}

std::string_view FirstIdOf(std::string_view name, std::string_view collection) {
  if (name.substr(0, collection.size()) != collection) return {};
  name.remove_prefix(collection.size());
  if (name.empty() || name.front() != '/') return {};
  name.remove_prefix(1);
  return name.substr(0, name.find('/'));
}

}  // namespace relais

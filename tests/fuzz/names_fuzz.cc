// Resource names: the first byte chooses the pattern. What the parser makes of a name is what
// cutting it at its slashes gives, and escapes are those of URLs.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "server/core/base/text/view.h"
#include "server/gateway/names.h"
#include "tests/fuzz/expect.h"

namespace relais::gateway {
namespace {

const NamePattern kPatterns[] = {
    NamePattern("erps/{erp}"), NamePattern("queues/{queue}/jobs/{job}"),
    NamePattern("orchestrators/{orchestrator}/folders/{folder}/robots/{robot}")};

bool IsConnection(std::string_view id) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return !id.empty() && id.size() <= 63 && is_lower(id[0]) &&
         std::all_of(id.begin(), id.end(),
                     [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '-'; });
}

std::optional<std::vector<std::string>> CutAtSlashes(const NamePattern& pattern,
                                                     std::string_view name) {
  if (name.size() > 2048) return std::nullopt;
  const std::vector<std::string> words = absl::StrSplit(pattern.text(), '/');
  const std::vector<std::string> parts = absl::StrSplit(View(name), '/');
  if (parts.size() != words.size()) return std::nullopt;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < parts.size(); i += 2) {
    if (parts[i] != words[i] || parts[i + 1].empty()) return std::nullopt;
    ids.push_back(parts[i + 1]);
  }
  if (!IsConnection(ids.front())) return std::nullopt;
  return ids;
}

void CheckEscapes(const std::string& id) {
  const std::optional<std::string> text = Unescape(id);
  if (!absl::StrContains(id, "%")) Expect(text == id, "what has no escape stays");
  if (text) Expect(text->size() <= id.size(), "an escape is longer than what it stands for");
  std::string escaped;
  for (const char c : id) absl::StrAppendFormat(&escaped, "%%%02x", static_cast<unsigned char>(c));
  Expect(Unescape(escaped) == id, "every byte can be escaped");
  if (IsPlainText(id, 100)) Expect(!id.empty() && id.size() <= 100, "people's texts are short");
}

}  // namespace
}  // namespace relais::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string name(reinterpret_cast<const char*>(bytes + 1), size - 1);
  const auto& pattern =
      relais::gateway::kPatterns[bytes[0] % std::size(relais::gateway::kPatterns)];
  const auto ids = pattern.IdsOf(name);
  relais::Expect(ids == relais::gateway::CutAtSlashes(pattern, name), "it is cut at its slashes");
  relais::gateway::CheckEscapes(name);
  if (ids) {
    for (const std::string& id : *ids) relais::gateway::CheckEscapes(id);
  }
  return 0;
}

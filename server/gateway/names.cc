#include "server/gateway/names.h"

#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.h"
#include "server/core/base/text/text.h"
#include "server/core/base/text/view.h"

namespace relais::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

using Patterns = std::map<std::string, NamePattern, std::less<>>;

void AddPattern(const google::api::ResourceDescriptor& resource, Patterns& patterns) {
  if (resource.pattern_size() > 0)
    patterns.emplace(resource.type(), NamePattern(resource.pattern(0)));
}

void AddPatternsOf(const FileDescriptor& file, Patterns& patterns) {
  const auto& options = file.options();
  for (int i = 0; i < options.ExtensionSize(google::api::resource_definition); ++i)
    AddPattern(options.GetExtension(google::api::resource_definition, i), patterns);
  for (int i = 0; i < file.message_type_count(); ++i) {
    const Descriptor& message = *file.message_type(i);
    if (message.options().HasExtension(google::api::resource))
      AddPattern(message.options().GetExtension(google::api::resource), patterns);
  }
}

// The file of the service that a type such as "jobqueue.relais.dev/Job" belongs to.
const FileDescriptor* FileOf(std::string_view type) {
  const std::string word(type.substr(0, type.find('.')));
  return DescriptorPool::generated_pool()->FindFileByName("relais/" + word + "/v1/" + word +
                                                          ".proto");
}

bool IsConnection(std::string_view id) {
  constexpr std::size_t kLongest = 63;
  return id.size() <= kLongest && absl::ascii_islower(id.front()) &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

}  // namespace

NamePattern::NamePattern(std::string text) : text_(std::move(text)) {
  const std::vector<std::string> parts = absl::StrSplit(text_, '/');
  for (std::size_t i = 0; i < parts.size(); i += 2) collections_.push_back(parts[i]);
}

std::optional<std::vector<std::string>> NamePattern::IdsOf(std::string_view name) const {
  constexpr std::size_t kLongest = 2048;
  if (name.size() > kLongest) return std::nullopt;
  std::vector<std::string> ids;
  ids.reserve(collections_.size());
  for (const std::string& collection : collections_) {
    if (!ids.empty()) {
      if (name.empty() || name.front() != '/') return std::nullopt;
      name.remove_prefix(1);
    }
    if (name.substr(0, collection.size()) != collection) return std::nullopt;
    name.remove_prefix(collection.size());
    if (name.empty() || name.front() != '/') return std::nullopt;
    name.remove_prefix(1);
    const std::string_view id = name.substr(0, name.find('/'));
    if (id.empty()) return std::nullopt;
    ids.emplace_back(id);
    name.remove_prefix(id.size());
  }
  if (!name.empty() || !IsConnection(ids.front())) return std::nullopt;
  return ids;
}

const NamePattern& PatternOf(std::string_view type) {
  static std::mutex mu;
  static auto* const kKnown = new std::map<const FileDescriptor*, Patterns>();  // under mu
  if (const FileDescriptor* const file = FileOf(type); file != nullptr) {
    const std::lock_guard lock(mu);
    const auto [known, added] = kKnown->try_emplace(file);
    if (added) AddPatternsOf(*file, known->second);
    const auto found = known->second.find(type);
    if (found != known->second.end()) return found->second;
  }
  std::fprintf(stderr, "relais: no proto declares the resource type %s\n",
               std::string(type).c_str());
  std::abort();
}

std::optional<std::string> Unescape(std::string_view id) {
  std::string text;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (id[i] != '%') {
      text.push_back(id[i]);
      continue;
    }
    const std::string digits(id.substr(i + 1, 2));
    if (digits.size() != 2 || !absl::ascii_isxdigit(digits[0]) || !absl::ascii_isxdigit(digits[1]))
      return std::nullopt;
    text += absl::HexStringToBytes(digits);
    i += 2;
  }
  return text;
}

bool IsPlainText(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && !HasControl(text) &&
         simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace relais::gateway

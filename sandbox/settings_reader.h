// YAML mappings read strictly, key by key.

#ifndef RELAIS_SANDBOX_SETTINGS_READER_H_
#define RELAIS_SANDBOX_SETTINGS_READER_H_

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "sandbox/upstream.h"

namespace relais::sandbox {

// "LINE: what is wrong". Thrown by the functions of this file and caught by ReadSettings only,
// beside yaml-cpp's own exceptions.
class SettingsError : public std::runtime_error {
 public:
  SettingsError(const YAML::Mark& mark, const std::string& why)
      : std::runtime_error(absl::StrCat(mark.line + 1, ": ", why)) {}
};

using Setter = Setters::mapped_type;

// Hands the value of every key to its setter.
void Apply(const YAML::Node& node, const std::string& what, const Setters& setters);

// "a, b, c"
std::string KeysOf(const Setters& setters);

template <typename Number>
Number AtLeast(const YAML::Node& node, Number least) {
  const Number value = node.as<Number>();
  if (value >= least) return value;
  throw SettingsError(node.Mark(), absl::StrCat("the number must be at least ", least));
}

// The value that goes with the node's text.
template <typename Value>
Value OneOf(const YAML::Node& node, const std::map<std::string, Value>& values) {
  const std::string text = node.as<std::string>();
  if (const auto found = values.find(text); found != values.end()) return found->second;
  std::string known;
  for (const auto& [name, value] : values) known += (known.empty() ? "" : ", ") + name;
  throw SettingsError(node.Mark(), absl::StrCat("'", text, "' is not one of ", known));
}

// Setters for members of options; `out` outlives them.
Setter TextInto(std::string& out);
Setter SwitchInto(bool& out);
// A whole number of `unit`s.
Setter TimeInto(absl::Duration& out, absl::Duration unit, std::int64_t least = 0);

template <typename Number>
Setter NumberInto(Number& out, Number least) {
  return [&out, least](const YAML::Node& node) { out = AtLeast<Number>(node, least); };
}

template <typename Value>
Setter ChoiceInto(Value& out, std::map<std::string, Value> values) {
  return [&out, values = std::move(values)](const YAML::Node& node) {
    out = OneOf<Value>(node, values);
  };
}

// A list of at least one mapping, in place of what `out` holds; `setters` says where the keys of
// one go. Errors call // the list `name` and one mapping `item_name`, e.g. "accounts" and "an
// account".
template <typename Item>
Setter ListInto(std::vector<Item>& out, const char* name, const char* item_name,
                Setters (*setters)(Item& item)) {
  return [&out, name, item_name, setters](const YAML::Node& list) {
    if (!list.IsSequence() || list.size() == 0) {
      throw SettingsError(list.Mark(), absl::StrCat(name, " is a list of at least one mapping"));
    }
    out.clear();
    for (const YAML::Node& node : list) {
      Item item;
      Apply(node, item_name, setters(item));
      out.push_back(std::move(item));
    }
  };
}

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_SETTINGS_READER_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/core/base/text/nearest.h"
#include "server/core/base/text/view.h"
#include "server/services/exports/binding/placeholders.h"
#include "server/services/exports/binding/value.h"

namespace relais::exports {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kMostBindings = 64;

// Expands the texts of one message and of all within it.
class QueryExpander {
 public:
  QueryExpander(const PlaceholderValues& values, Violations& violations)
      : values_(values), violations_(violations) {}

  void ExpandAll(Message& message, const std::string& path) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      const bool text = field->type() == FieldDescriptor::TYPE_STRING;
      if (!text && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      const std::string at = absl::StrCat(path, path.empty() ? "" : ".", field->name());
      if (field->is_map()) {
        ExpandMap(message, *field, at);
      } else if (field->is_repeated()) {
        const int size = message.GetReflection()->FieldSize(message, field);
        for (int i = 0; i < size; ++i) ExpandOne(message, *field, i, absl::StrCat(at, "[", i, "]"));
      } else {
        ExpandOne(message, *field, -1, at);
      }
    }
  }

 private:
  // An element of a repeated field, or, for -1, the field itself.
  void ExpandOne(Message& message, const FieldDescriptor& field, int index, const std::string& at) {
    const Reflection& reflection = *message.GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      ExpandAll(index < 0 ? *reflection.MutableMessage(&message, &field)
                          : *reflection.MutableRepeatedMessage(&message, &field, index),
                at);
      return;
    }
    const std::string text = index < 0 ? reflection.GetString(message, &field)
                                       : reflection.GetRepeatedString(message, &field, index);
    auto expanded = Expand(text, values_);
    if (!expanded.ok()) {
      violations_.Add(at, ToView(expanded.status().message()));
    } else if (*expanded == text) {
      return;
    } else if (index < 0) {
      reflection.SetString(&message, &field, *std::move(expanded));
    } else {
      reflection.SetRepeatedString(&message, &field, index, *std::move(expanded));
    }
  }

  void ExpandMap(Message& message, const FieldDescriptor& map, const std::string& at) {
    const Reflection& reflection = *message.GetReflection();
    const FieldDescriptor& key = *map.message_type()->map_key();
    const FieldDescriptor& value = *map.message_type()->map_value();
    const bool text = value.type() == FieldDescriptor::TYPE_STRING;
    if (!text && value.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
    for (int i = 0; i < reflection.FieldSize(message, &map); ++i) {
      Message& entry = *reflection.MutableRepeatedMessage(&message, &map, i);
      const bool named = key.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
      const std::string name =
          named ? entry.GetReflection()->GetString(entry, &key) : absl::StrCat(i);
      ExpandOne(entry, value, -1, absl::StrCat(at, "[", name, "]"));
    }
  }

  const PlaceholderValues& values_;
  Violations& violations_;
};

// The field that a path leads to.
struct BindingTarget {
  Message* message = nullptr;
  const FieldDescriptor* field = nullptr;
};

std::string UnknownBindingField(const Descriptor& type, const std::string& step) {
  std::vector<std::string> names;
  names.reserve(type.field_count());
  for (int i = 0; i < type.field_count(); ++i) names.emplace_back(type.field(i)->name());
  const std::string nearest = Nearest(step, names);
  return absl::StrCat("there is no field \"", step, "\" in ", type.name(),
                      nearest.empty() ? "" : absl::StrCat("; did you mean \"", nearest, "\"?"));
}

// The entry of a map with this key, which is added when there is none.
Message& BindingEntry(Message& message, const FieldDescriptor& map, const std::string& key) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor* name = map.message_type()->map_key();
  for (int i = 0; i < reflection.FieldSize(message, &map); ++i) {
    Message& entry = *reflection.MutableRepeatedMessage(&message, &map, i);
    if (entry.GetReflection()->GetString(entry, name) == key) return entry;
  }
  Message& entry = *reflection.AddMessage(&message, &map);
  entry.GetReflection()->SetString(&entry, name, key);
  return entry;
}

// Why a path leads nowhere in messages of this type; empty when it leads to something. Nothing is
// changed before that is known.
std::string WhyNowhere(const Descriptor& root, const std::vector<std::string>& steps) {
  const Descriptor* type = &root;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const FieldDescriptor* field = type->FindFieldByName(steps[i]);
    if (field == nullptr) return UnknownBindingField(*type, steps[i]);
    if (field->is_map()) {
      if (field->message_type()->map_key()->type() != FieldDescriptor::TYPE_STRING)
        return absl::StrCat(steps[i], " has keys that are no texts");
      if (++i == steps.size() || steps[i].empty())
        return absl::StrCat(steps[i - 1], " is a map: a key must follow");
      field = field->message_type()->map_value();
    } else if (field->is_repeated()) {
      return absl::StrCat(steps[i], " is repeated; its elements cannot be bound");
    }
    if (i + 1 == steps.size()) return WhyUnbindable(*field);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
      return absl::StrCat(steps[i], " has no fields");
    type = field->message_type();
  }
  return "must name a field";
}

// Follows a path that leads somewhere.
BindingTarget FollowBinding(Message& root, const std::vector<std::string>& steps) {
  BindingTarget target{&root, nullptr};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (target.field != nullptr)
      target.message =
          target.message->GetReflection()->MutableMessage(target.message, target.field);
    target.field = target.message->GetDescriptor()->FindFieldByName(steps[i]);
    if (target.field->is_map()) {
      const FieldDescriptor& map = *target.field;
      target.message = &BindingEntry(*target.message, map, steps[++i]);
      target.field = map.message_type()->map_value();
    }
  }
  return target;
}

std::string BindOne(const std::string& path, const std::string& text,
                    const PlaceholderValues& values, Message& query) {
  const std::vector<std::string> steps = absl::StrSplit(path, '.');
  if (std::string why = WhyNowhere(*query.GetDescriptor(), steps); !why.empty()) return why;
  const auto expanded = Expand(text, values);
  if (!expanded.ok()) return std::string(expanded.status().message());
  const BindingTarget target = FollowBinding(query, steps);
  return SetFromText(*expanded, *target.field, *target.message);
}

// The name of the member of Source.query that holds such messages.
std::string SourceMemberOf(const Descriptor& query) {
  const Descriptor& source = *v1::Source::descriptor();
  for (int i = 0; i < source.field_count(); ++i) {
    const FieldDescriptor& field = *source.field(i);
    if (!field.is_map() && field.message_type() == &query) return absl::StrCat(".", field.name());
  }
  return "";
}

}  // namespace

void BindQuery(const google::protobuf::Map<std::string, std::string>& bindings,
               std::string_view path, const PlaceholderValues& values, Message& query,
               Violations& violations) {
  QueryExpander(values, violations)
      .ExpandAll(query, absl::StrCat(View(path), SourceMemberOf(*query.GetDescriptor())));
  if (bindings.size() > kMostBindings) {
    violations.Add(
        absl::StrCat(View(path), ".bindings"),
        absl::StrCat("has ", bindings.size(), " entries; ", kMostBindings, " are allowed"));
    return;
  }
  const std::map<std::string, std::string> in_order(bindings.begin(), bindings.end());
  for (const auto& [field, text] : in_order) {
    const std::string wrong = BindOne(field, text, values, query);
    if (!wrong.empty()) violations.Add(absl::StrCat(View(path), ".bindings[", field, "]"), wrong);
  }
}

}  // namespace relais::exports

#include "server/gateway/request_rules.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"

namespace relais::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Deeper requests have no required fields; messages that contain themselves end here.
constexpr int kDeepest = 5;

bool IsResource(const Descriptor& type) {
  return type.options().HasExtension(google::api::resource);
}

// Whether the field says something: proto3 fields without presence say nothing by their default.
bool IsGiven(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                             : reflection.HasField(message, &field);
}

}  // namespace

bool IsRequired(const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == google::api::REQUIRED) return true;
  }
  return false;
}

struct RequestRules::Path {
  const Path* before;  // null: the request itself
  const FieldDescriptor* field;
  int index = -1;  // of a repeated field

  static std::string TextOf(const Path* path, const FieldDescriptor& last) {
    if (path == nullptr) return last.name();
    std::string text = TextOf(path->before, *path->field);
    if (path->index >= 0) absl::StrAppend(&text, "[", path->index, "]");
    return absl::StrCat(text, ".", last.name());
  }
};

RequestRules::RequestRules(const Descriptor& request, const Subject& subject)
    : root_(NodeOf(request, subject, 0)) {}

std::unique_ptr<RequestRules::Node> RequestRules::NodeOf(const Descriptor& type,
                                                         const Subject& subject, int depth) {
  auto node = std::make_unique<Node>();
  const bool updates = type.FindFieldByName("update_mask") != nullptr;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const bool leads_to_name = std::find(subject.begin(), subject.end(), &field) != subject.end();
    if (IsRequired(field) && !leads_to_name && field.real_containing_oneof() == nullptr)
      node->required.push_back(&field);
    if (field.name() == "page_size" && field.cpp_type() == FieldDescriptor::CPPTYPE_INT32)
      node->page_size = &field;
    const bool holds_message =
        field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_map();
    if (!holds_message || depth == kDeepest || (updates && IsResource(*field.message_type())))
      continue;
    auto within = NodeOf(*field.message_type(), subject, depth + 1);
    if (!within->empty()) node->within.emplace_back(&field, std::move(within));
  }
  return node;
}

void RequestRules::Check(const Message& request, Violations& violations) const {
  if (!root_->empty()) CheckNode(*root_, request, nullptr, violations);
}

void RequestRules::CheckNode(const Node& node, const Message& message, const Path* path,
                             Violations& violations) {
  const Reflection& reflection = *message.GetReflection();
  const auto violate = [&](const FieldDescriptor& field, const char* description) {
    const std::string text = Path::TextOf(path, field);
    // Whoever knows the service may have said it better.
    if (!violations.Has(text)) violations.Add(text, description);
  };
  for (const FieldDescriptor* field : node.required) {
    if (!IsGiven(message, *field)) violate(*field, "is required");
  }
  if (node.page_size != nullptr && reflection.GetInt32(message, node.page_size) < 0)
    violate(*node.page_size, "must not be negative");
  for (const auto& [field, within] : node.within) {
    if (!field->is_repeated()) {
      const Path here{path, field};
      if (reflection.HasField(message, field))
        CheckNode(*within, reflection.GetMessage(message, field), &here, violations);
      continue;
    }
    const int size = reflection.FieldSize(message, field);
    for (int i = 0; i < size && !violations.full(); ++i) {
      const Path here{path, field, i};
      CheckNode(*within, reflection.GetRepeatedMessage(message, field, i), &here, violations);
    }
  }
}

}  // namespace relais::gateway

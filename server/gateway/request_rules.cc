#include "server/gateway/request_rules.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "server/core/base/text/view.h"

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

bool Behaves(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

// "queues/main" of "queues/main/jobs/7", with what ends it.
std::string_view ConnectionOf(std::string_view name) {
  const std::size_t first = name.find('/');
  if (first == std::string_view::npos) return "";
  return name.substr(0, name.find('/', first + 1));
}

// Whether the field says something: proto3 fields without presence say nothing by their default.
bool IsGiven(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                             : reflection.HasField(message, &field);
}

}  // namespace

bool IsRequired(const FieldDescriptor& field) { return Behaves(field, google::api::REQUIRED); }

struct RequestRules::Path {
  const Path* before;  // null: the request itself
  const FieldDescriptor* field;
  int index = -1;  // of a repeated field

  static std::string TextOf(const Path* path, const FieldDescriptor& last) {
    if (path == nullptr) return std::string(last.name());
    std::string text = TextOf(path->before, *path->field);
    if (path->index >= 0) absl::StrAppend(&text, "[", path->index, "]");
    return absl::StrCat(text, ".", last.name());
  }
};

class RequestRules::Checking {
 public:
  Checking(std::string_view connection, Violations& violations)
      : connection_(connection), violations_(violations) {}

  void Node(const RequestRules::Node& node, const Message& message, const Path* path) {
    const Reflection& reflection = *message.GetReflection();
    for (const FieldDescriptor* field : node.required) {
      if (!IsGiven(message, *field)) Violate(path, *field, -1, "is required");
    }
    if (node.page_size != nullptr && reflection.GetInt32(message, node.page_size) < 0)
      Violate(path, *node.page_size, -1, "must not be negative");
    for (const FieldDescriptor* field : node.enums) Enum(message, *field, path);
    for (const FieldDescriptor* field : node.names) Name(message, *field, path);
    for (const auto& [field, within] : node.within) {
      if (!field->is_repeated()) {
        const Path here{path, field};
        if (reflection.HasField(message, field))
          Node(*within, reflection.GetMessage(message, field), &here);
        continue;
      }
      const int size = reflection.FieldSize(message, field);
      for (int i = 0; i < size && !violations_.full(); ++i) {
        const Path here{path, field, i};
        Node(*within, reflection.GetRepeatedMessage(message, field, i), &here);
      }
    }
  }

 private:
  void Enum(const Message& message, const FieldDescriptor& field, const Path* path) {
    const Reflection& reflection = *message.GetReflection();
    const auto check = [&](int number, int index) {
      if (field.enum_type()->FindValueByNumber(number) != nullptr) return;
      Violate(path, field, index,
              absl::StrCat("is ", number, ", which ", field.enum_type()->name(), " does not have"));
    };
    if (!field.is_repeated()) return check(reflection.GetEnumValue(message, &field), -1);
    const int size = reflection.FieldSize(message, &field);
    for (int i = 0; i < size && !violations_.full(); ++i)
      check(reflection.GetRepeatedEnumValue(message, &field, i), i);
  }

  void Name(const Message& message, const FieldDescriptor& field, const Path* path) {
    const Reflection& reflection = *message.GetReflection();
    std::string scratch;
    const auto check = [&](std::string_view name, int index) {
      const std::string_view connection = ConnectionOf(name);
      if (connection_.empty() || connection.empty() || connection == connection_) return;
      // A name of another kind is the parser's to refuse.
      if (connection.substr(0, connection.find('/')) !=
          connection_.substr(0, connection_.find('/')))
        return;
      Violate(path, field, index, absl::StrCat("must lie within ", View(connection_)));
    };
    if (!field.is_repeated())
      return check(reflection.GetStringReference(message, &field, &scratch), -1);
    const int size = reflection.FieldSize(message, &field);
    for (int i = 0; i < size && !violations_.full(); ++i)
      check(reflection.GetRepeatedStringReference(message, &field, i, &scratch), i);
  }

  void Violate(const Path* path, const FieldDescriptor& field, int index,
               std::string_view description) {
    std::string text = Path::TextOf(path, field);
    if (index >= 0) absl::StrAppend(&text, "[", index, "]");
    // Whoever knows the service may have said it better.
    if (!violations_.Has(text)) violations_.Add(text, std::string(description));
  }

  const std::string_view connection_;
  Violations& violations_;
};

RequestRules::RequestRules(const Descriptor& request, const Subject& subject)
    : subject_(subject), root_(NodeOf(request, subject, /*masked=*/false, 0)) {}

std::unique_ptr<RequestRules::Node> RequestRules::NodeOf(const Descriptor& type,
                                                         const Subject& subject, bool masked,
                                                         int depth) {
  auto node = std::make_unique<Node>();
  const bool updates = type.FindFieldByName("update_mask") != nullptr;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (Behaves(field, google::api::OUTPUT_ONLY)) continue;
    const bool leads_to_name = std::find(subject.begin(), subject.end(), &field) != subject.end();
    if (IsRequired(field) && !masked && !leads_to_name && field.real_containing_oneof() == nullptr)
      node->required.push_back(&field);
    if (field.name() == "page_size" && field.cpp_type() == FieldDescriptor::CPPTYPE_INT32)
      node->page_size = &field;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) node->enums.push_back(&field);
    if (field.options().HasExtension(google::api::resource_reference) && !leads_to_name &&
        field.cpp_type() == FieldDescriptor::CPPTYPE_STRING)
      node->names.push_back(&field);
    const bool holds_message =
        field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_map();
    if (!holds_message || depth == kDeepest) continue;
    auto within = NodeOf(*field.message_type(), subject,
                         masked || (updates && IsResource(*field.message_type())), depth + 1);
    if (!within->empty()) node->within.emplace_back(&field, std::move(within));
  }
  return node;
}

void RequestRules::Check(const Message& request, Violations& violations) const {
  if (root_->empty()) return;
  const Message* message = &request;
  std::string scratch;
  std::string_view name;
  for (std::size_t i = 0; i < subject_.size(); ++i) {
    const Reflection& reflection = *message->GetReflection();
    if (i + 1 == subject_.size()) {
      name = reflection.GetStringReference(*message, subject_[i], &scratch);
    } else {
      message = &reflection.GetMessage(*message, subject_[i]);
    }
  }
  Checking(ConnectionOf(name), violations).Node(*root_, request, nullptr);
}

}  // namespace relais::gateway

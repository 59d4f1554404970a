#include "tests/conformance/message.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace relais::conformance {
namespace {

std::vector<const FieldDescriptor*> ByNumber(const Descriptor& type) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < type.field_count(); ++i) fields.push_back(type.field(i));
  std::sort(fields.begin(), fields.end(), [](const FieldDescriptor* a, const FieldDescriptor* b) {
    return a->number() < b->number();
  });
  return fields;
}

// Finds in depth; `path` is where.
bool SearchName(const Message& message, const std::string& prefix,
                std::vector<const FieldDescriptor*>& path) {
  const auto& reflection = *message.GetReflection();
  for (const FieldDescriptor* field : ByNumber(*message.GetDescriptor())) {
    if (field->is_repeated()) continue;
    path.push_back(field);
    if (field->type() == FieldDescriptor::TYPE_STRING &&
        absl::StartsWith(reflection.GetString(message, field), prefix)) {
      return true;
    }
    if (field->type() == FieldDescriptor::TYPE_MESSAGE && reflection.HasField(message, field) &&
        SearchName(reflection.GetMessage(message, field), prefix, path)) {
      return true;
    }
    path.pop_back();
  }
  return false;
}

}  // namespace

AnyMessage::AnyMessage(const Descriptor& type)
    : message_(google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New()) {}

AnyMessage::AnyMessage(const Message& other) : message_(other.New()) { message_->CopyFrom(other); }

AnyMessage FromText(const Descriptor& type, const std::string& text) {
  AnyMessage message(type);
  MergeText(text, *message);
  return message;
}

void MergeText(const std::string& text, Message& message) {
  google::protobuf::TextFormat::Parser parser;
  AnyMessage more(*message.GetDescriptor());
  EXPECT_TRUE(parser.ParseFromString(text, &*more)) << text;
  message.MergeFrom(*more);
}

std::string TextOf(const Message& message) { return message.ShortDebugString(); }

bool operator==(const AnyMessage& a, const AnyMessage& b) {
  return google::protobuf::util::MessageDifferencer::Equals(*a, *b);
}

std::string FieldPath::text() const {
  std::string text;
  for (const FieldDescriptor* field : fields_)
    absl::StrAppend(&text, text.empty() ? "" : ".", field->name());
  return text;
}

std::string FieldPath::Get(const Message& message) const {
  const Message* at = &message;
  for (const FieldDescriptor* field : fields_) {
    if (field == fields_.back()) break;
    at = &at->GetReflection()->GetMessage(*at, field);
  }
  return at->GetReflection()->GetString(*at, fields_.back());
}

void FieldPath::Set(Message& message, const std::string& value) const {
  Message* at = &message;
  for (const FieldDescriptor* field : fields_) {
    if (field == fields_.back()) break;
    at = at->GetReflection()->MutableMessage(at, field);
  }
  at->GetReflection()->SetString(at, fields_.back(), value);
}

std::optional<FieldPath> FindName(const Message& message, const std::string& prefix) {
  std::vector<const FieldDescriptor*> path;
  if (!SearchName(message, prefix, path)) return std::nullopt;
  return FieldPath(std::move(path));
}

std::optional<FieldPath> FindRequestId(const Descriptor& type) {
  constexpr char kRequestId[] = "request_id";
  if (const FieldDescriptor* field = type.FindFieldByName(kRequestId)) return FieldPath({field});
  for (const FieldDescriptor* outer : ByNumber(type)) {
    if (outer->is_repeated() || outer->message_type() == nullptr) continue;
    const FieldDescriptor* field = outer->message_type()->FindFieldByName(kRequestId);
    if (field != nullptr) return FieldPath({outer, field});
  }
  return std::nullopt;
}

std::string GetText(const Message& message, const std::string& field) {
  return message.GetReflection()->GetString(message, Field(message, field));
}

void SetText(Message& message, const std::string& field, const std::string& value) {
  message.GetReflection()->SetString(&message, Field(message, field), value);
}

void SetNumber(Message& message, const std::string& field, std::int32_t value) {
  message.GetReflection()->SetInt32(&message, Field(message, field), value);
}

std::vector<AnyMessage> Elements(const Message& message, const FieldDescriptor& list) {
  std::vector<AnyMessage> elements;
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &list); ++i)
    elements.emplace_back(reflection.GetRepeatedMessage(message, &list, i));
  return elements;
}

const FieldDescriptor& ListIn(const Descriptor& type, const std::string& name) {
  for (const FieldDescriptor* field : ByNumber(type)) {
    const bool fits = field->is_repeated() && field->message_type() != nullptr;
    if (fits && (name.empty() || field->name() == name)) return *field;
  }
  ADD_FAILURE() << type.full_name() << " has no list of messages " << name;
  std::abort();
}

}  // namespace relais::conformance

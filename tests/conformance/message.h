// Messages of any type, and the fields of requests that mean the same in every service.

#ifndef RELAIS_TESTS_CONFORMANCE_MESSAGE_H_
#define RELAIS_TESTS_CONFORMANCE_MESSAGE_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace relais::conformance {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A message as a value.
class AnyMessage {
 public:
  explicit AnyMessage(const Descriptor& type);
  explicit AnyMessage(const Message& other);
  AnyMessage(const AnyMessage& other) : AnyMessage(*other) {}
  AnyMessage(AnyMessage&&) = default;
  AnyMessage& operator=(const AnyMessage& other) { return *this = AnyMessage(*other); }
  AnyMessage& operator=(AnyMessage&&) = default;

  Message& operator*() { return *message_; }
  const Message& operator*() const { return *message_; }
  Message* operator->() { return message_.get(); }
  const Message* operator->() const { return message_.get(); }

 private:
  std::unique_ptr<Message> message_;
};

// Fails the test when `text` is not the text form of such a message.
AnyMessage FromText(const Descriptor& type, const std::string& text);
void MergeText(const std::string& text, Message& message);
std::string TextOf(const Message& message);
bool operator==(const AnyMessage& a, const AnyMessage& b);

// A text field of a message or of one within it.
class FieldPath {
 public:
  explicit FieldPath(std::vector<const FieldDescriptor*> fields) : fields_(std::move(fields)) {}

  std::string text() const;  // "start.parent"
  std::string Get(const Message& message) const;
  void Set(Message& message, const std::string& value) const;

 private:
  std::vector<const FieldDescriptor*> fields_;
};

// The first field, by number and in depth, whose value begins with `prefix`.
std::optional<FieldPath> FindName(const Message& message, const std::string& prefix);
// The field `request_id`, of the message or of one within it.
std::optional<FieldPath> FindRequestId(const Descriptor& type);

// A field by its name; null when there is none.
inline const FieldDescriptor* Field(const Message& message, const std::string& name) {
  return message.GetDescriptor()->FindFieldByName(name);
}
std::string GetText(const Message& message, const std::string& field);
void SetText(Message& message, const std::string& field, const std::string& value);
void SetNumber(Message& message, const std::string& field, std::int32_t value);

// The elements of a list of messages.
std::vector<AnyMessage> Elements(const Message& message, const FieldDescriptor& list);
// The list called `name`; without a name the first list of messages.
const FieldDescriptor& ListIn(const Descriptor& type, const std::string& name);

}  // namespace relais::conformance

#endif  // RELAIS_TESTS_CONFORMANCE_MESSAGE_H_

// What the protos themselves require of a request: the one place where that is checked, for every
// method of every service.

#ifndef RELAIS_SERVER_GATEWAY_REQUEST_RULES_H_
#define RELAIS_SERVER_GATEWAY_REQUEST_RULES_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/core/base/violations.h"

namespace relais::gateway {

bool IsRequired(const google::protobuf::FieldDescriptor& field);

// The rules for one type of request. Constant; thread-safe.
//
// A field with field_behavior REQUIRED must be given: not empty, not zero, not absent. That holds
// within messages too where they are given; within a resource that an update carries only its mask
// says what counts, and oneofs are their service's to check. `page_size` must not be negative.
class RequestRules {
 public:
  // `subject` is the field whose name the method is about; it is left to the parser of names.
  RequestRules(const google::protobuf::Descriptor& request,
               const google::protobuf::FieldDescriptor* subject);

  // Adds what is wrong, but for fields that have a violation already.
  void Check(const google::protobuf::Message& request, Violations& violations) const;

 private:
  // The rules for messages of one type, at one place in the request.
  struct Node {
    std::vector<const google::protobuf::FieldDescriptor*> required;
    const google::protobuf::FieldDescriptor* page_size = nullptr;
    // Fields whose messages have rules of their own.
    std::vector<std::pair<const google::protobuf::FieldDescriptor*, std::unique_ptr<Node>>> within;

    bool empty() const { return required.empty() && page_size == nullptr && within.empty(); }
  };

  static std::unique_ptr<Node> NodeOf(const google::protobuf::Descriptor& type,
                                      const google::protobuf::FieldDescriptor* subject, int depth);
  static void CheckNode(const Node& node, const google::protobuf::Message& message,
                        const std::string& prefix, Violations& violations);

  std::unique_ptr<Node> root_;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_REQUEST_RULES_H_

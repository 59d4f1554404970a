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
// within every message that is given; of a oneof none is required. Within a resource that an update
// carries only its mask says what counts. `page_size` must not be negative. An enum must have one
// of its values, and a name must begin with the connection that the subject's begins with. What is
// OUTPUT_ONLY is not looked at.
class RequestRules {
 public:
  // `subject` leads to the name that the method is about, field by field; what is wrong with it is
  // the parser's of names to say.
  using Subject = std::vector<const google::protobuf::FieldDescriptor*>;
  RequestRules(const google::protobuf::Descriptor& request, const Subject& subject);

  // Adds what is wrong, but for fields that have a violation already.
  void Check(const google::protobuf::Message& request, Violations& violations) const;

 private:
  // The rules for messages of one type, at one place in the request.
  struct Node {
    std::vector<const google::protobuf::FieldDescriptor*> required;
    const google::protobuf::FieldDescriptor* page_size = nullptr;
    std::vector<const google::protobuf::FieldDescriptor*> enums;
    std::vector<const google::protobuf::FieldDescriptor*> names;  // of other resources
    // Fields whose messages have rules of their own.
    std::vector<std::pair<const google::protobuf::FieldDescriptor*, std::unique_ptr<Node>>> within;

    bool empty() const {
      return required.empty() && page_size == nullptr && enums.empty() && names.empty() &&
             within.empty();
    }
  };

  // Where a check has got to; its text is made only for a violation.
  struct Path;
  // One check of one request.
  class Checking;

  // `masked`: within a resource of which only the mask says what counts.
  static std::unique_ptr<Node> NodeOf(const google::protobuf::Descriptor& type,
                                      const Subject& subject, bool masked, int depth);

  const Subject subject_;
  std::unique_ptr<Node> root_;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_REQUEST_RULES_H_

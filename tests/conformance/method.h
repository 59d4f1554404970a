// One method of a service: its descriptor with its entry in the table.

#ifndef RELAIS_TESTS_CONFORMANCE_METHOD_H_
#define RELAIS_TESTS_CONFORMANCE_METHOD_H_

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/message.h"
#include "tests/conformance/subjects/subjects.h"

namespace relais::conformance {

// A State is a server stream called Watch…; every other server stream is one of rows.
enum class Shape { kUnary, kState, kRows, kUpload };

using Requests = std::vector<AnyMessage>;

// Whether messages of this type are pieces of a body of HTTP.
inline bool IsBody(const Descriptor& type) { return type.full_name() == "google.api.HttpBody"; }

class Method {
 public:
  // Both outlive the method.
  Method(const google::protobuf::MethodDescriptor& descriptor, const MethodEntry& entry)
      : descriptor_(&descriptor), entry_(&entry) {}

  std::string name() const { return std::string(descriptor_->name()); }
  std::string path() const;          // "/package.Service/Method"
  std::string service_word() const;  // "jobqueue"
  Shape shape() const;
  const MethodEntry& entry() const { return *entry_; }
  const Descriptor& request() const { return *descriptor_->input_type(); }
  const Descriptor& response() const { return *descriptor_->output_type(); }

  // A call that succeeds.
  Requests Valid(Gateway& gateway) const { return Parse(entry_->request(gateway)); }
  Requests Plenty(Gateway& gateway) const { return Parse(entry_->plenty(gateway)); }
  // As `requests`, with other arguments; nothing when there are none.
  std::optional<Requests> Other(Gateway& gateway, const Requests& requests) const;

  bool asks() const { return !entry_->asks.empty(); }
  // Whether a failing upstream makes it fail.
  bool fails() const { return asks() && !entry_->tells_failures; }
  bool paged() const { return request().FindFieldByName("page_token") != nullptr; }
  bool resumes() const { return request().FindFieldByName("resume_token") != nullptr; }
  // Of a State: whether it tells of many resources.
  bool collection() const { return response().FindFieldByName("snapshot_complete") != nullptr; }
  std::optional<FieldPath> request_id() const { return FindRequestId(request()); }

  // What a page or a batch consists of.
  std::vector<AnyMessage> Items(const Message& response) const {
    return Elements(response, ListIn(*response.GetDescriptor(), entry_->items));
  }

 private:
  Requests Parse(const Texts& texts) const;

  const google::protobuf::MethodDescriptor* descriptor_;
  const MethodEntry* entry_;
};

// Null: no such service is linked.
const google::protobuf::ServiceDescriptor* ServiceOf(const Subject& subject);
// Those that have an entry.
std::vector<Method> MethodsOf(const Subject& subject);

}  // namespace relais::conformance

#endif  // RELAIS_TESTS_CONFORMANCE_METHOD_H_

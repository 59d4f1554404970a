#include "tests/conformance/method.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace relais::conformance {

std::string Method::path() const {
  return absl::StrCat("/", descriptor_->service()->full_name(), "/", name());
}

std::string Method::service_word() const {
  const std::vector<std::string> segments =
      absl::StrSplit(descriptor_->service()->full_name(), '.');
  return segments[1];
}

Shape Method::shape() const {
  if (descriptor_->client_streaming()) return Shape::kUpload;
  if (!descriptor_->server_streaming()) return Shape::kUnary;
  return absl::StartsWith(name(), "Watch") ? Shape::kState : Shape::kRows;
}

std::optional<Requests> Method::Other(Gateway& gateway, const Requests& requests) const {
  if (!entry_->other.empty()) {
    Requests other = requests;
    MergeText(entry_->other, *other.front());
    return other;
  }
  Requests other = Valid(gateway);
  if (other.front() == requests.front()) return std::nullopt;
  return other;
}

Requests Method::Parse(const Texts& texts) const {
  Requests requests;
  for (const std::string& text : texts) requests.push_back(FromText(request(), text));
  return requests;
}

const google::protobuf::ServiceDescriptor* ServiceOf(const Subject& subject) {
  return google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(subject.service);
}

std::vector<Method> MethodsOf(const Subject& subject) {
  std::vector<Method> methods;
  const auto* service = ServiceOf(subject);
  if (service == nullptr) return methods;
  for (const MethodEntry& entry : subject.methods) {
    const auto* descriptor = service->FindMethodByName(entry.name);
    if (descriptor != nullptr) methods.emplace_back(*descriptor, entry);
  }
  return methods;
}

}  // namespace relais::conformance

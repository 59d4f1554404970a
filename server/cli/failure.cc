#include "server/cli/failure.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/message.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/cli/json.h"

namespace relais::cli {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::DescriptorPool;

const Descriptor* FindType(const std::string& name, const DescriptorPool& pool) {
  const Descriptor* const type = pool.FindMessageTypeByName(name);
  if (type != nullptr) return type;
  // Named here, so that the linker keeps the file that describes it.
  return google::rpc::ErrorInfo::descriptor()->file()->pool()->FindMessageTypeByName(name);
}

std::string DetailText(const google::protobuf::Any& detail, const DescriptorPool& pool) {
  const std::string& url = detail.type_url();
  const std::string name = url.substr(url.rfind('/') + 1);
  const Descriptor* const type = FindType(name, pool);
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<google::protobuf::Message> message(
      type == nullptr ? nullptr : factory.GetPrototype(type)->New());
  if (message != nullptr && message->ParseFromString(detail.value())) {
    if (const auto json = ToJson(*message); json.ok()) return absl::StrCat(name, " ", *json);
  }
  return absl::StrCat(name, " (", detail.value().size(), " bytes of a type not known here)");
}

}  // namespace

std::string TextOf(const grpc::Status& status, const DescriptorPool& pool) {
  std::string text = absl::StrCat(google::rpc::Code_Name(static_cast<int>(status.error_code())),
                                  ": ", status.error_message(), "\n");
  google::rpc::Status whole;
  if (!whole.ParseFromString(status.error_details())) return text;
  for (const google::protobuf::Any& detail : whole.details()) {
    absl::StrAppend(&text, DetailText(detail, pool), "\n");
  }
  return text;
}

}  // namespace relais::cli

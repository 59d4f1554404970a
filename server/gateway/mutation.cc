#include "server/gateway/mutation.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "server/core/base/sha256.h"
#include "server/core/base/text/view.h"

namespace relais::gateway {

std::string Serialize(const google::protobuf::MessageLite& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);  // maps have no order of their own
  message.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

std::string PasswordDigest(const std::string& password) {
  constexpr std::size_t kDigits = 4;
  return password.empty() ? "" : Sha256Hex(password).substr(0, kDigits);
}

std::string ScopeOf(std::string_view service, std::string_view method,
                    std::string_view connection) {
  return absl::StrCat(View(service), "/", View(method), "/", View(connection), "/");
}

}  // namespace relais::gateway

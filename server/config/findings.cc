#include "server/config/findings.h"

#include <google/protobuf/descriptor.h>

#include "server/config/forms/address.h"

namespace relais::config {

void Findings::Add(const std::string& path, std::string_view sentence) {
  problems_.Add(PlaceOf(path), path, sentence);
}

void Findings::AddBelow(const std::string& path, std::string_view key, std::string_view sentence) {
  problems_.Add(PlaceOf(path), JoinPath(path, key), sentence);
}

void Findings::AddMissing(const std::string& path, const google::protobuf::Message& message,
                          const std::vector<std::string_view>& needed) {
  const auto* reflection = message.GetReflection();
  for (const std::string_view key : needed) {
    const auto* field = message.GetDescriptor()->FindFieldByName(std::string(key));
    const bool given = field->message_type() != nullptr
                           ? reflection->HasField(message, field)
                           : !reflection->GetString(message, field).empty();
    if (!given) AddBelow(path, key, "is required by the scheme.");
  }
}

void Findings::SendsCredentials(const std::string& path, std::string_view url) {
  if (IsPlainTextOverNetwork(url)) plain_text_.insert(path);
}

Position Findings::PlaceOf(const std::string& path) const {
  const auto found = positions_.find(path);
  return found == positions_.end() ? Position{} : found->second;
}

}  // namespace relais::config

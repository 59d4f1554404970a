#include "server/gateway/download.h"

#include <optional>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace relais::gateway {
namespace {

bool IsAttributeChar(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!#$&+-.^_`|~").find(c) != std::string_view::npos;
}

// The name without its folders, which the upstream may tell with either slash.
std::string_view BaseName(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

}  // namespace

std::string ContentDisposition(std::string_view file_name) {
  std::string plain;
  std::string encoded;
  for (const char c : BaseName(file_name)) {
    const auto byte = static_cast<unsigned char>(c);
    plain += byte >= 0x20 && byte < 0x7f && c != '"' && c != '%' ? c : '_';
    if (IsAttributeChar(c)) {
      encoded += c;
    } else {
      absl::StrAppend(&encoded, "%", absl::Hex(byte, absl::kZeroPad2));
    }
  }
  if (plain.empty()) return "attachment";
  return absl::StrCat("attachment; filename=\"", plain, "\"; filename*=UTF-8''", encoded);
}

std::string ReprDigest(const std::string& sha256) {
  return absl::StrCat("sha-256=:", absl::Base64Escape(absl::HexStringToBytes(sha256)), ":");
}

rpc::RowNews Download<google::api::HttpBody>::Metadata(const type::v1::FileMetadata& metadata) {
  google::api::HttpBody message;
  message.set_content_type(metadata.media_type().empty() ? "application/octet-stream"
                                                         : metadata.media_type());
  rpc::RowNews news = rpc::BufferOf(message);
  news.metadata = {{"content-disposition", ContentDisposition(metadata.file_name())},
                   // What an upstream calls text is not for a browser to try as something else.
                   {"x-content-type-options", "nosniff"}};
  if (metadata.has_size_bytes())
    news.metadata.emplace_back("x-relais-size-bytes", absl::StrCat(metadata.size_bytes()));
  return news;
}

rpc::RowNews Download<google::api::HttpBody>::Trailer(const std::string& sha256) {
  rpc::RowNews end(std::nullopt);
  end.metadata = {{"repr-digest", ReprDigest(sha256)}};
  return end;
}

}  // namespace relais::gateway

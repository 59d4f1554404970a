#include "server/services/exports/source/file_stream.h"

#include "google/protobuf/message.h"
#include "relais/type/v1/type.pb.h"
#include "server/core/base/error.h"
#include "server/services/exports/source/message_cells.h"

namespace relais::exports {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The field of a message of a download that is set: "metadata", "chunk" or "trailer".
const FieldDescriptor* PartOf(const Message& message) {
  const auto* const oneof = message.GetDescriptor()->oneof_decl(0);
  return message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
}

absl::Status Incomplete() {
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
         << "A file ended before its end.";
}

}  // namespace

bool IsLike(std::string_view name, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (at < name.size()) {
    if (in < pattern.size() && (pattern[in] == '?' || pattern[in] == name[at]) &&
        pattern[in] != '*') {
      ++at;
      ++in;
    } else if (in < pattern.size() && pattern[in] == '*') {
      star = in++;
      retry = at;
    } else if (star != std::string_view::npos) {
      in = star + 1;
      at = ++retry;
    } else {
      return false;
    }
  }
  while (in < pattern.size() && pattern[in] == '*') ++in;
  return in == pattern.size();
}

absl::StatusOr<bool> FileStream::Next(const CallContext& context,
                                      absl::FunctionRef<absl::Status(std::string_view piece)> write,
                                      SourceFile& file) {
  while (true) {
    while (names_.empty()) {
      absl::StatusOr<bool> more = pages_.Next(context);
      if (!more.ok() || !*more) return more;
      for (int i = 0; i < pages_.size(); ++i) {
        for (std::string& name : TextsOf(pages_.item(i), query_.offer->files))
          names_.push_back(std::move(name));
      }
    }
    absl::StatusOr<bool> read = Download(context, names_.front(), write, file);
    if (!read.ok()) return read;
    names_.pop_front();
    if (*read) return true;
  }
}

absl::StatusOr<bool> FileStream::Download(
    const CallContext& context, const std::string& name,
    absl::FunctionRef<absl::Status(std::string_view piece)> write, SourceFile& file) {
  const auto& method = *query_.offer->download;
  const std::unique_ptr<Message> request = gateway::NewMessage(*method.input_type());
  request->GetReflection()->SetString(request.get(), method.input_type()->FindFieldByName("name"),
                                      name);
  auto rows = calls_.Open(method, *request);
  if (!rows.ok()) return rows.status();
  const std::unique_ptr<Message> message = gateway::NewMessage(*method.output_type());
  file = {};
  std::string scratch;
  while (true) {
    absl::StatusOr<bool> more = (*rows)->Next(context, *message);
    if (!more.ok()) return more;
    const FieldDescriptor* const part = *more ? PartOf(*message) : nullptr;
    if (part == nullptr) return Incomplete();
    const auto& reflection = *message->GetReflection();
    if (part->name() == "metadata") {
      const auto& metadata =
          static_cast<const type::v1::FileMetadata&>(reflection.GetMessage(*message, part));
      file.file_name = metadata.file_name();
      file.media_type = metadata.media_type();
      const std::string& pattern = query_.file_name_pattern;
      if (!pattern.empty() && !IsLike(file.file_name, pattern)) return false;
    } else if (part->name() == "chunk") {
      if (absl::Status status = write(reflection.GetStringReference(*message, part, &scratch));
          !status.ok())
        return status;
    } else {
      const auto& trailer =
          static_cast<const type::v1::FileTrailer&>(reflection.GetMessage(*message, part));
      file.size_bytes = trailer.size_bytes();
      file.sha256 = trailer.sha256();
      return true;
    }
  }
}

}  // namespace relais::exports

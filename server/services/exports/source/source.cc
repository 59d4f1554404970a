#include "server/services/exports/source/source.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/json_util.h"
#include "server/core/base/error.h"
#include "server/core/base/sha256.h"
#include "server/core/base/text/view.h"
#include "server/gateway/mutation.h"

namespace relais::exports {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The one field of a oneof that is set; null: none.
const FieldDescriptor* Chosen(const Message& message, const std::string& oneof) {
  const auto* const choice = message.GetDescriptor()->FindOneofByName(oneof);
  return message.GetReflection()->HasOneof(message, choice)
             ? message.GetReflection()->GetOneofFieldDescriptor(message, choice)
             : nullptr;
}

// Where a call begins is the run's to say.
void CheckBeginning(const Message& request, const std::string& path, Violations& violations) {
  for (const char* name : {"page_token", "resume_token"}) {
    const FieldDescriptor* const field = request.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr && !request.GetReflection()->GetString(request, field).empty())
      violations.Add(absl::StrCat(path, ".", name), "must be empty");
  }
}

// Copies the messages that both have by the same names, such as the query.
void CopyCommonMessages(const Message& from, Message& to) {
  for (int i = 0; i < to.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* const target = to.GetDescriptor()->field(i);
    const FieldDescriptor* const source = from.GetDescriptor()->FindFieldByName(target->name());
    if (source == nullptr || source->is_repeated() ||
        source->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
        source->message_type() != target->message_type())
      continue;
    to.GetReflection()
        ->MutableMessage(&to, target)
        ->CopyFrom(from.GetReflection()->GetMessage(from, source));
  }
}

std::string JsonOf(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  return json;
}

}  // namespace

std::string WordOfMethod(const google::protobuf::MethodDescriptor& method) {
  const std::vector<std::string> parts = absl::StrSplit(method.full_name(), '.');
  return parts[1];
}

const gateway::RowOffer* Sources::OfferFor(const google::protobuf::Descriptor& request) const {
  for (const gateway::RowOffer& offer : offers_.rows) {
    if (offer.method->input_type() == &request) return &offer;
  }
  return nullptr;
}

absl::StatusOr<BoundQuery> Sources::Bind(const v1::Source& source, std::string_view path,
                                         const PlaceholderValues& values) const {
  BoundQuery bound;
  const Message* within = &source;
  const FieldDescriptor* field = Chosen(source, "query");
  std::string at(path);
  if (field != nullptr && source.has_files()) {
    absl::StrAppend(&at, ".", field->name());
    bound.files = true;
    bound.file_name_pattern = source.files().file_name_pattern();
    within = &source.files();
    field = Chosen(source.files(), "list");
  }
  if (field == nullptr)
    return InvalidRequest({{at, "must say what is read: set one of its queries"}});
  absl::StrAppend(&at, ".", field->name());
  const Message& given = within->GetReflection()->GetMessage(*within, field);
  bound.offer = OfferFor(*given.GetDescriptor());
  if (bound.offer == nullptr || (bound.files && bound.offer->files.empty()))
    return InvalidRequest({{at, "is served by no service of this gateway"}});
  std::shared_ptr<Message> request(given.New());
  request->CopyFrom(given);
  Violations violations;
  CheckBeginning(*request, at, violations);
  BindQuery(source.bindings(), path, values, *request, violations);
  const auto connection = calls_.Check(*bound.offer->method, *request);
  if (!connection.ok()) {
    if (!HasReason(connection.status(), Reason::kInvalidRequest)) return connection.status();
    violations.AddAll(connection.status(), at + ".");
  }
  if (!violations.empty()) return violations.ToStatus();
  bound.connection = absl::StrCat(WordOfMethod(*bound.offer->method), "/", *connection);
  bound.fingerprint = Sha256Hex(
      absl::StrCat(bound.offer->method->full_name(), "\n", bound.files ? "files " : "rows ",
                   bound.file_name_pattern, "\n", gateway::Serialize(*request)));
  bound.request = std::move(request);
  return bound;
}

absl::StatusOr<std::string> Sources::Explain(const CallContext& context,
                                             const BoundQuery& query) const {
  std::string text = absl::StrCat(query.offer->method->full_name(), "\n", JsonOf(*query.request));
  const auto* const explain = query.offer->explain;
  if (explain == nullptr) return text;
  const std::unique_ptr<Message> asked = gateway::NewMessage(*explain->input_type());
  const std::unique_ptr<Message> answer = gateway::NewMessage(*explain->output_type());
  CopyCommonMessages(*query.request, *asked);
  if (absl::Status status = calls_.Call(context, *explain, *asked, *answer); !status.ok())
    return status;
  return absl::StrCat(text, explain->full_name(), "\n", JsonOf(*answer));
}

}  // namespace relais::exports

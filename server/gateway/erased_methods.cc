#include "server/gateway/erased_methods.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/api/resource.pb.h"
#include "server/core/aip/paging.h"
#include "server/core/base/error.h"
#include "server/gateway/request_rules.h"
#include "server/rpc/host.h"

namespace relais::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The field that the first message of an upload has.
constexpr char kFirstMessage[] = "start";

// The one repeated field of a list's response.
const FieldDescriptor* ItemsOf(const Descriptor& response) {
  int i = 0;
  while (!response.field(i)->is_repeated()) ++i;
  return response.field(i);
}

}  // namespace

std::string WordOf(const google::protobuf::ServiceDescriptor& service) {
  const std::vector<std::string> parts = absl::StrSplit(service.full_name(), '.');
  return parts[1];
}

// Where a request names what it is about: `name` or `parent`, its own or within the resource, query
// or first message that it carries, else the first required field that refers to a resource.
class Subject {
 public:
  // Nothing.
  Subject() = default;
  explicit Subject(const Descriptor& request) {
    if (Search(request)) return;
    std::fprintf(stderr, "relais: %s does not name what it is about\n",
                 std::string(request.full_name()).c_str());
    std::abort();
  }

  const RequestRules::Subject& path() const { return path_; }
  const std::string& text() const { return text_; }

  // The message that must be there before there can be a name; empty: it is.
  std::string MissingIn(const Message& request) const {
    const bool missing = path_.size() > 1 && !request.GetReflection()->HasField(request, path_[0]);
    return std::string(missing ? path_[0]->name() : "");
  }

  std::string In(const Message& request) const {
    if (path_.empty()) return "";
    const Message* message = &request;
    for (std::size_t i = 0; i + 1 < path_.size(); ++i)
      message = &message->GetReflection()->GetMessage(*message, path_[i]);
    return message->GetReflection()->GetString(*message, path_.back());
  }

 private:
  static bool Names(const FieldDescriptor& field) {
    return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field.is_repeated() &&
           (field.options().HasExtension(google::api::resource_reference) ||
            field.name() == "name");
  }
  bool Take(const FieldDescriptor& field) {
    path_.push_back(&field);
    absl::StrAppend(&text_, text_.empty() ? "" : ".", field.name());
    return true;
  }

  bool Search(const Descriptor& type) {
    for (const char* usual : {"name", "parent"}) {
      const FieldDescriptor* const field = type.FindFieldByName(usual);
      if (field != nullptr && Names(*field)) return Take(*field);
    }
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (Names(field) && IsRequired(field)) return Take(field);
    }
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const bool first_message = field.name() == kFirstMessage;
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field.is_repeated() ||
          (!IsRequired(field) && !first_message)) {
        continue;
      }
      Take(field);
      return Search(*field.message_type());
    }
    return false;
  }

  RequestRules::Subject path_;
  std::string text_;
};

// A method's request, from bytes to a checked target.
class ErasedMethods::Reader {
 public:
  explicit Reader(Spec spec)
      : spec_(std::move(spec)),
        subject_(spec_.whole ? Subject() : Subject(*spec_.request->GetDescriptor())),
        rules_(*spec_.request->GetDescriptor(), subject_.path()) {}

  struct Read {
    std::shared_ptr<Message> request;
    Bound bound;
  };

  // The request, parsed, and what it is about; or all that is wrong with it.
  absl::StatusOr<Read> From(rpc::Buffer& buffer) const {
    std::shared_ptr<Message> request(spec_.request->New());
    if (absl::Status status = rpc::ParseMessage(buffer, *request); !status.ok()) return status;
    if (const std::string missing = subject_.MissingIn(*request); missing == kFirstMessage)
      return InvalidRequest({{missing, "is required in the first message"}});
    Violations violations;
    auto bound = spec_.bind(subject_.In(*request), subject_.text());
    if (!bound.ok() && !HasReason(bound.status(), Reason::kInvalidRequest)) return bound.status();
    violations.AddAll(bound.status());
    if (spec_.check) spec_.check(bound.ok() ? bound->target.get() : nullptr, *request, violations);
    rules_.Check(*request, violations);
    if (!violations.empty() && spec_.rest)
      spec_.rest(bound.ok() ? bound->target.get() : nullptr, *request, violations);
    if (!bound.ok()) return violations.ToStatus();
    if (!violations.empty()) return Tagged(violations.ToStatus(), *bound->connection);
    return Read{std::move(request), *std::move(bound)};
  }

  // A further message of the same type.
  absl::StatusOr<std::shared_ptr<Message>> More(rpc::Buffer& buffer) const {
    std::shared_ptr<Message> message(spec_.request->New());
    if (absl::Status status = rpc::ParseMessage(buffer, *message); !status.ok()) return status;
    return message;
  }

  int waiting() const { return spec_.waiting; }
  bool hurried() const { return spec_.hurried; }

 private:
  const Spec spec_;
  const Subject subject_;
  const RequestRules rules_;
};

ErasedMethods::ErasedMethods(rpc::Host& host, const google::protobuf::ServiceDescriptor& service)
    : host_(host), word_(WordOf(service)) {
  host_.Add(service);
}

void ErasedMethods::AddUnary(const char* method, Spec spec, Prepare prepare, bool blocks) {
  const auto reader = std::make_shared<const Reader>(std::move(spec));
  host_.Unary(
      method,
      [reader, prepare = std::move(prepare),
       blocks](rpc::Buffer& buffer) -> absl::StatusOr<rpc::Work> {
        auto read = reader->From(buffer);
        if (!read.ok()) return read.status();
        auto run = prepare(std::move(read->bound.target), std::move(read->request));
        if (!run.ok()) return Tagged(run.status(), *read->bound.connection);
        Connection& connection = *read->bound.connection;
        return rpc::Work{blocks ? &connection.workers() : nullptr, connection.name,
                         *std::move(run)};
      },
      reader->waiting());
}

void ErasedMethods::AddRows(const char* method, Spec spec, Open open) {
  const auto reader = std::make_shared<const Reader>(std::move(spec));
  host_.Rows(
      method,
      [reader, open = std::move(open)](rpc::Buffer& buffer) -> absl::StatusOr<rpc::RowSource> {
        auto read = reader->From(buffer);
        if (!read.ok()) return read.status();
        Connection& connection = *read->bound.connection;
        auto next = open(read->bound.target.get(), *read->request);
        if (!next.ok()) return Tagged(next.status(), connection);
        return rpc::RowSource{&connection.workers(), connection.name, *std::move(next),
                              reader->hurried()};
      },
      reader->waiting());
}

void ErasedMethods::AddWatch(const char* method, Spec spec, Watch watch) {
  const auto reader = std::make_shared<const Reader>(std::move(spec));
  host_.State(
      method,
      [reader, watch = std::move(watch)](
          const CallContext&, rpc::Buffer& buffer,
          rpc::StateWake wake) -> absl::StatusOr<std::shared_ptr<rpc::StateSource>> {
        auto read = reader->From(buffer);
        if (!read.ok()) return read.status();
        auto source = watch(read->bound.target.get(), *read->request, std::move(wake));
        if (!source.ok()) return Tagged(source.status(), *read->bound.connection);
        return source;
      },
      reader->waiting());
}

void ErasedMethods::AddUpload(const char* method, Spec spec, Take take) {
  const auto reader = std::make_shared<const Reader>(std::move(spec));
  host_.Upload(
      method,
      [reader, take = std::move(take)](rpc::Buffer& buffer) -> absl::StatusOr<rpc::UploadSink> {
        auto read = reader->From(buffer);
        if (!read.ok()) return read.status();
        Connection& connection = *read->bound.connection;
        auto intake = take(read->bound.target.get(), *read->request);
        if (!intake.ok()) return Tagged(intake.status(), connection);
        return rpc::UploadSink{.executor = &connection.workers(),
                               .connection = connection.name,
                               .write = [reader, write = std::move(intake->write)](
                                            const CallContext&, rpc::Buffer& more) -> absl::Status {
                                 auto message = reader->More(more);
                                 return message.ok() ? write(**message) : message.status();
                               },
                               .finish = std::move(intake->finish)};
      },
      reader->waiting());
}

void ErasedMethods::AddList(const char* method, const Message& request, const Message& response,
                            std::vector<Connection*> connections,
                            std::function<void(const Connection&, Message& item)> describe) {
  const Descriptor& asked = *request.GetDescriptor();
  const auto list = [method, &request, &response, connections = std::move(connections),
                     describe = std::move(describe), page_size = asked.FindFieldByName("page_size"),
                     page_token = asked.FindFieldByName("page_token")](
                        rpc::Buffer& buffer) -> absl::StatusOr<rpc::Work> {
    const std::unique_ptr<Message> parsed(request.New());
    if (absl::Status status = rpc::ParseMessage(buffer, *parsed); !status.ok()) return status;
    auto page = CutList(parsed->GetReflection()->GetInt32(*parsed, page_size),
                        parsed->GetReflection()->GetString(*parsed, page_token), method,
                        connections.size());
    if (!page.ok()) return page.status();
    const std::shared_ptr<Message> answer(response.New());
    const Reflection& reflection = *answer->GetReflection();
    const FieldDescriptor* const items = ItemsOf(*answer->GetDescriptor());
    for (std::size_t i = page->begin; i < page->end; ++i)
      describe(*connections[i], *reflection.AddMessage(answer.get(), items));
    reflection.SetString(answer.get(), answer->GetDescriptor()->FindFieldByName("next_page_token"),
                         page->NextToken(page->end));
    return rpc::Work{.run = [answer](const CallContext&) { return rpc::BufferOf(*answer); }};
  };
  host_.Unary(method, list);
}

}  // namespace relais::gateway

// How the methods of this service are registered: a name is parsed, its connection found, and a
// plain function runs on that connection's executor.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_API_METHOD_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_API_METHOD_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/rpc/on_target.h"
#include "server/services/jobqueue/api/service.h"
#include "server/services/jobqueue/backend/connection.h"
#include "server/services/jobqueue/names.h"

namespace relais::jobqueue {

// How a kind of name is written and read.
template <typename Name>
struct NameForm;
template <>
struct NameForm<QueueName> {
  static constexpr char kForm[] = "queues/{queue}";
  static std::optional<QueueName> Parse(std::string_view text) { return ParseQueueName(text); }
};
template <>
struct NameForm<JobName> {
  static constexpr char kForm[] = "queues/{queue}/jobs/{job}";
  static std::optional<JobName> Parse(std::string_view text) { return ParseJobName(text); }
};
template <>
struct NameForm<OutputFileName> {
  static constexpr char kForm[] = "queues/{queue}/jobs/{job}/outputFiles/{output_file}";
  static std::optional<OutputFileName> Parse(std::string_view text) {
    return ParseOutputFileName(text);
  }
};

// What a call is about.
template <typename Name>
struct Target {
  Connection* connection;
  state::Submissions* submissions;
  Name name;
};

// The target that `text` names, or every error about it at `field`.
template <typename Name>
absl::StatusOr<Target<Name>> FindTarget(const Service& service, const std::string& text,
                                        const char* field) {
  std::optional<Name> name = NameForm<Name>::Parse(text);
  if (!name) {
    return InvalidRequest({{field, absl::StrCat("must be ", NameForm<Name>::kForm)}});
  }
  absl::StatusOr<Connection*> connection = service.Find(name->queue);
  if (!connection.ok()) return connection.status();
  return Target<Name>{*connection, &service.submissions(), *std::move(name)};
}

// An error found before anything was sent still tells which connection it concerns.
inline absl::Status Refused(const Connection& connection, std::vector<Violation> violations) {
  return rpc::Tagged(InvalidRequest(std::move(violations)), connection);
}

using rpc::kName;
using rpc::kParent;

// A unary method about what the member `get` of its request names, at `field`.
template <typename Name, typename Response, typename Request, typename Get>
auto On(const Service* service, Get get, const char* field,
        std::vector<Violation> (*check)(const Target<Name>&, const Request&),
        absl::StatusOr<Response> (*run)(const Target<Name>&, const CallContext&, const Request&)) {
  return rpc::OnTarget<Response>(
      [service, field](const std::string& text) { return FindTarget<Name>(*service, text, field); },
      get, check, run);
}

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_API_METHOD_H_

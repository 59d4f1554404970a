// What belongs to a whole tenant, and what refusals say.
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "server/json/tidy.h"
#include "server/services/robot/codec/read.h"

namespace relais::robot {
namespace {

using json::Malformed;
using Text = std::optional<std::string>;

constexpr std::size_t kMaxProblemBody = 64 << 10;
constexpr std::size_t kMaxTraceId = 128;
constexpr double kMostSeconds = 86400;

struct WireFolder {
  Text key, display_name, path, type;
  std::optional<std::int64_t> parent, id;
};

constexpr json::Member<WireFolder> kFolder[] = {
    {"Key", json::Into<&WireFolder::key>},
    {"DisplayName", json::Into<&WireFolder::display_name>},
    {"FullyQualifiedName", json::Into<&WireFolder::path>},
    {"FolderType", json::Into<&WireFolder::type>},
    {"ParentId", json::Into<&WireFolder::parent>},
    {"Id", json::Into<&WireFolder::id>},
};

absl::Status ConvertFolder(WireFolder wire, UpstreamFolder& out) {
  if (!wire.id || *wire.id <= 0) return Malformed("a folder has no \"Id\"");
  out.id = *wire.id;
  out.parent = wire.parent.value_or(0);
  out.folder.set_display_name(std::move(wire.display_name).value_or(""));
  out.folder.set_path(std::move(wire.path).value_or(out.folder.display_name()));
  out.folder.set_key(absl::AsciiStrToLower(std::move(wire.key).value_or("")));
  out.folder.set_raw_type(std::move(wire.type).value_or(""));
  return absl::OkStatus();
}

struct WireProcess {
  Text key, package_id, package_version, name, description, type, input, environment;
  std::optional<std::int64_t> id;
};

constexpr json::Member<WireProcess> kProcess[] = {
    {"Key", json::Into<&WireProcess::key>},
    {"ProcessKey", json::Into<&WireProcess::package_id>},
    {"ProcessVersion", json::Into<&WireProcess::package_version>},
    {"Description", json::Into<&WireProcess::description>},
    {"Name", json::Into<&WireProcess::name>},
    {"EnvironmentName", json::Into<&WireProcess::environment>},
    {"InputArguments", json::Into<&WireProcess::input>},
    {"ProcessType", json::Into<&WireProcess::type>},
    {"Id", json::Into<&WireProcess::id>},
};

absl::Status ConvertProcess(WireProcess wire, const Place& place, v1::Process& process) {
  if (!wire.key || wire.key->empty()) return Malformed("a process has no \"Key\"");
  process.set_name(FormatProcessName(place, *wire.key));
  process.set_display_name(std::move(wire.name).value_or(""));
  process.set_package_id(std::move(wire.package_id).value_or(""));
  process.set_package_version(std::move(wire.package_version).value_or(""));
  process.set_description(std::move(wire.description).value_or(""));
  process.set_id(wire.id.value_or(0));
  process.set_raw_type(std::move(wire.type).value_or(""));
  process.set_input_arguments(std::move(wire.input).value_or(""));
  process.set_environment(std::move(wire.environment).value_or(""));
  return absl::OkStatus();
}

struct WireId {
  std::optional<std::int64_t> id;
};
constexpr json::Member<WireId> kId[] = {{"Id", json::Into<&WireId::id>}};

struct WireInnerError {
  std::optional<std::int64_t> code;
  Text message;
};
constexpr json::Member<WireInnerError> kInnerError[] = {
    {"code", json::Into<&WireInnerError::code>},
    {"message", json::Into<&WireInnerError::message>},
};

// Members of all envelopes that Orchestrator and what stands before it use.
struct WireError {
  Text message, error_message, big_message, title, trace_id, result;
  std::optional<std::int64_t> code;
  Text retry_after;
  std::optional<bool> success;
  std::optional<WireInnerError> error;
};

absl::Status ReadInnerError(json::Value value, WireError& error) {
  if (json::IsString(value)) return json::PassOver(value);
  return ReadOptional(value, kInnerError, error.error);
}

absl::Status ReadRetryAfter(json::Value value, WireError& error) {
  return json::ReadTextOrJson(value, error.retry_after.emplace());
}

constexpr json::Member<WireError> kError[] = {
    {"message", json::Into<&WireError::message>},
    {"errorCode", json::Into<&WireError::code>},
    {"traceId", json::Into<&WireError::trace_id>},
    {"errorMessage", json::Into<&WireError::error_message>},
    {"Message", json::Into<&WireError::big_message>},
    {"title", json::Into<&WireError::title>},
    {"result", json::Into<&WireError::result>},
    {"success", json::Into<&WireError::success>},
    {"retry_after", ReadRetryAfter},
    {"error", ReadInnerError},
};

bool IsTraceId(const std::string& text) {
  return text.size() <= kMaxTraceId &&
         text.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos;
}

}  // namespace

absl::StatusOr<Page<UpstreamFolder>> DecodeFolders(const std::string& body) {
  return DecodePage<WireFolder, UpstreamFolder>(body, kFolder, ConvertFolder, "PageItems", "Count");
}

absl::StatusOr<Page<v1::Process>> DecodeProcesses(const std::string& body, const Place& place) {
  return DecodePage<WireProcess, v1::Process>(body, kProcess,
                                              [&place](WireProcess wire, v1::Process& out) {
                                                return ConvertProcess(std::move(wire), place, out);
                                              });
}

absl::StatusOr<std::int64_t> DecodeUserId(const std::string& body) {
  WireId wire;
  if (absl::Status status = json::ReadObject(body, kId, wire); !status.ok()) return status;
  if (!wire.id || *wire.id <= 0) return Malformed("a user has no \"Id\"");
  return *wire.id;
}

UpstreamProblem DecodeProblem(const std::string& body) {
  UpstreamProblem problem;
  WireError wire;
  if (body.size() > kMaxProblemBody || !json::ReadObject(body, kError, wire).ok()) return problem;
  problem.code = wire.code;
  if (!problem.code && wire.error) problem.code = wire.error->code;
  if (wire.trace_id && IsTraceId(*wire.trace_id)) problem.trace_id = *std::move(wire.trace_id);
  for (Text* text : {&wire.message, &wire.error_message, &wire.big_message, &wire.title}) {
    if (*text && problem.message.empty()) problem.message = json::TidyText(**text);
  }
  if (problem.message.empty() && wire.error && wire.error->message)
    problem.message = json::TidyText(*wire.error->message);
  double seconds = 0;
  if (wire.retry_after && absl::SimpleAtod(*wire.retry_after, &seconds) && seconds >= 0 &&
      seconds <= kMostSeconds) {
    problem.retry_after = absl::Seconds(seconds);
  }
  return problem;
}

absl::StatusOr<std::string> DecodePasswordLogin(const std::string& body) {
  WireError wire;
  if (absl::Status status = json::ReadObject(body, kError, wire); !status.ok()) return status;
  if (!wire.success.value_or(wire.result.has_value())) return std::string();
  if (!wire.result || wire.result->empty() ||
      wire.result->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789-._~+/=") != std::string::npos) {
    return Malformed("it has no token that fits into a header");
  }
  return *std::move(wire.result);
}

}  // namespace relais::robot

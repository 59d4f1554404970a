// What belongs to a whole tenant, and what refusals say.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
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
    {"Key", json::Optional<&WireFolder::key>},
    {"DisplayName", json::Optional<&WireFolder::display_name>},
    {"FullyQualifiedName", json::Optional<&WireFolder::path>},
    {"FolderType", json::Optional<&WireFolder::type>},
    {"ParentId", json::Optional<&WireFolder::parent>},
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
    {"ProcessKey", json::Optional<&WireProcess::package_id>},
    {"ProcessVersion", json::Optional<&WireProcess::package_version>},
    {"Description", json::Optional<&WireProcess::description>},
    {"Name", json::Optional<&WireProcess::name>},
    {"EnvironmentName", json::Optional<&WireProcess::environment>},
    {"InputArguments", json::Optional<&WireProcess::input>},
    {"ProcessType", json::Optional<&WireProcess::type>},
    {"Id", json::Into<&WireProcess::id>},
};

absl::Status ConvertProcess(WireProcess wire, const Place& place, UpstreamProcess& out) {
  if (!wire.id || *wire.id <= 0) return Malformed("a process has no \"Id\"");
  if (!wire.key || wire.key->empty()) return Malformed("a process has no \"Key\"");
  out.id = *wire.id;
  v1::Process& process = out.process;
  process.set_name(FormatProcessName(place, *wire.key));
  process.set_display_name(std::move(wire.name).value_or(""));
  process.set_package_id(std::move(wire.package_id).value_or(""));
  process.set_package_version(std::move(wire.package_version).value_or(""));
  process.set_description(std::move(wire.description).value_or(""));
  process.set_id(out.id);
  process.set_raw_type(std::move(wire.type).value_or(""));
  process.set_input_arguments(std::move(wire.input).value_or(""));
  process.set_environment(std::move(wire.environment).value_or(""));
  return absl::OkStatus();
}

struct WireId {
  std::optional<std::int64_t> id;
};
constexpr json::Member<WireId> kWireId[] = {{"Id", json::Into<&WireId::id>}};

bool IsCode(const std::string& text) {
  constexpr std::size_t kLongest = 64;
  return !text.empty() && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ||
                  c == '.';
         });
}

// A number or a word; anything else is no code.
template <auto kField, typename Wire>
absl::Status ReadCode(json::Value value, Wire& wire) {
  if (!json::IsString(value)) {
    std::optional<std::int64_t> number;
    absl::Status status = json::ReadOptional(value, number);
    if (number) wire.*kField = absl::StrCat(*number);
    return status;
  }
  Text word;
  absl::Status status = json::ReadOptional(value, word);
  if (word && IsCode(*word)) wire.*kField = std::move(word);
  return status;
}

struct WireInnerError {
  Text code, message;
};
constexpr json::Member<WireInnerError> kInnerError[] = {
    {"code", ReadCode<&WireInnerError::code>},
    {"message", json::Optional<&WireInnerError::message>},
};

// Members of all envelopes that Orchestrator and what stands before it use.
struct WireError {
  Text message, error_message, big_message, title, trace_id, result, code, retry_after;
  std::optional<bool> success;
  std::optional<WireInnerError> error;
};

absl::Status ReadInnerError(json::Value value, WireError& error) {
  return json::ReadOptional(value, kInnerError, error.error);
}

absl::Status ReadRetryAfter(json::Value value, WireError& error) {
  return json::ReadTextOrJson(value, error.retry_after.emplace());
}

constexpr json::Member<WireError> kError[] = {
    {"message", json::Optional<&WireError::message>},
    {"errorCode", ReadCode<&WireError::code>},
    {"traceId", json::Optional<&WireError::trace_id>},
    {"errorMessage", json::Optional<&WireError::error_message>},
    {"Message", json::Optional<&WireError::big_message>},
    {"title", json::Optional<&WireError::title>},
    {"result", json::Optional<&WireError::result>},
    {"success", json::Optional<&WireError::success>},
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

absl::StatusOr<Page<UpstreamProcess>> DecodeProcesses(const std::string& body, const Place& place) {
  return DecodePage<WireProcess, UpstreamProcess>(
      body, kProcess, [&place](WireProcess wire, UpstreamProcess& out) {
        return ConvertProcess(std::move(wire), place, out);
      });
}

absl::StatusOr<std::int64_t> DecodeUserId(const std::string& body) {
  WireId wire;
  if (absl::Status status = json::ReadObject(body, kWireId, wire); !status.ok()) return status;
  if (!wire.id || *wire.id <= 0) return Malformed("a user has no \"Id\"");
  return *wire.id;
}

UpstreamProblem DecodeProblem(const std::string& body) {
  UpstreamProblem problem;
  WireError wire;
  if (body.size() > kMaxProblemBody || !json::ReadObject(json::ToUtf8(body), kError, wire).ok())
    return problem;
  if (!wire.code && wire.error) wire.code = std::move(wire.error->code);
  problem.code = std::move(wire.code).value_or("");
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

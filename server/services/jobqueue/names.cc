#include "server/services/jobqueue/names.h"

#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/gateway/names.h"

namespace relais::jobqueue {
namespace {

constexpr std::size_t kMaxJobId = 64;
constexpr std::size_t kMaxUploadId = 512;
constexpr std::size_t kMaxOutputName = 1024;
constexpr std::size_t kMaxFileName = 255;
constexpr char kBetween = '\n';  // of an upload's id and its file name, neither of which has it

// What EncodeSegment made; the decoder alone would also accept other spellings of the same bytes.
std::optional<std::string> DecodeSegment(const std::string& segment) {
  std::string text;
  if (!absl::WebSafeBase64Unescape(segment, &text) || absl::WebSafeBase64Escape(text) != segment)
    return std::nullopt;
  return text;
}

}  // namespace

std::optional<QueueName> QueueName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<QueueName>(name);
  if (!ids) return std::nullopt;
  return QueueName{(*ids)[0]};
}

std::optional<JobName> JobName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<JobName>(name);
  if (!ids || !IsJobId((*ids)[1])) return std::nullopt;
  return JobName{(*ids)[0], (*ids)[1]};
}

std::optional<OutputFileName> OutputFileName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<OutputFileName>(name);
  if (!ids || !IsJobId((*ids)[1])) return std::nullopt;
  auto file_name = DecodeSegment((*ids)[2]);
  if (!file_name || !IsOutputName(*file_name)) return std::nullopt;
  return OutputFileName{(*ids)[0], (*ids)[1], *std::move(file_name)};
}

std::optional<InputFileName> InputFileName::Parse(std::string_view name) {
  auto ids = gateway::IdsOf<InputFileName>(name);
  if (!ids) return std::nullopt;
  const auto text = DecodeSegment((*ids)[1]);
  if (!text) return std::nullopt;
  const std::size_t between = text->find(kBetween);
  InputFileName input{(*ids)[0], text->substr(0, between), ""};
  if (!IsUploadId(input.upload)) return std::nullopt;
  if (between == std::string::npos) return input;
  input.file_name = text->substr(between + 1);
  if (!IsFileName(input.file_name)) return std::nullopt;
  return input;
}

std::string FormatQueueName(std::string_view queue) { return absl::StrCat("queues/", View(queue)); }

std::string FormatJobName(std::string_view queue, std::string_view job) {
  return absl::StrCat("queues/", View(queue), "/jobs/", View(job));
}

std::string FormatOutputFileName(std::string_view queue, std::string_view job,
                                 std::string_view file_name) {
  return absl::StrCat("queues/", View(queue), "/jobs/", View(job), "/outputFiles/",
                      absl::WebSafeBase64Escape(View(file_name)));
}

std::string FormatInputFileName(std::string_view queue, std::string_view upload,
                                std::string_view file_name) {
  std::string text(upload);
  if (!file_name.empty()) absl::StrAppend(&text, std::string(1, kBetween), View(file_name));
  return absl::StrCat("queues/", View(queue), "/inputFiles/", absl::WebSafeBase64Escape(text));
}

bool IsJobId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxJobId &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isxdigit(c) || c == '-'; });
}

bool IsUploadId(std::string_view text) { return gateway::IsPlainText(text, kMaxUploadId); }

bool IsOutputName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxOutputName &&
         simdjson::validate_utf8(text.data(), text.size()) &&
         text.find('\0') == std::string_view::npos;
}

bool IsFileName(std::string_view text) {
  return gateway::IsPlainText(text, kMaxFileName) && text != "." && text != ".." &&
         text.find_first_of("/\\") == std::string_view::npos;
}

}  // namespace relais::jobqueue

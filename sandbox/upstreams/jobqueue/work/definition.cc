#include "sandbox/upstreams/jobqueue/work/definition.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/dates.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;

// Thrown and caught in this file only.
class RefusedDefinition : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Member names are compared without regard to case, as ASP.NET does.
json Member(const json& object, std::string_view name) {
  const std::string wanted = absl::AsciiStrToLower(std::string(name));
  for (const auto& [key, value] : object.items()) {
    if (absl::AsciiStrToLower(key) == wanted) return value;
  }
  return nullptr;
}

std::optional<std::string> Text(const json& object, const char* name) {
  const json value = Member(object, name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_string()) throw RefusedDefinition(absl::StrCat("'", name, "' must be a string."));
  return value.get<std::string>();
}

std::optional<absl::Time> Date(const json& object, const char* name) {
  const std::optional<std::string> text = Text(object, name);
  if (!text) return std::nullopt;
  const std::optional<absl::Time> date = ParseDate(*text);
  if (!date) throw RefusedDefinition(absl::StrCat("'", name, "' must be a date and time."));
  return date;
}

json ObjectFrom(const std::string& text) {
  json value = json::parse(text, nullptr, false);
  if (!value.is_object()) throw RefusedDefinition("The body must be a JSON object.");
  return value;
}

template <typename Function>
auto Guard(Function read) -> absl::StatusOr<decltype(read())> {
  try {
    return read();
  } catch (const RefusedDefinition& refusal) {
    return absl::InvalidArgumentError(refusal.what());
  } catch (const json::exception&) {
    return absl::InvalidArgumentError("The parameters have the wrong shape.");
  }
}

std::vector<FileRole> ImportFiles(const std::string& parameters) {
  std::vector<FileRole> files;
  for (const json& file : json::parse(parameters)) {
    if (!file.is_object())
      throw RefusedDefinition("Every file in the parameters must be an object.");
    files.push_back({Text(file, "fileType").value_or(""), Text(file, "filePath").value_or("")});
    const std::string& type = files.back().type;
    if (type != "Template" && type != "Data" && type != "Combined" && type != "Attachment") {
      throw RefusedDefinition(absl::StrCat("'", type, "' is not a type of file."));
    }
  }
  return files;
}

ExportParameters ExportFrom(const std::string& parameters) {
  const json object = json::parse(parameters);
  if (!object.is_object())
    throw RefusedDefinition("The parameters of an export must be an object.");
  ExportParameters out;
  out.database_key = Text(object, "DatabaseKey").value_or("");
  out.template_name = Text(object, "TemplateFileName").value_or("");
  for (const json& record : Member(object, "InputRecords")) {
    out.identities.push_back(Member(record, "RecordHistoryIdentity").get<int64_t>());
    const json version = Member(record, "RecordVersion");
    if (!version.is_null()) (void)version.get<int>();
  }
  return out;
}

void CheckPaths(const std::vector<FileRole>& files) {
  std::string unsafe;
  for (const FileRole& file : files) {
    if (IsSafePath(file.path)) continue;
    absl::StrAppend(&unsafe, unsafe.empty() ? "'" : ", '", file.path, "'");
  }
  if (unsafe.empty()) return;
  throw RefusedDefinition(
      absl::StrCat("The following file paths are not safe relative paths: ", unsafe));
}

void CheckWork(const JobDefinition& definition, bool safe_paths) {
  const std::string parameters = definition.parameters.value_or("null");
  size_t files = 1;
  if (definition.type == kExcelExport) {
    (void)ExportFrom(parameters);
  } else if (definition.type == kExcelImport || definition.type == kTextImport) {
    const std::vector<FileRole> roles = ImportFiles(parameters);
    if (safe_paths) CheckPaths(roles);
    files = roles.size();
  } else {
    throw RefusedDefinition(absl::StrCat("'", definition.type, "' is not a type of job."));
  }
  if (definition.input_ids.size() == files) return;
  throw RefusedDefinition(absl::StrCat("The parameters name ", files, " files, 'inputFileIds' ",
                                       definition.input_ids.size(), "."));
}

}  // namespace

absl::StatusOr<JobDefinition> ReadDefinition(const std::string& body, bool safe_paths) {
  return Guard([&] {
    const json object = ObjectFrom(body);
    JobDefinition out;
    out.name = Text(object, "name").value_or("");
    if (out.name.empty()) throw RefusedDefinition("'name' must not be empty.");
    out.description = Text(object, "description");
    out.type = Text(object, "type").value_or("");
    out.scheduled = Date(object, "scheduledExecutionDate");
    out.parameters = Text(object, "parameters");
    out.culture = Text(object, "culture");
    if (const json ids = Member(object, "inputFileIds"); !ids.is_null()) {
      out.input_ids = ids.get<std::vector<std::string>>();
    }
    if (const json version = Member(object, "version"); !version.is_null()) {
      out.version = version.get<int>();
    }
    CheckWork(out, safe_paths);
    return out;
  });
}

absl::StatusOr<JobChanges> ReadChanges(const std::string& body) {
  return Guard([&] {
    const json object = ObjectFrom(body);
    JobChanges out;
    out.name = Text(object, "name");
    if (out.name && out.name->empty()) throw RefusedDefinition("'name' must not be empty.");
    out.description = Text(object, "description");
    out.scheduled = Date(object, "scheduledExecutionDate");
    if (const std::optional<std::string> status = Text(object, "status")) {
      out.status = JobStatusNamed(*status);
      if (!out.status) throw RefusedDefinition(absl::StrCat("'", *status, "' is not a status."));
    }
    return out;
  });
}

absl::StatusOr<std::vector<FileRole>> ReadImportParameters(const std::string& parameters) {
  return Guard([&] { return ImportFiles(parameters); });
}

absl::StatusOr<ExportParameters> ReadExportParameters(const std::string& parameters) {
  return Guard([&] { return ExportFrom(parameters); });
}

bool IsSafePath(std::string_view path) {
  if (path.empty() || path.front() == '~' || path.find('\0') != std::string_view::npos)
    return false;
  if (path.front() == '/' || path.front() == '\\' || path.find(':') != std::string_view::npos) {
    return false;
  }
  int depth = 0;
  while (!path.empty()) {
    const std::string_view step = path.substr(0, path.find_first_of("/\\"));
    if (step == "..") --depth;
    if (!step.empty() && step != "." && step != "..") ++depth;
    if (depth < 0) return false;
    path.remove_prefix(std::min(path.size(), step.size() + 1));
  }
  return true;
}

}  // namespace relais::sandbox::jobqueue

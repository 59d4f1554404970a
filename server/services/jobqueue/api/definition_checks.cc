#include "server/services/jobqueue/api/definition_checks.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/core/base/text/text.h"
#include "server/core/base/text/view.h"
#include "server/services/jobqueue/codec/job_definition.h"
#include "server/services/jobqueue/codec/marker.h"
#include "server/services/jobqueue/codec/words.h"
#include "server/services/jobqueue/names.h"

namespace relais::jobqueue {
namespace {

constexpr std::size_t kMaxDisplayName = 255;  // characters
constexpr std::size_t kMaxPath = 1024;
constexpr std::size_t kMaxCulture = 35;

class Checks {
 public:
  explicit Checks(Violations& violations) : violations_(violations) {}

  template <typename Field, typename Description>
  void Violate(const Field& field, const Description& description) {
    violations_.Add(field, description);
  }
  void DisplayName(const std::string& field, const std::string& name);
  void Description(const std::string& field, const std::string& description);
  void Schedule(const std::string& field, const google::protobuf::Timestamp& time) {
    if (!IsValidTime(time)) Violate(field, "must be a time of the years 1 to 9999");
  }
  void Combination(const v1::ExcelImport& work);
  void Combination(const v1::TextImport& work);
  void Export(const v1::ExcelExport& work);
  void File(const DefinitionFile& file, std::string_view queue, FileSource source);
  void Paths(const std::vector<DefinitionFile>& files);

 private:
  Violations& violations_;
};

void Checks::DisplayName(const std::string& field, const std::string& name) {
  if (absl::StripAsciiWhitespace(name).empty()) {
    Violate(field, "is required: a name for people");
  } else if (CharactersIn(name) > kMaxDisplayName) {
    Violate(field, "must have at most 255 characters");
  } else if (HasControl(name)) {
    Violate(field, "must not have control characters");
  }
}

void Checks::Description(const std::string& field, const std::string& description) {
  if (description.find('\0') != std::string::npos) Violate(field, "must not have a NUL character");
  if (!StripMark(description).mark.marker.empty()) {
    Violate(field, "must not end with a line that looks like the gateway's mark");
  }
}

void Checks::Combination(const v1::ExcelImport& work) {
  const std::string field = "definition.excel_import";
  const bool separate = work.has_template_() || !work.data().empty();
  if (!work.combined().empty() && separate) {
    Violate(field + ".combined", "must not go with a template and data files: give either");
  } else if (work.combined().empty() && !separate) {
    Violate(field, "needs combined files, or a template and data files");
  } else if (work.combined().empty()) {
    if (!work.has_template_()) Violate(field + ".template", "is required with data files");
    if (work.data().empty()) Violate(field + ".data", "needs a file for the template");
  }
}

void Checks::Combination(const v1::TextImport& work) {
  if (!work.has_template_()) Violate("definition.text_import.template", "is required");
  if (work.data().empty()) Violate("definition.text_import.data", "needs one file or more");
}

void Checks::Export(const v1::ExcelExport& work) {
  const std::string field = "definition.excel_export";
  if (!work.has_template_()) Violate(field + ".template", "is required");
  if (absl::StripAsciiWhitespace(work.database_key()).empty()) {
    Violate(field + ".database_key", "is required: the key of a database, e.g. MI_Training");
  } else if (HasControl(work.database_key())) {
    Violate(field + ".database_key", "must not have control characters");
  }
  if (work.records().empty()) Violate(field + ".records", "needs one record or more");
  for (int i = 0; i < work.records_size(); ++i) {
    if (work.records(i).record_history_identity() < 1) {
      Violate([&] { return absl::StrCat(field, ".records[", i, "].record_history_identity"); },
              "must be 1 or more");
    }
  }
}

void Checks::File(const DefinitionFile& file, std::string_view queue, FileSource source) {
  const std::string& name = file.file->input_file();
  const auto input = InputFileName::Parse(name);
  if (name.empty()) {
    if (source == FileSource::kUploaded) {
      Violate(file.field + ".input_file", "is required: upload the file, then give its name");
      if (file.file->path().empty()) return;
    }
  } else if (!input) {
    Violate(file.field + ".input_file",
            "must be the name of an uploaded file, queues/{queue}/inputFiles/{input_file}");
    if (file.file->path().empty()) return;
  } else if (!queue.empty() && input->queue != queue) {
    Violate(file.field + ".input_file",
            absl::StrCat("must be a file of the queue \"", View(queue), "\""));
  }
  const std::string path = PathOf(*file.file);
  const std::string_view problem = path.empty() ? "is required" : PathProblem(path);
  if (!problem.empty()) Violate(file.field + ".path", problem);
}

void Checks::Paths(const std::vector<DefinitionFile>& files) {
  std::map<std::string, const DefinitionFile*> taken;
  for (const DefinitionFile& file : files) {
    const std::string path = PathOf(*file.file);
    if (path.empty()) continue;
    const std::string folded = absl::AsciiStrToLower(absl::StrReplaceAll(path, {{"\\", "/"}}));
    const auto [other, is_new] = taken.try_emplace(folded, &file);
    if (!is_new) {
      Violate(file.field + ".path", absl::StrCat("must differ from that of ", other->second->field,
                                                 "; letter case does not count, \"\\\" is \"/\""));
    }
  }
}

void CheckWork(const v1::JobDefinition& definition, Checks& checks) {
  switch (definition.work_case()) {
    case v1::JobDefinition::kExcelImport:
      return checks.Combination(definition.excel_import());
    case v1::JobDefinition::kTextImport:
      return checks.Combination(definition.text_import());
    case v1::JobDefinition::kExcelExport:
      return checks.Export(definition.excel_export());
    case v1::JobDefinition::kOther:
      return checks.Violate("definition.other",
                            "is only read: give excel_import, excel_export or text_import");
    case v1::JobDefinition::WORK_NOT_SET:
      return checks.Violate("definition",
                            "needs exactly one of excel_import, excel_export and text_import");
  }
}

}  // namespace

void CheckDefinition(const v1::JobDefinition& definition, std::string_view queue, FileSource source,
                     Violations& violations) {
  Checks checks(violations);
  checks.DisplayName("definition.display_name", definition.display_name());
  checks.Description("definition.description", definition.description());
  if (definition.has_schedule_time())
    checks.Schedule("definition.schedule_time", definition.schedule_time());
  CheckWork(definition, checks);
  const std::vector<DefinitionFile> files = FilesOf(definition);
  for (const DefinitionFile& file : files) checks.File(file, queue, source);
  checks.Paths(files);
  if (!definition.culture().empty() && !IsCulture(definition.culture())) {
    checks.Violate("definition.culture", "must be a culture, e.g. en-US");
  }
}

void CheckUpdate(const v1::UpdateJobRequest& request, Violations& violations) {
  Checks checks(violations);
  const std::string field = "update_mask";
  if (request.update_mask().paths().empty()) {
    checks.Violate(field, "is required: any of display_name, description and schedule_time");
  }
  const std::set<std::string> paths(request.update_mask().paths().begin(),
                                    request.update_mask().paths().end());
  for (const std::string& path : paths) {
    if (path == "display_name") {
      checks.DisplayName("job.display_name", request.job().display_name());
    } else if (path == "description") {
      checks.Description("job.description", request.job().description());
    } else if (path != "schedule_time") {
      checks.Violate(field, "may name only display_name, description and schedule_time");
    } else if (!request.job().has_schedule_time()) {
      checks.Violate("job.schedule_time", "is required: the upstream cannot remove a schedule");
    } else {
      checks.Schedule("job.schedule_time", request.job().schedule_time());
    }
  }
}

void CheckResubmit(const v1::ResubmitJobRequest& request, Violations& violations) {
  Checks checks(violations);
  if (request.has_display_name()) checks.DisplayName("display_name", request.display_name());
  if (request.has_description()) checks.Description("description", request.description());
  if (request.has_schedule_time()) checks.Schedule("schedule_time", request.schedule_time());
}

std::string_view PathProblem(std::string_view path) {
  if (path.empty()) return "is required";
  if (path.size() > kMaxPath) return "must have at most 1024 bytes";
  if (HasControl(path)) return "must not have control characters";
  if (path.front() == '/' || path.front() == '\\') return "must be relative";
  if (path.find(':') != std::string_view::npos) return "must not have a drive or any other \":\"";
  if (path.find('~') != std::string_view::npos) return "must not have \"~\"";
  for (const absl::string_view segment : absl::StrSplit(View(path), absl::ByAnyChar("/\\"))) {
    if (segment.empty()) return "must not have an empty segment";
    if (segment == "." || segment == "..") return "must not have a segment \".\" or \"..\"";
    if (segment.back() == '.' || segment.back() == ' ')
      return "must not have a segment that ends with \".\" or a blank";
  }
  return {};
}

bool IsCulture(std::string_view text) {
  if (text.size() > kMaxCulture) return false;
  bool first = true;
  for (const absl::string_view group : absl::StrSplit(View(text), '-')) {
    const bool letters = std::all_of(group.begin(), group.end(), absl::ascii_isalpha);
    const bool both = std::all_of(group.begin(), group.end(), absl::ascii_isalnum);
    if (first ? (group.size() < 2 || group.size() > 3 || !letters)
              : (group.empty() || group.size() > 8 || !both)) {
      return false;
    }
    first = false;
  }
  return true;
}

}  // namespace relais::jobqueue

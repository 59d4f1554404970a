#include "server/services/jobqueue/codec/job_definition.h"

#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/services/jobqueue/codec/words.h"
#include "server/services/jobqueue/names.h"

namespace relais::jobqueue {
namespace {

using v1::JobDefinition;
using v1::JobFile;

class FileLister {
 public:
  explicit FileLister(std::string work) : work_(std::move(work)) {}

  void Add(FileRole role, const char* field, const JobFile& file) {
    files_.push_back({role, &file, absl::StrCat(work_, ".", field)});
  }
  void Add(FileRole role, const char* field,
           const google::protobuf::RepeatedPtrField<JobFile>& files) {
    for (int i = 0; i < files.size(); ++i) {
      files_.push_back({role, &files[i], absl::StrCat(work_, ".", field, "[", i, "]")});
    }
  }
  std::vector<DefinitionFile> Take() { return std::move(files_); }

 private:
  const std::string work_;
  std::vector<DefinitionFile> files_;
};

}  // namespace

std::string_view WordOf(FileRole role) {
  switch (role) {
    case FileRole::kTemplate:
      return "Template";
    case FileRole::kData:
      return "Data";
    case FileRole::kCombined:
      return "Combined";
    case FileRole::kAttachment:
      return "Attachment";
  }
  return {};
}

std::vector<DefinitionFile> FilesOf(const JobDefinition& definition) {
  if (definition.has_excel_import()) {
    const v1::ExcelImport& work = definition.excel_import();
    FileLister lister("definition.excel_import");
    if (work.has_template_()) lister.Add(FileRole::kTemplate, "template", work.template_());
    lister.Add(FileRole::kData, "data", work.data());
    lister.Add(FileRole::kCombined, "combined", work.combined());
    lister.Add(FileRole::kAttachment, "attachments", work.attachments());
    return lister.Take();
  }
  if (definition.has_text_import()) {
    const v1::TextImport& work = definition.text_import();
    FileLister lister("definition.text_import");
    if (work.has_template_()) lister.Add(FileRole::kTemplate, "template", work.template_());
    lister.Add(FileRole::kData, "data", work.data());
    lister.Add(FileRole::kAttachment, "attachments", work.attachments());
    return lister.Take();
  }
  FileLister lister("definition.excel_export");
  if (definition.has_excel_export() && definition.excel_export().has_template_()) {
    lister.Add(FileRole::kTemplate, "template", definition.excel_export().template_());
  }
  return lister.Take();
}

std::vector<JobFile*> MutableFilesOf(JobDefinition& definition) {
  std::vector<JobFile*> files;
  for (const DefinitionFile& file : FilesOf(definition)) {
    files.push_back(const_cast<JobFile*>(file.file));  // of `definition`, which is not const
  }
  return files;
}

std::string PathOf(const JobFile& file) {
  if (!file.path().empty()) return file.path();
  const auto input = InputFileName::Parse(file.input_file());
  return input ? input->file_name : "";
}

v1::Job::Type TypeOf(const JobDefinition& definition) {
  switch (definition.work_case()) {
    case JobDefinition::kExcelImport:
      return v1::Job::TYPE_EXCEL_IMPORT;
    case JobDefinition::kExcelExport:
      return v1::Job::TYPE_EXCEL_EXPORT;
    case JobDefinition::kTextImport:
      return v1::Job::TYPE_TEXT_IMPORT;
    case JobDefinition::kOther:
      return TypeOf(definition.other().raw_type());
    case JobDefinition::WORK_NOT_SET:
      return v1::Job::TYPE_UNSPECIFIED;
  }
  return v1::Job::TYPE_UNSPECIFIED;
}

}  // namespace relais::jobqueue

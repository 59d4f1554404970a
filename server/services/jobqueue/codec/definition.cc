#include <type_traits>
#include <utility>

#include "server/json/members.h"
#include "server/services/jobqueue/codec/codec.h"
#include "server/services/jobqueue/codec/job_definition.h"
#include "server/services/jobqueue/codec/marker.h"
#include "server/services/jobqueue/codec/time.h"
#include "server/services/jobqueue/codec/words.h"
#include "server/services/jobqueue/names.h"

namespace relais::jobqueue {
namespace {

using json::Malformed;
using v1::JobDefinition;
using v1::JobFile;
using Text = std::optional<std::string>;

struct WireDefinition {
  Text name, description, type, scheduled;
  std::vector<std::string> inputs;
  std::string parameters;
  Text culture;
};

absl::Status ReadParameters(json::Value value, WireDefinition& definition) {
  bool is_null = false;
  if (absl::Status status = json::ReadNull(value, is_null); !status.ok() || is_null) return status;
  return json::ReadTextOrJson(value, definition.parameters);
}

constexpr json::Member<WireDefinition> kDefinition[] = {
    {"name", json::Optional<&WireDefinition::name>},
    {"description", json::Optional<&WireDefinition::description>},
    {"type", json::Optional<&WireDefinition::type>},
    {"scheduledExecutionDate", json::Optional<&WireDefinition::scheduled>},
    {"inputFileIds", json::Into<&WireDefinition::inputs>},
    {"parameters", ReadParameters},
    {"culture", json::Optional<&WireDefinition::culture>},
};

struct WireFile {
  Text type, path;
};

constexpr json::Member<WireFile> kFile[] = {
    {"fileType", json::Into<&WireFile::type>},
    {"filePath", json::Into<&WireFile::path>},
};

struct WireRecord {
  std::optional<std::int64_t> identity, version;
};

constexpr json::Member<WireRecord> kRecord[] = {
    {"RecordHistoryIdentity", json::Into<&WireRecord::identity>},
    {"RecordVersion", json::Into<&WireRecord::version>},
};

struct WireExportParameters {
  Text database_key;
  v1::ExcelExport work;
  Text template_path;
};

absl::Status ReadRecords(json::Value value, WireExportParameters& out) {
  return json::ReadElements(value, [&out](json::Value element) -> absl::Status {
    WireRecord wire;
    if (auto status = json::ReadMembers(element, kRecord, wire); !status.ok()) return status;
    if (!wire.identity) return Malformed("a record has no identity");
    v1::ExcelExport::Record& record = *out.work.add_records();
    record.set_record_history_identity(*wire.identity);
    if (!wire.version) return absl::OkStatus();
    record.set_record_version(static_cast<std::int32_t>(*wire.version));
    return record.record_version() == *wire.version ? absl::OkStatus()
                                                    : Malformed("a version is out of range");
  });
}

constexpr json::Member<WireExportParameters> kExportParameters[] = {
    {"DatabaseKey", json::Into<&WireExportParameters::database_key>},
    {"InputRecords", ReadRecords},
    {"TemplateFileName", json::Into<&WireExportParameters::template_path>},
};

// Input files by name, in the upstream's order.
using Inputs = google::protobuf::RepeatedPtrField<std::string>;

bool ReadFiles(const std::string& parameters, std::vector<WireFile>& files) {
  const absl::Status status = json::ReadArray(parameters, [&files](json::Value element) {
    return json::ReadMembers(element, kFile, files.emplace_back());
  });
  return status.ok();
}

// Where a file of that type goes; null when it has no place. A text import has no combined files.
template <typename Import>
JobFile* PlaceOf(const std::string& type, Import& work) {
  if (type == WordOf(FileRole::kTemplate))
    return work.has_template_() ? nullptr : work.mutable_template_();
  if (type == WordOf(FileRole::kData)) return work.add_data();
  if (type == WordOf(FileRole::kAttachment)) return work.add_attachments();
  if constexpr (std::is_same_v<Import, v1::ExcelImport>) {
    if (type == WordOf(FileRole::kCombined)) return work.add_combined();
  }
  return nullptr;
}

// False when the parameters are not those of an import. Of the oldest files the upstream may have
// forgotten the ids; a file too many would be lost.
template <typename Import>
bool FillImport(const std::string& parameters, const Inputs& inputs, Import& work) {
  std::vector<WireFile> files;
  if (!ReadFiles(parameters, files) || inputs.size() > static_cast<int>(files.size())) return false;
  int at = 0;
  for (WireFile& wire : files) {
    JobFile* file = PlaceOf(wire.type.value_or(""), work);
    if (file == nullptr || !wire.path) return false;
    file->set_path(*std::move(wire.path));
    if (at < inputs.size()) file->set_input_file(inputs[at]);
    ++at;
  }
  return true;
}

bool FillExport(const std::string& parameters, const Inputs& inputs, v1::ExcelExport& work) {
  WireExportParameters wire;
  if (!json::ReadObject(parameters, kExportParameters, wire).ok() || !wire.database_key ||
      !wire.template_path || inputs.size() > 1) {
    return false;
  }
  work = std::move(wire.work);
  work.set_database_key(*std::move(wire.database_key));
  work.mutable_template_()->set_path(*std::move(wire.template_path));
  if (!inputs.empty()) work.mutable_template_()->set_input_file(inputs[0]);
  return true;
}

bool FillWork(v1::Job::Type type, const std::string& parameters, const Inputs& inputs,
              JobDefinition& definition) {
  switch (type) {
    case v1::Job::TYPE_EXCEL_IMPORT:
      return FillImport(parameters, inputs, *definition.mutable_excel_import());
    case v1::Job::TYPE_TEXT_IMPORT:
      return FillImport(parameters, inputs, *definition.mutable_text_import());
    case v1::Job::TYPE_EXCEL_EXPORT:
      return FillExport(parameters, inputs, *definition.mutable_excel_export());
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<JobDefinition> DecodeDefinition(const std::string& body, std::string_view queue) {
  WireDefinition wire;
  if (auto status = json::ReadObject(body, kDefinition, wire); !status.ok()) return status;
  JobDefinition definition;
  definition.set_display_name(std::move(wire.name).value_or(""));
  definition.set_description(StripMark(wire.description.value_or("")).text);
  SetTime(wire.scheduled, [&definition] { return definition.mutable_schedule_time(); });
  definition.set_culture(std::move(wire.culture).value_or(""));
  Inputs inputs;
  for (const std::string& upload : wire.inputs) {
    if (!IsUploadId(upload)) return Malformed("the id of an input file is not usable");
    inputs.Add(FormatInputFileName(queue, upload, ""));
  }
  const std::string type = std::move(wire.type).value_or("");
  if (FillWork(TypeOf(type), wire.parameters, inputs, definition)) return definition;
  JobDefinition::Other& other = *definition.mutable_other();  // takes the place of what was begun
  other.set_raw_type(type);
  other.set_raw_parameters(std::move(wire.parameters));
  *other.mutable_input_files() = std::move(inputs);
  return definition;
}

}  // namespace relais::jobqueue

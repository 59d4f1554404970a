#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/services/jobqueue/codec/codec.h"
#include "server/services/jobqueue/codec/job_definition.h"
#include "server/services/jobqueue/codec/marker.h"
#include "server/services/jobqueue/codec/words.h"
#include "server/services/jobqueue/names.h"

namespace relais::jobqueue {
namespace {

using Json = nlohmann::ordered_json;

// Callers' texts are valid UTF-8 (Protobuf sees to that); should one not be, it is replaced rather
// than thrown about. Other characters than ASCII are escaped, as the vendor's client does.
std::string Write(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

Json TimeOrNull(bool has, const google::protobuf::Timestamp& time) {
  return has ? Json(FormatTime(time)) : Json(nullptr);
}

Json ImportParameters(const std::vector<DefinitionFile>& files) {
  Json list = Json::array();
  for (const DefinitionFile& file : files) {
    list.push_back({{"fileType", WordOf(file.role)}, {"filePath", PathOf(*file.file)}});
  }
  return list;
}

Json ExportParameters(const v1::ExcelExport& work) {
  Json records = Json::array();
  for (const v1::ExcelExport::Record& record : work.records()) {
    records.push_back({{"RecordHistoryIdentity", record.record_history_identity()},
                       {"RecordVersion", record.has_record_version() ? Json(record.record_version())
                                                                     : Json(nullptr)}});
  }
  return {{"DatabaseKey", work.database_key()},
          {"InputRecords", std::move(records)},
          {"TemplateFileName", PathOf(work.template_())}};
}

bool Names(const google::protobuf::FieldMask& mask, std::string_view path) {
  return std::any_of(mask.paths().begin(), mask.paths().end(),
                     [path](const std::string& named) { return named == path; });
}

}  // namespace

std::string EncodeCreate(const v1::JobDefinition& definition, const Mark& mark) {
  const std::vector<DefinitionFile> files = FilesOf(definition);
  Json inputs = Json::array();
  for (const DefinitionFile& file : files) {
    const auto input = InputFileName::Parse(file.file->input_file());
    inputs.push_back(input ? input->upload : "");
  }
  const std::string description = AddMark(definition.description(), mark);
  Json json = {
      {"name", definition.display_name()},
      {"description", description.empty() ? Json(nullptr) : Json(description)},
      {"type", WordOf(TypeOf(definition))},
      {"scheduledExecutionDate",
       TimeOrNull(definition.has_schedule_time(), definition.schedule_time())},
      {"inputFileIds", std::move(inputs)},
      {"parameters",
       Write(definition.has_excel_export() ? ExportParameters(definition.excel_export())
                                           : ImportParameters(files))},
  };
  if (!definition.culture().empty()) json["culture"] = definition.culture();
  return Write(json);
}

std::string EncodeUpdate(const v1::UpdateJobRequest& request, const Mark& mark) {
  const google::protobuf::FieldMask& mask = request.update_mask();
  const v1::Job& job = request.job();
  Json json = Json::object();
  if (Names(mask, "display_name")) json["name"] = job.display_name();
  // Never null, which may well mean "leave it as it is".
  if (Names(mask, "description")) json["description"] = AddMark(job.description(), mark);
  if (Names(mask, "schedule_time"))
    json["scheduledExecutionDate"] = FormatTime(job.schedule_time());
  return Write(json);
}

std::string EncodeCancel() {
  Json json = Json::object();
  json["status"] = WordOf(v1::Job::STATE_CANCELLED);
  return Write(json);
}

std::string EncodeResubmit(const v1::ResubmitJobRequest& request, const v1::Job& old,
                           const Mark& mark) {
  const std::string& text = request.has_description() ? request.description() : old.description();
  Json json = Json::object();
  json["name"] = request.has_display_name() ? request.display_name() : old.display_name();
  json["description"] = AddMark(text, mark);
  json["scheduledExecutionDate"] = TimeOrNull(request.has_schedule_time(), request.schedule_time());
  return Write(json);
}

std::string EncodeDelete(const std::vector<std::string>& job_ids) { return Write(Json(job_ids)); }

}  // namespace relais::jobqueue

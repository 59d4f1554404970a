// What a job is created from: its files in the order in which the upstream wants them.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_JOB_DEFINITION_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_JOB_DEFINITION_H_

#include <string>
#include <string_view>
#include <vector>

#include "relais/jobqueue/v1/jobqueue.pb.h"

namespace relais::jobqueue {

enum class FileRole { kTemplate, kData, kCombined, kAttachment };

// The upstream's word, e.g. "Template".
std::string_view WordOf(FileRole role);

struct DefinitionFile {
  FileRole role;
  const v1::JobFile* file;  // lives as long as the definition
  std::string field;        // e.g. "definition.excel_import.data[1]"
};

// All files: the template, then data, combined files, attachments; none of Other.
std::vector<DefinitionFile> FilesOf(const v1::JobDefinition& definition);

// The same files in the same order, to set their `input_file` once they are uploaded.
std::vector<v1::JobFile*> MutableFilesOf(v1::JobDefinition& definition);

// The path that the job sees: the given one, else the name under which the file was uploaded; empty
// when there is neither.
std::string PathOf(const v1::JobFile& file);

// The type of the job that the definition makes; unspecified when it has no work.
v1::Job::Type TypeOf(const v1::JobDefinition& definition);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_JOB_DEFINITION_H_

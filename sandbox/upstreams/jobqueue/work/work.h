// What jobs do: files in, records and files out. No queue, no clock.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_WORK_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_WORK_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/upstreams/jobqueue/work/definition.h"
#include "sandbox/upstreams/jobqueue/work/record_table.h"

namespace relais::sandbox::jobqueue {

struct InputFile {
  FileRole role;
  std::string stored_at;  // path in the file store
};

struct LogLine {
  const char* level;  // INFO, WARN or ERROR
  std::string text;
};

struct ImportResult {
  bool successful = true;  // false: nothing is imported
  int tasks = 0;           // files of records
  int not_imported = 0;    // records that had a fault
  std::vector<std::string> errors;
  std::vector<Placement> records;
  std::vector<LogLine> log;
};

// The first worksheet of each data or combined file. When its first row has a cell "Name", "Record
// name" or "Full name", every further row is a record named there. Otherwise the sheet is a form,
// where such titles may end in a colon, and one record, named by the cell to the right of one of
// them, else by its first cell. Records lie in the folder of a column "Folder"; where there is
// none, in the folders that "Level 1" to "Level 8" of the worksheet "Import Options" name, of the
// template or of the combined file: the cell to the right, or the record's own value under that
// title. Else at the root.
ImportResult ImportExcel(const std::vector<InputFile>& files);

// The first line of a data file has titles, every further one is a record; when the template has a
// SpecimenDelimiter, only lines that begin with it. The record is named by the template's FullName,
// else by the first field, and lies in the folders of its TreeLevel elements, else at the root.
ImportResult ImportText(const std::vector<InputFile>& files);

struct ExportResult {
  int exported = 0;
  std::vector<std::string> errors;
  std::string file_name;  // empty: none
  std::vector<std::vector<std::string>> rows;
  std::vector<LogLine> log;
};

ExportResult ExportExcel(const ExportParameters& parameters, const std::string& template_path,
                         const RecordTable& records);

// What a job tells of its result, a JSON document. `created`: records that were not there before.
std::string SummaryOf(const ImportResult& result, int created);
std::string SummaryOf(const ExportResult& result);

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_WORK_H_

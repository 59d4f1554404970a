// The one table of the one database that jobs import into and export from: MI_Training, "Tensile
// Test Data".

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_RECORD_TABLE_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_RECORD_TABLE_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/upstreams/jobqueue/queue/journal.h"

namespace relais::sandbox::jobqueue {

inline constexpr char kDatabaseKey[] = "MI_Training";
inline constexpr char kTableName[] = "Tensile Test Data";
inline constexpr char kTableGuid[] = "5f1ab2c4-6d1e-4b0a-9d57-2f0c6a7e3b18";
// Every identity from 1 to this exists without having been imported.
inline constexpr int64_t kLastBuiltInIdentity = 899999;

struct Record {
  std::string history_guid{};
  std::string record_guid{};
  std::string name{};
  std::string parent{};  // the history GUID of the folder it lies in; empty: at the root
  bool is_folder = false;
  int64_t identity = 0;
};

// A record that is to be: its name, and the folders it lies in from the root on.
struct Placement {
  std::string name;
  std::vector<std::string> folders;
};

// Thread-safe.
class RecordTable {
 public:
  // Loads what the journal has. `journal` must outlive the table.
  explicit RecordTable(Journal* journal);

  // Adds the record, and those of its folders that are missing. False when that name is there
  // already and was replaced. Names are the same without regard to case.
  bool Put(const Placement& placement);
  // Records and folders of that name, without regard to case.
  std::vector<Record> Search(std::string_view name) const;
  // The names of the folders that it lies in, from the root on.
  std::vector<std::string> FoldersOf(const Record& record) const;
  // With all that lies in it when it is a folder. False when there is none.
  bool Remove(std::string_view history_guid);
  // The name of a record that exists.
  std::optional<std::string> NameOf(int64_t identity) const;

 private:
  // Under mutex_; the history GUID of what is there, or was added.
  std::string Insert(Record record);
  std::optional<std::string> Find(const std::string& name, const std::string& parent,
                                  bool is_folder) const;
  void Erase(const std::string& history_guid);

  Journal* const journal_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, Record> records_;            // by history GUID
  std::multimap<std::string, std::string> by_name_;  // lower-case name to history GUID
  int64_t last_identity_ = kLastBuiltInIdentity;
};

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_RECORD_TABLE_H_

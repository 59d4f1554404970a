// What survives a restart: documents by kind and id in an SQLite file.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_JOURNAL_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_JOURNAL_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

struct sqlite3;

namespace relais::sandbox::jobqueue {

// Thread-safe, but a batch is everybody's. A failed write ends the process: going on would forget
// what it has promised to keep.
class Journal {
 public:
  // Empty: nothing is kept, and every call is free.
  static absl::StatusOr<std::unique_ptr<Journal>> Open(const std::string& path);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  void Put(const char* kind, const std::string& id, const std::string& document);
  void Remove(const char* kind, const std::string& id);
  // In the order in which they were first put.
  std::vector<std::string> Load(const char* kind);

  // Writes between its construction and its end are one transaction.
  class Batch {
   public:
    explicit Batch(Journal& journal) : journal_(journal) { journal_.Run("BEGIN", {}); }
    ~Batch() { journal_.Run("COMMIT", {}); }
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

   private:
    Journal& journal_;
  };

 private:
  explicit Journal(sqlite3* database) : database_(database) {}
  std::vector<std::string> Run(const char* sql, const std::vector<std::string>& values);

  std::mutex mutex_;
  sqlite3* const database_;  // guarded by mutex_
};

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_JOURNAL_H_

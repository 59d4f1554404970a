// The job queue itself, without HTTP: jobs, uploads, their execution, and handles for tests.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_QUEUE_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_QUEUE_H_

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "sandbox/clock.h"
#include "sandbox/http/message.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/file_store.h"
#include "sandbox/upstreams/jobqueue/queue/job.h"
#include "sandbox/upstreams/jobqueue/queue/journal.h"
#include "sandbox/upstreams/jobqueue/work/definition.h"
#include "sandbox/upstreams/jobqueue/work/record_table.h"
#include "sandbox/upstreams/jobqueue/work/work.h"

namespace relais::sandbox::jobqueue {

struct Caller {
  std::string user;
  Permission permission = Permission::kRead;
};

// Members left empty let everything through; all must fit.
struct JobFilter {
  std::string type;         // equal
  std::string status;       // equal; a name nobody knows fits nothing
  std::string name;         // contained, without regard to case
  std::string description;  // likewise
  std::string submitter;    // equal, without regard to case
  int page_size = 0;        // 0: all
  int page_number = 1;
};

struct JobPage {
  int total = 0;
  std::vector<JobView> jobs;  // pending ones by position, then the others, newest first
};

// Every job there ever was; deleting and purging leave it.
struct LedgerEntry {
  std::string id;
  std::string name;
  std::string description;
  std::string type;
  std::string submitter;
  std::string origin;  // created, resubmitted or seeded
  absl::Time time;
};

// The contents of outputs that are made while they are sent: `count` bytes from `offset`.
void MakeBytes(uint64_t offset, char* out, size_t count);

// Thread-safe. Failures: NOT_FOUND also for jobs the caller may not see, PERMISSION_DENIED,
// INVALID_ARGUMENT, FAILED_PRECONDITION (the job's state forbids it), RESOURCE_EXHAUSTED (too
// large).
class JobQueue {
 public:
  // Loads the state and starts to work. `clock` must outlive the queue.
  static absl::StatusOr<std::unique_ptr<JobQueue>> Start(Options options,
                                                         const VirtualClock* clock);
  ~JobQueue();
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  // Returns the id of the file.
  absl::StatusOr<std::string> Upload(const Caller& caller, const FormPart& part);
  absl::StatusOr<JobView> Create(const Caller& caller, JobDefinition definition);
  JobPage List(const Caller& caller, const JobFilter& filter);
  absl::StatusOr<JobView> Get(const Caller& caller, const std::string& id);
  absl::StatusOr<JobView> Update(const Caller& caller, const std::string& id,
                                 const JobChanges& changes);
  absl::Status Delete(const Caller& caller, const std::string& id);
  absl::Status MoveToTop(const Caller& caller, const std::string& id);
  // A new job of the same work; `changes` replace name, description and schedule.
  absl::StatusOr<JobView> Resubmit(const Caller& caller, const std::string& id,
                                   const JobChanges& changes);
  absl::StatusOr<LargeBody> Output(const Caller& caller, const std::string& id,
                                   const std::string& name);

  RecordTable& records() { return *records_; }
  const Options& options() const { return options_; }
  // To be called when the clock was advanced.
  void Wake();

  // Handles for tests and the sandbox's own routes.
  std::string AddJob(const JobSeed& seed);
  std::vector<std::string> CreateJobs(int count, const JobSeed& seed = {});
  // A finished job with one output "output.bin" of that many bytes; returns its id.
  std::string AddOutput(uint64_t bytes);
  // Whatever the state was. Pending and running jobs are held there.
  absl::Status SetJobState(const std::string& id, JobStatus status);
  // Changes the description of every job, so that no list is like the one before.
  void ChangeAll();
  // 0: no further job starts.
  void SetConcurrency(int concurrency);
  std::vector<LedgerEntry> Ledger() const;

 private:
  struct UploadedFile {
    std::string owner;
    absl::Time at;
    int jobs = 0;  // that use it; it stays as long as there is one
  };
  struct Outcome {  // of a job's work; one member is set
    std::optional<ImportResult> imported{};
    std::optional<ExportResult> exported{};
    std::string failure{};
  };
  struct Run {
    Outcome outcome;
    absl::Time ends;
  };

  JobQueue(Options options, const VirtualClock* clock);

  // queue.cc; mutex_ is held.
  absl::StatusOr<Job*> Find(const Caller& caller, const std::string& id);
  absl::Status CheckInputs(const Caller& caller, const JobDefinition& definition) const;
  JobView Insert(Job job, const char* origin);
  JobView View(const Job& job) const;
  std::vector<const Job*> PendingInOrder() const;
  absl::Status Reschedule(Job& job, const JobChanges& changes);
  void Erase(const std::string& id);

  // queue_state.cc; mutex_ is held, but by Load.
  absl::Status Load();
  void Save(const Job& job);
  void SaveUpload(const std::string& id);
  void DropUpload(const std::string& id);
  void Enter(const Job& job, const char* origin);

  // queue_run.cc; mutex_ is held, but by Work, which is the thread, and CarryOut.
  void Work();
  void EndRuns();
  void Purge();
  std::optional<std::string> NextToStart() const;
  absl::Time StartOf(const Job& job) const;
  void StartJob(const std::string& id, std::unique_lock<std::mutex>& lock);
  void AwaitWork(std::unique_lock<std::mutex>& lock);
  Outcome CarryOut(const Job& job) const;

  // results.cc; mutex_ is held.
  void Finish(Job& job, const Outcome& outcome);
  void FinishImport(Job& job, const ImportResult& result);
  void FinishExport(Job& job, const ExportResult& result);
  void AddFile(Job& job, const std::string& name, const std::string& bytes);
  void AddLog(Job& job, const std::vector<LogLine>& lines);

  const Options options_;
  const VirtualClock* const clock_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<FileStore> files_;
  std::unique_ptr<RecordTable> records_;
  std::thread worker_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_.
  bool stopping_ = false;
  bool idle_ = true;  // the last job ended and none was due
  int concurrency_;
  int64_t last_number_ = 0;
  int64_t last_promotion_ = 0;
  int64_t changes_ = 0;
  absl::Time started_at_;
  absl::Time next_purge_;
  std::map<std::string, Job> jobs_;
  std::map<std::string, Run> runs_;
  std::map<std::string, UploadedFile> uploads_;
  std::vector<LedgerEntry> ledger_;
};

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_QUEUE_H_

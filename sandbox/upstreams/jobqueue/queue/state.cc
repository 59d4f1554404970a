// Start and end of a queue, what it keeps, and the handles for tests.
#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/wire_json.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;

constexpr char kJobs[] = "job";
constexpr char kUploads[] = "upload";
constexpr char kLedger[] = "ledger";

}  // namespace

JobQueue::JobQueue(Options options, const VirtualClock* clock)
    : options_(std::move(options)),
      clock_(clock),
      concurrency_(options_.concurrency),
      started_at_(clock->Now()),
      next_purge_(started_at_ + options_.purge_interval) {}

absl::StatusOr<std::unique_ptr<JobQueue>> JobQueue::Start(Options options,
                                                          const VirtualClock* clock) {
  std::unique_ptr<JobQueue> queue(new JobQueue(std::move(options), clock));
  if (absl::Status status = queue->Load(); !status.ok()) return status;
  for (const JobSeed& seed : queue->options_.jobs) queue->AddJob(seed);
  queue->worker_ = std::thread([q = queue.get()] { q->Work(); });
  return queue;
}

JobQueue::~JobQueue() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (worker_.joinable()) worker_.join();
}

absl::Status JobQueue::Load() {
  const std::string& path = options_.state_file;
  auto journal = Journal::Open(path);
  if (!journal.ok()) return journal.status();
  journal_ = *std::move(journal);
  auto files = FileStore::Open(path.empty() ? "" : absl::StrCat(path, ".files"));
  if (!files.ok()) return files.status();
  files_ = *std::move(files);
  records_ = std::make_unique<RecordTable>(journal_.get());
  try {
    for (const std::string& text : journal_->Load(kUploads)) {
      const json state = json::parse(text);
      uploads_[state.at("id")] = {state.at("owner"), absl::FromUnixNanos(state.at("at")), 0};
    }
    for (const std::string& text : journal_->Load(kJobs)) {
      Job job = FromStateJson(json::parse(text));
      // What ran when the sandbox ended begins again.
      if (job.status == JobStatus::kRunning && !job.held) job.status = JobStatus::kPending;
      last_number_ = std::max(last_number_, job.number);
      last_promotion_ = std::max(last_promotion_, job.promoted);
      for (const std::string& input : job.definition.input_ids) ++uploads_[input].jobs;
      jobs_.emplace(job.id, std::move(job));
    }
    for (const std::string& text : journal_->Load(kLedger)) {
      const json state = json::parse(text);
      ledger_.push_back({state.at("id"), state.at("name"), state.at("description"),
                         state.at("type"), state.at("submitter"), state.at("origin"),
                         absl::FromUnixNanos(state.at("time"))});
    }
  } catch (const json::exception&) {
    return absl::FailedPreconditionError(
        absl::StrCat("the state file ", path, " was not written by this version of the sandbox"));
  }
  return absl::OkStatus();
}

void JobQueue::Save(const Job& job) {
  if (!options_.state_file.empty()) journal_->Put(kJobs, job.id, Dump(ToStateJson(job)));
}

void JobQueue::SaveUpload(const std::string& id) {
  const UploadedFile& upload = uploads_.at(id);
  journal_->Put(kUploads, id,
                Dump({{"id", id}, {"owner", upload.owner}, {"at", absl::ToUnixNanos(upload.at)}}));
}

void JobQueue::DropUpload(const std::string& id) {
  files_->Remove(id);
  uploads_.erase(id);
  journal_->Remove(kUploads, id);
}

void JobQueue::Enter(const Job& job, const char* origin) {
  const JobDefinition& definition = job.definition;
  ledger_.push_back({job.id, definition.name, definition.description.value_or(""), definition.type,
                     job.submitter, origin, job.submitted});
  const LedgerEntry& entry = ledger_.back();
  journal_->Put(kLedger, entry.id,
                Dump({{"id", entry.id},
                      {"name", entry.name},
                      {"description", entry.description},
                      {"type", entry.type},
                      {"submitter", entry.submitter},
                      {"origin", entry.origin},
                      {"time", absl::ToUnixNanos(entry.time)}}));
}

void JobQueue::Wake() {
  // Under the lock, so that nobody misses it between a look at the clock and the wait.
  const std::lock_guard<std::mutex> lock(mutex_);
  wake_.notify_all();
}

std::string JobQueue::AddJob(const JobSeed& seed) {
  Job job;
  job.definition.name = seed.name;
  if (!seed.description.empty()) job.definition.description = seed.description;
  job.definition.type = seed.type;
  job.submitter = seed.submitter;
  job.roles = {"MI_READ", "MI_WRITE"};
  job.held = true;
  std::string id;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    id = Insert(std::move(job), "seeded").job.id;
  }
  (void)SetJobState(id, seed.status);
  return id;
}

std::vector<std::string> JobQueue::CreateJobs(int count, const JobSeed& seed) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) {
    JobSeed numbered = seed;
    absl::StrAppend(&numbered.name, " ", i + 1);
    ids.push_back(AddJob(numbered));
  }
  return ids;
}

std::string JobQueue::AddOutput(uint64_t bytes) {
  JobSeed seed;
  seed.name = "Large output";
  seed.type = kExcelExport;
  const std::string id = AddJob(seed);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return id;
  found->second.outputs.push_back({"output.bin", "", bytes});
  Save(found->second);
  return id;
}

absl::Status JobQueue::SetJobState(const std::string& id, JobStatus status) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return absl::NotFoundError("There is no such job.");
  Job& job = found->second;
  runs_.erase(id);
  job.held = true;
  const absl::Time now = clock_->Now();
  job.status = status;
  if (status == JobStatus::kPending) job.started.reset();
  if (status != JobStatus::kPending && !job.started) job.started = now;
  job.completed.reset();
  if (IsFinished(status)) job.completed = now;
  if (status == JobStatus::kSucceeded && !job.summary) {
    job.summary = job.definition.type == kExcelExport ? SummaryOf(ExportResult{})
                                                      : SummaryOf(ImportResult{}, 0);
  }
  Save(job);
  wake_.notify_all();
  return absl::OkStatus();
}

void JobQueue::ChangeAll() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++changes_;
  for (auto& [id, job] : jobs_) {
    job.definition.description = absl::StrCat("change ", changes_);
    Save(job);
  }
}

void JobQueue::SetConcurrency(int concurrency) {
  const std::lock_guard<std::mutex> lock(mutex_);
  concurrency_ = concurrency;
  wake_.notify_all();
}

std::vector<LedgerEntry> JobQueue::Ledger() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ledger_;
}

void MakeBytes(uint64_t offset, char* out, size_t count) {
  constexpr uint64_t kStep = 0x9E3779B97F4A7C15;
  size_t made = 0;
  while (made < count) {
    const uint64_t position = offset + made;
    const uint64_t word = (position / 8 + 1) * kStep;
    const size_t skipped = position % 8;
    const size_t taken = std::min<size_t>(8 - skipped, count - made);
    std::memcpy(out + made, reinterpret_cast<const char*>(&word) + skipped, taken);
    made += taken;
  }
}

}  // namespace relais::sandbox::jobqueue

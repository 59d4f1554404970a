// The thread that runs jobs: one after the other it does their work, whose outcome then shows when
// the job's time is over, so that several run at once.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"

namespace relais::sandbox::jobqueue {

void JobQueue::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    EndRuns();
    Purge();
    if (const std::optional<std::string> id = NextToStart()) {
      StartJob(*id, lock);
    } else {
      AwaitWork(lock);
    }
  }
}

void JobQueue::EndRuns() {
  for (auto it = runs_.begin(); it != runs_.end();) {
    if (it->second.ends > clock_->Now()) {
      ++it;
      continue;
    }
    const Run run = std::move(it->second);
    Job& job = jobs_.at(it->first);
    it = runs_.erase(it);
    Finish(job, run.outcome);
    Save(job);
  }
}

void JobQueue::Purge() {
  const absl::Time now = clock_->Now();
  if (now < next_purge_) return;
  next_purge_ = now + std::max(options_.purge_interval, absl::Milliseconds(1));
  std::vector<std::string> old;
  for (const auto& [id, job] : jobs_) {
    if (job.completed && now - *job.completed > options_.purge_age) old.push_back(id);
  }
  for (const std::string& id : old) Erase(id);
  old.clear();
  for (const auto& [id, upload] : uploads_) {
    if (upload.jobs == 0 && now - upload.at > options_.upload_life) old.push_back(id);
  }
  for (const std::string& id : old) DropUpload(id);
}

// An idle queue looks for due jobs at every polling interval, a busy one as soon as a job has
// ended.
absl::Time JobQueue::StartOf(const Job& job) const {
  const absl::Duration interval = options_.polling_interval;
  if (!idle_ || interval <= absl::ZeroDuration()) return job.Due();
  return started_at_ + absl::Ceil(job.Due() - started_at_, interval);
}

std::optional<std::string> JobQueue::NextToStart() const {
  if (runs_.size() >= static_cast<size_t>(std::max(concurrency_, 0))) return std::nullopt;
  for (const Job* job : PendingInOrder()) {
    if (!job->held && StartOf(*job) <= clock_->Now()) return job->id;
  }
  return std::nullopt;
}

void JobQueue::StartJob(const std::string& id, std::unique_lock<std::mutex>& lock) {
  idle_ = false;
  Job& job = jobs_.at(id);
  job.status = JobStatus::kRunning;
  job.started = clock_->Now();
  Save(job);
  const Job copy = job;
  lock.unlock();
  Outcome outcome = CarryOut(copy);
  lock.lock();
  const auto found = jobs_.find(id);
  const bool runs =
      found != jobs_.end() && found->second.status == JobStatus::kRunning && !found->second.held;
  if (runs) runs_[id] = {std::move(outcome), *copy.started + options_.job_time};
}

void JobQueue::AwaitWork(std::unique_lock<std::mutex>& lock) {
  absl::Time next = next_purge_;
  for (const auto& [id, run] : runs_) next = std::min(next, run.ends);
  const bool free = runs_.size() < static_cast<size_t>(std::max(concurrency_, 0));
  if (runs_.empty()) idle_ = true;
  for (const auto& [id, job] : jobs_) {
    if (free && job.status == JobStatus::kPending && !job.held) next = std::min(next, StartOf(job));
  }
  const absl::Duration wait = std::min(next - clock_->Now(), absl::Hours(1));
  if (wait > absl::ZeroDuration()) wake_.wait_for(lock, absl::ToChronoNanoseconds(wait));
}

JobQueue::Outcome JobQueue::CarryOut(const Job& job) const {
  const JobDefinition& definition = job.definition;
  const std::string parameters = definition.parameters.value_or("");
  if (definition.type == kExcelExport) {
    const absl::StatusOr<ExportParameters> read = ReadExportParameters(parameters);
    if (!read.ok()) return {{}, {}, std::string(read.status().message())};
    return {{}, ExportExcel(*read, files_->PathOf(definition.input_ids.front()), *records_)};
  }
  const absl::StatusOr<std::vector<FileRole>> roles = ReadImportParameters(parameters);
  if (!roles.ok()) return {{}, {}, std::string(roles.status().message())};
  std::vector<InputFile> files;
  for (size_t i = 0; i < roles->size(); ++i) {
    files.push_back({(*roles)[i], files_->PathOf(definition.input_ids[i])});
  }
  if (definition.type == kExcelImport) return {ImportExcel(files)};
  return {ImportText(files)};
}

}  // namespace relais::sandbox::jobqueue

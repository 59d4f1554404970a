#include "sandbox/upstreams/jobqueue/queue/queue.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace relais::sandbox::jobqueue {
namespace {

std::string Lower(const std::string& text) { return absl::AsciiStrToLower(text); }

bool Contains(const std::string& text, const std::string& wanted) {
  return Lower(text).find(Lower(wanted)) != std::string::npos;
}

bool Fits(const Job& job, const JobFilter& filter) {
  const auto equal = [](const std::string& wanted, const std::string& value) {
    return wanted.empty() || Lower(wanted) == Lower(value);
  };
  return equal(filter.type, job.definition.type) && equal(filter.status, NameOf(job.status)) &&
         equal(filter.submitter, job.submitter) &&
         (filter.name.empty() || Contains(job.definition.name, filter.name)) &&
         (filter.description.empty() ||
          Contains(job.definition.description.value_or(""), filter.description));
}

std::vector<std::string> RolesOf(Permission permission) {
  std::vector<std::string> roles = {"MI_READ"};
  if (permission != Permission::kRead) roles.emplace_back("MI_WRITE");
  if (permission == Permission::kAdmin) roles.emplace_back("MI_ADMIN");
  return roles;
}

absl::Status NoSuchJob() { return absl::NotFoundError("There is no such job."); }

}  // namespace

absl::StatusOr<std::string> JobQueue::Upload(const Caller& caller, const FormPart& part) {
  if (part.content->size() > options_.max_upload_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("The file is larger than ", options_.max_upload_bytes, " bytes."));
  }
  absl::StatusOr<std::string> id = files_->Take(*part.content);
  if (!id.ok()) return id.status();
  const std::lock_guard<std::mutex> lock(mutex_);
  uploads_[*id] = {caller.user, clock_->Now(), 0};
  SaveUpload(*id);
  return id;
}

absl::StatusOr<JobView> JobQueue::Create(const Caller& caller, JobDefinition definition) {
  if (caller.permission == Permission::kRead) {
    return absl::PermissionDeniedError("Creating jobs takes the permission to write.");
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  if (absl::Status status = CheckInputs(caller, definition); !status.ok()) return status;
  Job job;
  job.definition = std::move(definition);
  job.submitter = caller.user;
  job.roles = RolesOf(caller.permission);
  return Insert(std::move(job), "created");
}

absl::Status JobQueue::CheckInputs(const Caller& caller, const JobDefinition& definition) const {
  for (const std::string& id : definition.input_ids) {
    const auto found = uploads_.find(id);
    const bool usable =
        found != uploads_.end() && found->second.owner == caller.user &&
        (found->second.jobs > 0 || clock_->Now() - found->second.at < options_.upload_life);
    if (!usable) {
      return absl::InvalidArgumentError(
          absl::StrCat("The input file '", id, "' does not exist or has expired."));
    }
  }
  return absl::OkStatus();
}

JobView JobQueue::Insert(Job job, const char* origin) {
  job.id = NewUuid();
  job.number = ++last_number_;
  job.submitted = clock_->Now();
  for (const std::string& id : job.definition.input_ids) ++uploads_[id].jobs;
  Enter(job, origin);
  Save(job);
  const Job& stored = jobs_.emplace(job.id, std::move(job)).first->second;
  wake_.notify_all();
  return View(stored);
}

std::vector<const Job*> JobQueue::PendingInOrder() const {
  std::vector<const Job*> pending;
  for (const auto& [id, job] : jobs_) {
    if (job.status == JobStatus::kPending) pending.push_back(&job);
  }
  std::sort(pending.begin(), pending.end(), [](const Job* a, const Job* b) {
    return std::make_tuple(-a->promoted, a->Due(), a->number) <
           std::make_tuple(-b->promoted, b->Due(), b->number);
  });
  return pending;
}

JobView JobQueue::View(const Job& job) const {
  JobView view{job, std::nullopt};
  if (job.status != JobStatus::kPending) return view;
  const std::vector<const Job*> pending = PendingInOrder();
  const auto place = std::find(pending.begin(), pending.end(), &job);
  view.position = static_cast<int>(place - pending.begin()) + 1;
  return view;
}

JobPage JobQueue::List(const Caller& caller, const JobFilter& filter) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto wanted = [&](const Job& job) {
    const bool visible = caller.permission == Permission::kAdmin || job.submitter == caller.user;
    return visible && Fits(job, filter);
  };
  JobPage page;
  int position = 0;
  for (const Job* job : PendingInOrder()) {
    ++position;
    if (wanted(*job)) page.jobs.push_back({*job, position});
  }
  std::vector<const Job*> others;
  for (const auto& [id, job] : jobs_) {
    if (job.status != JobStatus::kPending && wanted(job)) others.push_back(&job);
  }
  std::sort(others.begin(), others.end(),
            [](const Job* a, const Job* b) { return a->number > b->number; });
  for (const Job* job : others) page.jobs.push_back({*job, std::nullopt});
  page.total = static_cast<int>(page.jobs.size());
  if (filter.page_size > 0) {
    const size_t size = static_cast<size_t>(filter.page_size);
    const size_t skipped = size * static_cast<size_t>(std::max(filter.page_number, 1) - 1);
    page.jobs.erase(page.jobs.begin(), page.jobs.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                               skipped, page.jobs.size())));
    if (page.jobs.size() > size) page.jobs.resize(size);
  }
  return page;
}

absl::StatusOr<Job*> JobQueue::Find(const Caller& caller, const std::string& id) {
  const auto found = jobs_.find(Lower(id));
  if (found == jobs_.end()) return NoSuchJob();
  const bool visible =
      caller.permission == Permission::kAdmin || found->second.submitter == caller.user;
  if (!visible) return NoSuchJob();
  return &found->second;
}

absl::StatusOr<JobView> JobQueue::Get(const Caller& caller, const std::string& id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::StatusOr<Job*> job = Find(caller, id);
  if (!job.ok()) return job.status();
  return View(**job);
}

absl::Status JobQueue::Reschedule(Job& job, const JobChanges& changes) {
  if (changes.scheduled && job.status != JobStatus::kPending) {
    return absl::FailedPreconditionError("Only a pending job can be rescheduled.");
  }
  if (changes.status && (*changes.status != JobStatus::kCancelled || IsFinished(job.status))) {
    return absl::FailedPreconditionError(
        "The only change of status is the cancellation of a pending or running job.");
  }
  if (changes.scheduled) {
    job.definition.scheduled = changes.scheduled;
    job.promoted = 0;
  }
  if (changes.status) {
    job.status = *changes.status;
    job.completed = clock_->Now();
    runs_.erase(job.id);
  }
  return absl::OkStatus();
}

absl::StatusOr<JobView> JobQueue::Update(const Caller& caller, const std::string& id,
                                         const JobChanges& changes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::StatusOr<Job*> job = Find(caller, id);
  if (!job.ok()) return job.status();
  if (absl::Status status = Reschedule(**job, changes); !status.ok()) return status;
  if (changes.name) (*job)->definition.name = *changes.name;
  if (changes.description) (*job)->definition.description = changes.description;
  Save(**job);
  wake_.notify_all();
  return View(**job);
}

absl::Status JobQueue::Delete(const Caller& caller, const std::string& id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::StatusOr<Job*> job = Find(caller, id);
  if (!job.ok()) return job.status();
  Erase(id);
  wake_.notify_all();
  return absl::OkStatus();
}

void JobQueue::Erase(const std::string& id) {
  const auto found = jobs_.find(Lower(id));
  const Job job = std::move(found->second);
  jobs_.erase(found);
  runs_.erase(job.id);
  journal_->Remove("job", job.id);
  for (const OutputFile& output : job.outputs) files_->Remove(output.file_id);
  for (const std::string& input : job.definition.input_ids) {
    if (--uploads_[input].jobs == 0) DropUpload(input);
  }
}

absl::Status JobQueue::MoveToTop(const Caller& caller, const std::string& id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::StatusOr<Job*> job = Find(caller, id);
  if (!job.ok()) return job.status();
  if (caller.permission != Permission::kAdmin) {
    return absl::PermissionDeniedError("Moving jobs to the top takes the permission MI_ADMIN.");
  }
  if ((*job)->status != JobStatus::kPending) {
    return absl::FailedPreconditionError("Only a pending job can be moved to the top.");
  }
  (*job)->definition.scheduled = clock_->Now();
  (*job)->promoted = ++last_promotion_;
  Save(**job);
  wake_.notify_all();
  return absl::OkStatus();
}

absl::StatusOr<JobView> JobQueue::Resubmit(const Caller& caller, const std::string& id,
                                           const JobChanges& changes) {
  if (caller.permission == Permission::kRead) {
    return absl::PermissionDeniedError("Creating jobs takes the permission to write.");
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::StatusOr<Job*> old = Find(caller, id);
  if (!old.ok()) return old.status();
  Job job;
  job.definition = (*old)->definition;
  job.definition.scheduled = changes.scheduled;
  if (changes.name) job.definition.name = *changes.name;
  if (changes.description) job.definition.description = changes.description;
  job.submitter = caller.user;
  job.roles = RolesOf(caller.permission);
  return Insert(std::move(job), "resubmitted");
}

absl::StatusOr<LargeBody> JobQueue::Output(const Caller& caller, const std::string& id,
                                           const std::string& name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::StatusOr<Job*> job = Find(caller, id);
  if (!job.ok()) return job.status();
  const std::vector<OutputFile>& outputs = (*job)->outputs;
  const auto found = std::find_if(outputs.begin(), outputs.end(),
                                  [&](const OutputFile& output) { return output.name == name; });
  if (found == outputs.end()) return absl::NotFoundError("There is no such output file.");
  if (found->file_id.empty()) {
    return LargeBody{found->made_bytes, [](uint64_t offset, char* out, size_t count) {
                       MakeBytes(offset, out, count);
                       return true;
                     }};
  }
  const int opened = open(files_->PathOf(found->file_id).c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return absl::NotFoundError("The output file is gone.");
  const std::shared_ptr<const int> file(new int(opened), [](const int* descriptor) {
    close(*descriptor);
    delete descriptor;
  });
  return LargeBody{static_cast<uint64_t>(lseek(opened, 0, SEEK_END)),
                   [file](uint64_t offset, char* out, size_t count) {
                     return pread(*file, out, count, static_cast<off_t>(offset)) ==
                            static_cast<ssize_t>(count);
                   }};
}

}  // namespace relais::sandbox::jobqueue

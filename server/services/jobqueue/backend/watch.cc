#include "server/services/jobqueue/backend/watch.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/gateway/messages/state_word.h"
#include "server/gateway/messages/wire_field.h"
#include "server/gateway/mutation.h"
#include "server/services/jobqueue/codec/words.h"
#include "server/services/jobqueue/names.h"

namespace relais::jobqueue {
namespace {

using ::relais::gateway::AppendField;
using ::relais::gateway::Serialize;

}  // namespace

watch::PolledItem PolledItemOf(const v1::Job& job) {
  const auto name = JobName::Parse(job.name());
  return {name ? name->job : "", Serialize(job), job.ended(),
          gateway::StateWord<v1::Job>(job.state())};
}

watch::Rendering RenderingFor(const std::string& queue) {
  watch::Rendering rendering;
  rendering.item = [queue](const watch::Item* item, const std::optional<watch::Resume>& resume) {
    std::string message;
    if (item != nullptr) AppendField(v1::WatchJobResponse::kJobFieldNumber, item->bytes(), message);
    if (resume)
      AppendField(v1::WatchJobResponse::kResumeTokenFieldNumber,
                  watch::EncodeResume(*resume, WatchJobArguments(queue)), message);
    return message;
  };
  rendering.changes = [queue](const watch::Changes& changes) {
    v1::WatchJobsResponse rest;
    for (const std::string& key : changes.removed) rest.add_removed_jobs(FormatJobName(queue, key));
    rest.set_restarted(changes.restarted);
    rest.set_snapshot_complete(changes.snapshot_complete);
    if (changes.resume)
      rest.set_resume_token(watch::EncodeResume(*changes.resume, WatchJobsArguments(queue)));
    // Messages that follow each other on the wire are merged.
    std::string message = Serialize(rest);
    for (const auto& item : changes.items)
      AppendField(v1::WatchJobsResponse::kJobsFieldNumber, item->bytes(), message);
    return message;
  };
  return rendering;
}

std::string WatchJobArguments(std::string_view queue) {
  return absl::StrCat("WatchJob|", View(queue));
}

std::string WatchJobsArguments(std::string_view queue) {
  return absl::StrCat("WatchJobs|", View(queue));
}

}  // namespace relais::jobqueue

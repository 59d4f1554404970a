// JobQueueService.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "sandbox/http/spooled_file.h"
#include "sandbox/upstreams/jobqueue/operations.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "sandbox/upstreams/jobqueue/upstream.h"
#include "server/services/jobqueue/names.h"
#include "tests/conformance/subjects/subjects.h"

namespace relais::conformance::jobqueue {
namespace {

using sandbox::jobqueue::QueueOperation;

using ::relais::jobqueue::FormatInputFileName;
using ::relais::jobqueue::FormatJobName;
using ::relais::jobqueue::FormatOutputFileName;
using sandbox::jobqueue::JobQueue;
using sandbox::jobqueue::JobStatus;

constexpr char kQueue[] = "queues/sandbox";
constexpr char kFileName[] = "steels.xlsx";
const sandbox::jobqueue::Caller kCaller = {"demo", sandbox::jobqueue::Permission::kAdmin};

JobQueue& QueueOf(Gateway& gateway) { return sandbox::jobqueue::QueueOf(gateway.sandbox()); }

std::string IdOf(const std::string& name) { return ::relais::jobqueue::JobName::Parse(name)->job; }

// A job that stays in that state.
std::string HeldJob(Gateway& gateway, JobStatus status) {
  sandbox::jobqueue::JobSeed seed;
  seed.status = status;
  return FormatJobName("sandbox", QueueOf(gateway).AddJob(seed));
}

// A file that the upstream has; its id.
std::string InputFile(Gateway& gateway) {
  sandbox::FormPart part;
  part.name = "file";
  part.content = sandbox::SpooledFile::Create();
  part.content->Append("no workbook", 11);
  return *QueueOf(gateway).Upload(kCaller, part);
}

// A job with everything that the upstream knows of a real one.
std::string RealJob(Gateway& gateway) {
  sandbox::jobqueue::JobDefinition definition;
  definition.name = "Steels";
  definition.type = sandbox::jobqueue::kExcelImport;
  definition.input_ids = {InputFile(gateway)};
  definition.parameters = R"([{"fileType": "Combined", "filePath": "steels.xlsx"}])";
  const auto job = QueueOf(gateway).Create(kCaller, std::move(definition));
  return FormatJobName("sandbox", job->job.id);
}

// One that has left its files.
std::string FinishedJob(Gateway& gateway) {
  const std::string name = RealJob(gateway);
  while (!IsFinished(QueueOf(gateway).Get(kCaller, IdOf(name))->job.status))
    absl::SleepFor(absl::Milliseconds(1));
  return name;
}

std::string Output(Gateway& gateway, std::uint64_t bytes) {
  return FormatOutputFileName("sandbox", QueueOf(gateway).AddOutput(bytes), "output.bin");
}

std::function<Texts(Gateway&)> HeldJobIn(JobStatus status) {
  return [status](Gateway& gateway) { return Name(HeldJob(gateway, status)); };
}

std::string Definition(const std::string& file) {
  return absl::StrCat("definition { display_name: 'Steels' excel_import { combined { ", file,
                      " } } }");
}

Texts CreateRequest(Gateway& gateway) {
  const std::string file = FormatInputFileName("sandbox", InputFile(gateway), kFileName);
  return {absl::StrCat("parent: ", Quoted(kQueue), " ",
                       Definition(absl::StrCat("input_file: ", Quoted(file))))};
}

std::vector<MethodEntry> QueueMethods() {
  return {
      {.name = "ListQueues", .request = Always({""})},
      {.name = "GetQueue",
       .asks = {QueueOperation::kVersion},
       .request = Always(Name(kQueue)),
       .tells_failures = true},
      {.name = "GetProcessingConfiguration",
       .asks = {QueueOperation::kConfiguration},
       .request = Always(Parent(kQueue))},
      {.name = "GetCurrentUser",
       .asks = {QueueOperation::kUser},
       .request = Always(Parent(kQueue))},
  };
}

std::vector<MethodEntry> SubmitMethods() {
  const std::string start = absl::StrCat("start { parent: ", Quoted(kQueue), " ");
  return {
      {.name = "UploadInputFile",
       .asks = {QueueOperation::kFilesUpload},
       .request = Always({start + "file_name: 'a.txt' }", "chunk: 'steel'", "end {}"}),
       .other = "start { file_name: 'b.txt' }"},
      {.name = "UploadInputFileContent",
       .asks = {QueueOperation::kFilesUpload},
       .request = Always({absl::StrCat("parent: ", Quoted(kQueue),
                                       " file_name: 'a.txt' size_bytes: 5 "
                                       "content { data: 'st' }"),
                          "content { data: 'eel' }"}),
       .other = "file_name: 'b.txt'"},
      {.name = "CreateJob", .asks = {QueueOperation::kJobsCreate}, .request = CreateRequest},
      {.name = "SubmitJob",
       .asks = {QueueOperation::kFilesUpload, QueueOperation::kJobsCreate},
       .request = Always({absl::StrCat(start, Definition("path: 'steels.xlsx'"), " }"),
                          "file { path: 'steels.xlsx' }", "chunk: 'no workbook'", "end {}"}),
       .other = "start { definition { display_name: 'Other steels' } }"},
      {.name = "ResubmitJob",
       .asks = {QueueOperation::kJobsGet, QueueOperation::kJobsResubmit},
       .request = [](Gateway& gateway) { return Name(RealJob(gateway)); }},
  };
}

std::vector<MethodEntry> ReadMethods() {
  return {
      {.name = "GetJob",
       .asks = {QueueOperation::kJobsGet},
       .request = HeldJobIn(JobStatus::kRunning)},
      {.name = "ListJobs",
       .asks = {QueueOperation::kJobsList},
       .request =
           [](Gateway& gateway) {
             QueueOf(gateway).CreateJobs(3);
             return Parent(kQueue);
           },
       .other = "order_by: 'display_name'",
       .plenty =
           [](Gateway& gateway) {
             QueueOf(gateway).CreateJobs(1001);
             return Parent(kQueue);
           }},
      {.name = "GetJobDefinition",
       .asks = {QueueOperation::kJobsDefinition},
       .request = [](Gateway& gateway) { return Name(RealJob(gateway)); }},
      {.name = "ListOutputFiles",
       .asks = {QueueOperation::kOutputsList},
       .request = [](Gateway& gateway) { return Parent(FinishedJob(gateway)); }},
      {.name = "DownloadOutputFile",
       .asks = {QueueOperation::kOutputsGet},
       .request = [](Gateway& gateway) { return Name(Output(gateway, 700'000)); },
       .opaque = true,
       .plenty = [](Gateway& gateway) { return Name(Output(gateway, 24 << 20)); }},
      {.name = "DownloadOutputFileContent",
       .asks = {QueueOperation::kOutputsGet},
       .request = [](Gateway& gateway) { return Name(Output(gateway, 700'000)); },
       .opaque = true,
       .plenty = [](Gateway& gateway) { return Name(Output(gateway, 24 << 20)); }},
  };
}

std::vector<MethodEntry> ChangeMethods() {
  return {
      {.name = "UpdateJob",
       .asks = {QueueOperation::kJobsUpdate},
       .request = [](Gateway& gateway) -> Texts {
         return {absl::StrCat("job { ", Name(HeldJob(gateway, JobStatus::kPending)).front(),
                              " display_name: 'New' } update_mask { paths: 'display_name' }")};
       }},
      {.name = "DeleteJob",
       .asks = {QueueOperation::kJobsDelete},
       .request = HeldJobIn(JobStatus::kSucceeded)},
      {.name = "BatchDeleteJobs",
       .asks = {QueueOperation::kJobsDelete},
       .request = [](Gateway& gateway) -> Texts {
         return {absl::StrCat(Parent(kQueue).front(),
                              " names: ", Quoted(HeldJob(gateway, JobStatus::kSucceeded)))};
       },
       .tells_failures = true},
      {.name = "CancelJob",
       .asks = {QueueOperation::kJobsUpdate},
       .request = HeldJobIn(JobStatus::kPending)},
      {.name = "MoveJobToTop",
       .asks = {QueueOperation::kJobsMove, QueueOperation::kJobsGet},
       .request = HeldJobIn(JobStatus::kPending)},
  };
}

Watched Job() {
  return {.reader = "GetJob",
          .make = [](Gateway& gateway) { return HeldJob(gateway, JobStatus::kRunning); },
          .request = [](const std::string& name) { return Name(name).front(); },
          .change =
              [](Gateway& gateway, const std::string& name, int number, std::size_t bytes) {
                sandbox::jobqueue::JobChanges changes;
                changes.description = absl::StrCat(number, " ", std::string(bytes, 'x'));
                (void)QueueOf(gateway).Update(kCaller, IdOf(name), changes);
              },
          .end =
              [](Gateway& gateway, const std::string& name) {
                (void)QueueOf(gateway).SetJobState(IdOf(name), JobStatus::kSucceeded);
              },
          .remove =
              [](Gateway& gateway, const std::string& name) {
                (void)QueueOf(gateway).Delete(kCaller, IdOf(name));
              }};
}

std::vector<MethodEntry> WatchMethods() {
  Watched jobs = Job();
  jobs.request = [](const std::string&) { return Parent(kQueue).front(); };
  return {
      {.name = "WatchJob",
       .asks = {QueueOperation::kJobsList},
       .request = HeldJobIn(JobStatus::kRunning),
       .watched = Job()},
      {.name = "WatchJobs",
       .asks = {QueueOperation::kJobsList},
       .request = Always(Parent(kQueue)),
       .watched = std::move(jobs)},
  };
}

}  // namespace

Subject MakeSubject() {
  Subject subject{.word = "jobqueue",
                  .service = "relais.jobqueue.v1.JobQueueService",
                  .resource = kQueue,
                  .settings = "jobqueue.queues.sandbox.",
                  .second = {"jobqueue.queues.other.base_url=http://127.0.0.1:9",
                             "jobqueue.queues.other.authentication.scheme=anonymous"},
                  // It writes two output files for an import.
                  .furnish =
                      [](sandbox::SandboxOptions& options) {
                        options.Of<sandbox::jobqueue::Options>().version = "25.1";
                      },
                  .methods = {}};
  for (const auto& methods :
       {QueueMethods(), SubmitMethods(), ReadMethods(), ChangeMethods(), WatchMethods()})
    subject.methods.insert(subject.methods.end(), methods.begin(), methods.end());
  return subject;
}

}  // namespace relais::conformance::jobqueue

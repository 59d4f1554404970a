#include "bench/programs/job_queue.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/programs/job_id.h"

namespace relais::bench {
namespace {

constexpr char kJson[] = "application/json";

// What the list shows of a job that runs; its description ends with zeros for the time.
std::string RunningJob(int index) {
  return absl::StrFormat(
      "{\"id\":\"%s\",\"name\":\"Steels, delivery %d\",\"description\":\"%s%019d\","
      "\"type\":\"ExcelImportJob\",\"status\":\"Running\",\"position\":null,"
      "\"submitterName\":\"LAB\\\\gateway\",\"submitterRoles\":[\"MI_ADMIN\",\"MI_POWER_USER\"],"
      "\"submissionDate\":\"2026-11-21T08:00:00.1234567Z\",\"scheduledExecutionDate\":null,"
      "\"executionDate\":\"2026-11-21T08:00:01.1234567Z\",\"completionDate\":null,"
      "\"inputFileIds\":[\"5e3a7e80-4b7e-4f0a-9d58-0d7a3f1c2b19\"],\"outputFileNames\":null,"
      "\"jobSpecificOutputs\":null}",
      JobId(index), index, kSentMark, 0);
}

std::string EndedJob() {
  return absl::StrCat(
      "{\"id\":\"", JobId(0),
      "\",\"name\":\"Steels, delivery 0\",\"description\":\"Tensile tests of the autumn, all "
      "laboratories and the two furnaces of the north works\","
      "\"type\":\"ExcelImportJob\",\"status\":\"Succeeded\",\"position\":null,"
      "\"submitterName\":\"LAB\\\\gateway\",\"submitterRoles\":[\"MI_ADMIN\",\"MI_POWER_USER\"],"
      "\"submissionDate\":\"2026-11-21T08:00:00.1234567Z\",\"scheduledExecutionDate\":null,"
      "\"executionDate\":\"2026-11-21T08:00:01.1234567Z\","
      "\"completionDate\":\"2026-11-21T08:01:02.1234567Z\","
      "\"inputFileIds\":[\"5e3a7e80-4b7e-4f0a-9d58-0d7a3f1c2b19\"],"
      "\"outputFileNames\":[\"Steels, delivery 0.log\",\"Steels, delivery 0.xlsx\"],"
      "\"jobSpecificOutputs\":{\"summary\":\"{\\\"FinishedSuccessfully\\\":true,"
      "\\\"NumberOfTasks\\\":1,\\\"NumberOfErrors\\\":0,\\\"NumberOfRecordsCreated\\\":128,"
      "\\\"NumberOfRecordsUpdated\\\":3,\\\"NumberOfRecordsNotImported\\\":0,"
      "\\\"ImportErrors\\\":[]}\"}}");
}

bool SendFile(long bytes, int socket) {
  static const std::string content(1 << 20, 'x');
  const std::string head = absl::StrCat(
      "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ", bytes,
      "\r\n\r\n");
  if (!SendAll(socket, head)) return false;
  while (bytes > 0) {
    const auto size = std::min(static_cast<std::size_t>(bytes), content.size());
    if (!SendAll(socket, std::string_view(content).substr(0, size))) return false;
    bytes -= static_cast<long>(size);
  }
  return true;
}

bool Has(const Request& request, std::string_view part) {
  return request.target.find(part) != std::string_view::npos;
}

}  // namespace

JobQueue::JobQueue(int jobs) : ended_(Reply(kJson, EndedJob())) {
  std::string body = absl::StrCat("{\"totalResultCount\":", jobs, ",\"results\":[");
  for (int i = 0; i < jobs; ++i) absl::StrAppend(&body, i == 0 ? "" : ",", RunningJob(i));
  list_ = Reply(kJson, body + "]}");
  const std::string_view mark = kSentMark;
  for (std::size_t at = list_.find(mark); at != std::string::npos; at = list_.find(mark, at + 1)) {
    stamps_.push_back(at + mark.size());
  }
}

std::string JobQueue::List() {
  ++lists_;
  const std::lock_guard lock(mu_);
  if (changing_lists_ == 0) return list_;
  --changing_lists_;
  const std::string now = absl::StrFormat("%019d", absl::GetCurrentTimeNanos());
  for (std::size_t i = 0; i < changing_; ++i) {
    list_.replace(stamps_[next_], kSentDigits, now);
    next_ = (next_ + 1) % stamps_.size();
  }
  return list_;
}

bool JobQueue::Answer(const Request& request, int socket) {
  if (Has(request, "/bench/changing/")) {
    const std::lock_guard lock(mu_);
    changing_ =
        std::min(stamps_.size(), static_cast<std::size_t>(Number(request.target, "changing/", 0)));
    changing_lists_ = Number(request.target, "/in/", std::numeric_limits<long>::max());
    return SendAll(socket, Reply("text/plain", "ok"));
  }
  if (Has(request, "/bench/lists"))
    return SendAll(socket, Reply("text/plain", absl::StrCat(lists_.load())));
  if (Has(request, "/job-queue/files"))
    return SendAll(socket, Reply("text/plain", "5e3a7e80-4b7e-4f0a-9d58-0d7a3f1c2b19"));
  if (Has(request, "/outputs:export"))
    return SendFile(Number(request.target, "fileName=", 0), socket);
  if (Has(request, "/job-queue/jobs/")) return SendAll(socket, ended_);
  return SendAll(socket, List());
}

}  // namespace relais::bench

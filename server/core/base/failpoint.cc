#include "server/core/base/failpoint.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#ifdef RELAIS_FAILPOINTS
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#endif

namespace relais {
namespace {

// Each group in the order in which its work passes them.
constexpr std::array<std::string_view, 24> kFailpointNames = {
    "submission.accepted",       // nothing is written yet
    "submission.journaled",      // it is written that there is something to send
    "submission.before_send",    // it is written that sending begins
    "submission.after_reply",    // the upstream's reply is there, not written
    "submission.before_answer",  // the answer is written, not given
    "delivery.written",          // the temporary file is on disk
    "delivery.before_rename",    // the temporary file is whole
    "delivery.renamed",          // the file has its name, which may not be on disk
    "delivery.part_sent",        // a part of an upload is there
    "delivery.before_complete",  // all parts are there
    "delivery.completed",        // the object is visible
    "delivery.before_move",      // the temporary file is whole
    "delivery.moved",            // the file has its name
    "export.runs_made",          // the runs of slots are there, the slots not marked as seen
    "export.claimed",            // it is written who carries the run out
    "export.attempt_begun",      // it is written that an attempt begins
    "export.rows_written",       // some rows are in the file
    "export.file_written",       // a file was passed through
    "export.files_whole",        // all files are on disk, which is not written
    "export.outbox_written",     // it is written where they go
    "export.before_delivery",    // nothing of a delivery was sent
    "export.after_delivery",     // it is there, which is not written
    "export.all_delivered",      // all are, and the run has not ended
    "export.end_written",        // it has
};

}  // namespace

std::vector<std::string_view> FailpointNames(std::string_view group) {
  std::vector<std::string_view> names;
  std::copy_if(kFailpointNames.begin(), kFailpointNames.end(), std::back_inserter(names),
               [&](std::string_view name) { return name.starts_with(group); });
  return names;
}

#ifdef RELAIS_FAILPOINTS
namespace {

std::atomic<const std::string_view*> armed = nullptr;  // one of kFailpointNames
std::atomic<long> passes_left = 0;

[[noreturn]] void Refuse(const std::string& value) {
  std::string names;
  for (const std::string_view name : kFailpointNames) names.append(" ").append(name);
  std::fprintf(stderr,
               "RELAIS_FAILPOINT=%s is not a failpoint: write NAME or NAME:SKIP with one of%s\n",
               value.c_str(), names.c_str());
  std::exit(2);
}

}  // namespace

bool HasFailpoints() { return true; }

void ArmFailpoint() {
  const char* const variable = std::getenv("RELAIS_FAILPOINT");
  armed.store(nullptr);
  if (variable == nullptr || *variable == '\0') return;
  const std::string value(variable);
  const std::size_t colon = value.find(':');
  const auto name =
      std::find(kFailpointNames.begin(), kFailpointNames.end(), value.substr(0, colon));
  long skip = 0;
  if (colon != std::string::npos) {
    const char* const begin = value.data() + colon + 1;
    const char* const end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(begin, end, skip);
    if (error != std::errc() || stop != end || skip < 0) Refuse(value);
  }
  if (name == kFailpointNames.end()) Refuse(value);
  passes_left.store(skip);
  armed.store(&*name);
}

void Failpoint(std::string_view name) {
  if (std::find(kFailpointNames.begin(), kFailpointNames.end(), name) == kFailpointNames.end())
    std::abort();
  const std::string_view* const wanted = armed.load();
  if (wanted == nullptr || *wanted != name) return;
  if (passes_left.fetch_sub(1) != 0) return;
  kill(getpid(), SIGKILL);
  while (true) pause();  // no thread goes on while the signal is under way
}
#else
bool HasFailpoints() { return false; }

void ArmFailpoint() {}

void Failpoint(std::string_view) {}
#endif

}  // namespace relais

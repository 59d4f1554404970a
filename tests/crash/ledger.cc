#include "tests/crash/ledger.h"

#include <set>

#include "sandbox/upstreams/jobqueue/queue/queue.h"
#include "server/services/jobqueue/names.h"

namespace relais::crash {

std::ostream& operator<<(std::ostream& out, const Verdict& verdict) {
  return out << verdict.submissions << " submissions, " << verdict.duplicates << " duplicates, "
             << verdict.lost << " lost, " << verdict.unanswered << " unanswered";
}

Verdict Judge(const std::vector<sandbox::jobqueue::LedgerEntry>& ledger, const Answers& answers,
              const std::string& queue) {
  Verdict verdict;
  std::map<std::string, std::set<std::string>> jobs;  // by submission
  for (const sandbox::jobqueue::LedgerEntry& entry : ledger) {
    std::set<std::string>& taken = jobs[entry.name];
    if (!taken.empty() || !answers.contains(entry.name)) ++verdict.duplicates;
    taken.insert(jobqueue::FormatJobName(queue, entry.id));
  }
  for (const auto& [submission, answer] : answers) {
    ++verdict.submissions;
    if (answer.empty()) ++verdict.unanswered;
    const std::set<std::string>& taken = jobs[submission];
    if (taken.empty() || (!answer.empty() && !taken.contains(answer))) ++verdict.lost;
  }
  return verdict;
}

}  // namespace relais::crash

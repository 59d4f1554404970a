// Whether submissions happened once, by the upstream's own list of the jobs it was ever given.

#ifndef RELAIS_TESTS_CRASH_LEDGER_H_
#define RELAIS_TESTS_CRASH_LEDGER_H_

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "sandbox/upstreams/jobqueue/queue/queue.h"

namespace relais::crash {

// The job of each submission as its caller was told; the submission's name is the job's display
// name. Empty: its caller was told nothing.
using Answers = std::map<std::string, std::string>;

struct Verdict {
  int submissions = 0;
  int duplicates = 0;  // jobs beyond the first of their submission, or of none
  int lost = 0;        // submissions without a job, or whose answer names another one
  int unanswered = 0;

  bool Clean() const { return duplicates == 0 && lost == 0 && unanswered == 0; }
};

std::ostream& operator<<(std::ostream& out, const Verdict& verdict);

// `answers` are those of all submissions that `ledger` may have entries of.
Verdict Judge(const std::vector<sandbox::jobqueue::LedgerEntry>& ledger, const Answers& answers,
              const std::string& queue);

}  // namespace relais::crash

#endif  // RELAIS_TESTS_CRASH_LEDGER_H_

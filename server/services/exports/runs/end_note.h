// What an export remembers of the ends of its runs: when one succeeded last, up to which period,
// and that its schedule rests after a failure.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_END_NOTE_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_END_NOTE_H_

#include "absl/status/status.h"
#include "server/services/exports/runs/run_book.h"

namespace relais::exports {

// Notes the end of a run that has just ended in its export, unless that is gone.
absl::Status NoteEnd(RunBook& book, const stored::StoredRun& ended);

// Notes what is not noted of the runs that are kept: a process may have died between the end of a
// run and its note. While no run is carried out. What somebody has decided since, such as to go on
// after a failure, stays.
absl::Status NoteMissedEnds(RunBook& book);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_END_NOTE_H_

// New runs, and old ones that are tried again.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_MAKING_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_MAKING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/services/exports/runs/run_book.h"
#include "server/services/exports/schedule/schedule.h"

namespace relais::exports {

struct NewRun {
  DataPeriod period;
  v1::ExportRun::Trigger trigger = v1::ExportRun::TRIGGER_UNSPECIFIED;
  absl::Time slot;   // when it was due
  absl::Time begin;  // when it may begin
  std::string request_id{};
};

// Makes the run of a period; false: there is one already.
absl::StatusOr<bool> MakeRun(RunBook& book, const v1::Export& definition, const NewRun& run);

// The same, ended as SKIPPED before it has begun.
absl::StatusOr<bool> MakeSkippedRun(RunBook& book, const v1::Export& definition, const NewRun& run,
                                    absl::Time now);

// The run of a period as it waits or goes on: made, or tried again with the definition of now when
// it has ended badly, or, with `again`, in any way.
absl::StatusOr<KeptRun> MakeOrRepeatRun(RunBook& book, const v1::Export& definition,
                                        const NewRun& run, bool again);

// Lets a run end as soon as it can. The run as it is kept then.
absl::StatusOr<KeptRun> RequestCancel(RunBook& book, KeptRun kept);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_MAKING_H_

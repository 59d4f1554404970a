// What is counted of exports, for metrics.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_TALLY_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_TALLY_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "prometheus/metric_family.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/services/exports/runs/run_book.h"

namespace relais::exports {

// Thread-safe.
class Tally {
 public:
  // A run of the export has ended.
  void Ended(const v1::ExportRun& run);
  // An attempt has failed and there will be another.
  void Retried(const std::string& export_id);

  // Of the run that ended last; empty: none has since the start.
  struct Last {
    std::string state{};                             // "SUCCEEDED"
    absl::Duration lateness = absl::ZeroDuration();  // from the slot to the begin
    absl::Duration duration = absl::ZeroDuration();
  };
  Last LastOf(const std::string& export_id) const;

  // Of `exports` as they are at `now`.
  std::vector<prometheus::MetricFamily> Collect(const std::vector<KeptExport>& exports,
                                                absl::Time now) const;

 private:
  struct Counts {
    std::map<std::string, std::int64_t> ended;  // by state
    std::int64_t retries = 0;
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    Last last{};
  };

  mutable std::mutex mu_;
  std::map<std::string, Counts> counts_;  // under mu_; by export
};

// Whether a run that should have succeeded by `now` has not: see Export.alert_after.
bool IsOverdue(const KeptExport& kept, absl::Time now);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_TALLY_H_

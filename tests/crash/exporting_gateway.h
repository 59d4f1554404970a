// A gateway with exports of every kind, life after life.

#ifndef RELAIS_TESTS_CRASH_EXPORTING_GATEWAY_H_
#define RELAIS_TESTS_CRASH_EXPORTING_GATEWAY_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "relais/exports/v1/exports.grpc.pb.h"
#include "sandbox/sandbox.h"
#include "tests/integration/relaisd_process.h"
#include "tests/support/temporary_folder.h"

namespace relais::crash {

inline constexpr char kRowsExport[] = "postcodes";    // rows, by hand
inline constexpr char kFilesExport[] = "answers";     // files that are passed through, by hand
inline constexpr char kNightlyExport[] = "by-night";  // rows, of every day, whenever it was missed

class ExportingGateway {
 public:
  ExportingGateway();

  // A life that will die at `failpoint`; empty: that will not. Returns when it serves or is dead.
  void Begin(const std::string& failpoint);
  void Kill();
  // -1: it was killed; see RelaisdProcess::Wait.
  int AwaitDeath() { return process_->Wait(); }
  std::string Err() const { return process_->Err(); }

  // The three exports, delivered to the outbox; fails the test when they cannot be made.
  void DefineAll();
  // Asks for the run of a period, the days from 2020-01-01; whatever becomes of the call.
  exports::v1::ExportRun AskFor(const std::string& id, int period);
  exports::v1::ExportRun RunToItsEnd(const std::string& id, int period);
  exports::v1::ExportRun AwaitEnd(const exports::v1::ExportRun& run);
  exports::v1::Export Get(const std::string& id);
  std::vector<exports::v1::ExportRun> Runs(const std::string& id);

  // Between two lives: the nightly export has not seen the slots of the last `time`, as if the
  // gateway had been away for so long.
  void ForgetSlotsOf(absl::Duration time);

  std::filesystem::path Outbox() const { return folder_.path() + "/outbox"; }
  std::filesystem::path Kept() const { return folder_.path() + "/kept/runs"; }

 private:
  const TemporaryFolder folder_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<integration::RelaisdProcess> process_;
  std::unique_ptr<exports::v1::ExportService::Stub> stub_;
};

}  // namespace relais::crash

#endif  // RELAIS_TESTS_CRASH_EXPORTING_GATEWAY_H_

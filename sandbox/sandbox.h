// The sandbox: upstream systems emulated behind one HTTP port, with faults on demand.
//
// Real enough to develop and test against: sessions expire, pages are capped, conditions are
// evaluated over real rows. Several may run in one process; each has its own port, rows, tokens and
// clock.

#ifndef RELAIS_SANDBOX_SANDBOX_H_
#define RELAIS_SANDBOX_SANDBOX_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sandbox/faults/faults.h"
#include "sandbox/http/traffic.h"
#include "sandbox/upstreams/campaign/options.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/queue.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "sandbox/upstreams/robot/options.h"

namespace relais::sandbox {

struct SandboxOptions {
  std::string host = "127.0.0.1";
  int port = 0;  // 0 = any free port
  RecordSqlOptions recordsql;
  JobQueueOptions jobqueue;
  RobotOptions robot;
  CampaignOptions campaign;
  std::vector<Fault> faults;  // in force from the start
};

namespace orchestrator {
class World;
}  // namespace orchestrator
namespace campaign {
class Instance;
}  // namespace campaign

class Sandbox {
 public:
  // Loads and listens; ready to serve when it returns.
  static absl::StatusOr<std::unique_ptr<Sandbox>> Start(SandboxOptions options = {});
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  int http_port() const;
  // "http://127.0.0.1:PORT/DhsDivaltoServiceDivaApiRest"
  std::string recordsql_url() const;
  // "http://127.0.0.1:PORT/mi_servicelayer"
  std::string jobqueue_url() const;
  // "http://127.0.0.1:PORT/sandbox-org/DefaultTenant/orchestrator_"
  std::string robot_url() const;

  // Of campaigns over TCP; over HTTP they are at http://127.0.0.1:HTTP-PORT/ALIAS/gt/v1/.
  int campaign_port() const;

  // Thread-safe, as everything below.
  FaultGate& faults();
  Traffic& traffic();
  JobQueue& jobqueue();
  // Whoever uses it holds its mutex.
  orchestrator::World& orchestrator();
  campaign::Instance& campaigns();

  void AdvanceClock(absl::Duration by);
  void ExpireTokens();
  // Adds a row to a table and returns its row id; <TABLE>_ID may be given.
  absl::StatusOr<int64_t> InsertRow(std::string_view table,
                                    const std::map<std::string, std::string>& values);

  // Ends every connection and waits for running requests. Idempotent; the destructor calls it.
  void Stop();

 private:
  class Core;
  explicit Sandbox(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

// The built-in RecordSql catalogue, for a gateway that embeds the sandbox: (file name, text) of
// every dictionary source, bases before overrides, and of the data dictionary.
std::vector<std::pair<std::string, std::string>> RecordSqlDictionarySources();
std::pair<std::string, std::string> RecordSqlDataDictionarySource();

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_SANDBOX_H_

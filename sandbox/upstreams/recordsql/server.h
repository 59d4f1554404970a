// The RecordSql REST service, without HTTP: bodies in, bodies out.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SERVER_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SERVER_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sandbox/clock.h"
#include "sandbox/upstreams/recordsql/catalogue/catalogue.h"
#include "sandbox/upstreams/recordsql/catalogue/infos.h"
#include "sandbox/upstreams/recordsql/options.h"
#include "sandbox/upstreams/recordsql/request.h"
#include "sandbox/upstreams/recordsql/sql/database.h"
#include "sandbox/upstreams/recordsql/token.h"

namespace relais::sandbox::recordsql {

// Disturbances of one reply, decided by the fault gate.
struct ReplyFaults {
  std::optional<int> error_code;
  std::string error_text;
  std::optional<int> row_cap;
  bool token_expired = false;
  bool malformed_infos = false;
  bool null_records = false;  // when there are no rows
};

// Thread-safe. Every outcome is a JSON body for HTTP status 200, as the service answers.
class Server {
 public:
  // `clock` must outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Create(Options options, const VirtualClock* clock);

  // `url_environment`: the environment named by a cloud URL, else empty.
  std::string Authenticate(std::string_view body, std::string_view url_environment,
                           const ReplyFaults& faults);
  // `bearer`: the token of the Authorization header, else empty; the body's token goes first.
  std::string Execute(std::string_view body, std::string_view bearer, const ReplyFaults& faults);

  void ExpireTokens() { tokens_.ExpireAll(); }
  absl::StatusOr<int64_t> InsertRow(std::string_view table,
                                    const std::map<std::string, std::string>& values);

  const Options& options() const { return options_; }

 private:
  struct Session {
    TokenClaims claims;
    std::string dossier;  // the account's own
    bool perf = false;
  };
  struct Outcome {  // of a successful Execute
    std::string table;
    Page page;
    std::string infos;
  };
  using Tags = std::vector<std::pair<std::string, std::string>>;

  Server(Options options, const VirtualClock* clock);
  absl::StatusOr<std::string> IssueToken(const AuthRequest& request,
                                         std::string_view url_environment, std::string& infos);
  absl::StatusOr<Session> OpenSession(const ExecuteRequest& request, std::string_view bearer,
                                      const ReplyFaults& faults) const;
  absl::StatusOr<Outcome> Run(std::string_view body, std::string_view bearer,
                              const ReplyFaults& faults);
  absl::StatusOr<Outcome> Special(const std::string& word, const Session& session);
  absl::StatusOr<Query> Prepare(const Catalogue& catalogue, const ExecuteRequest& request,
                                const Tags& tags, const Session& session, RunFacts& facts);
  std::string InfosFor(const Tags& tags, const Session& session, const RunFacts& facts);
  void ApplyDebug(const Tags& tags);
  std::shared_ptr<const Catalogue> CurrentCatalogue();
  void Reload();

  const Options options_;
  const VirtualClock* const clock_;
  TokenIssuer tokens_;
  std::unique_ptr<Database> database_;

  std::mutex mutex_;
  // Guarded by mutex_.
  std::shared_ptr<const Catalogue> catalogue_;
  absl::Time loaded_at_;
  bool debug_ = false;
  std::set<std::string> traced_accounts_;                   // got <debugenv>1 or logged in before
  std::set<std::pair<std::string, std::string>> contexts_;  // user, dossier
};

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SERVER_H_

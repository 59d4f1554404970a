// The verbs of one instance of campaigns: what is asked of the upstream, and what its answers mean.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_BACKEND_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_BACKEND_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relais/campaign/v1/campaign.pb.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/base/secret.h"
#include "server/core/base/single_flight.h"
#include "server/core/upstream/upstream.h"
#include "server/core/upstream/upstream_metrics.h"
#include "server/services/campaign/backend/commands.h"
#include "server/services/campaign/backend/sessions.h"
#include "server/services/campaign/codec/codec.h"
#include "server/services/campaign/names.h"

namespace relais::campaign {

inline constexpr char kServiceWord[] = "campaign";

struct BackendOptions {
  std::string name;  // {instance}
  UpstreamPolicy policy;
  std::string login;
  Secret password;
  Secret sha1_password;
  SessionOptions sessions;
  std::int64_t file_piece_bytes = 1 << 20;  // that are asked for at a time
};

// Who asks.
enum class Patience {
  kCaller,  // as every read
  kPoller   // one attempt: it has a back-off of its own
};

// Which kind of file.
enum class FileKind { kAnswer, kQuestionnaire };

// Every method blocks, on a worker of the connection's executor, and is thread-safe.
class Backend {
 public:
  // `transport`, `scheduler` and `metrics` outlive the backend.
  Backend(BackendOptions options, CommandTransport& transport, Scheduler& scheduler,
          UpstreamMetrics& metrics);

  // Logs on and off.
  v1::Instance::Readiness CheckReadiness(const CallContext& context);

  absl::StatusOr<std::vector<v1::Project>> ListProjects(const CallContext& context);
  absl::StatusOr<std::vector<v1::Model>> ListModels(const CallContext& context);
  absl::StatusOr<v1::Message> ReadMessage(const CallContext& context, const MessageName& message);

  absl::StatusOr<std::vector<v1::Campaign>> ListCampaigns(const CallContext& context);
  absl::StatusOr<v1::Campaign> ReadCampaign(const CallContext& context,
                                            const CampaignName& campaign);
  absl::Status DeleteCampaign(const CallContext& context, const CampaignName& campaign,
                              bool delete_history);

  // Starts an action. Not idempotent: an error with metadata `outcome: unknown` leaves open whether
  // it has happened. `command` comes of EncodeAction.
  absl::StatusOr<v1::ActionRun> Start(const CallContext& context, const Command& command);
  absl::StatusOr<v1::ActionRun> ReadRun(const CallContext& context, std::int64_t run,
                                        Patience patience = Patience::kCaller);
  absl::StatusOr<std::string> ReadRunLog(const CallContext& context, std::int64_t run,
                                         Patience patience = Patience::kCaller);

  // The polling that runs then, by a name of its own.
  absl::StatusOr<v1::Polling> StartPolling(const CallContext& context);
  // NOT_FOUND when none of this name is known. Of an earlier one only its log is still there, which
  // shows that it was.
  absl::StatusOr<v1::Polling> ReadPolling(const CallContext& context, const PollingName& polling,
                                          Patience patience = Patience::kCaller);
  absl::StatusOr<std::string> ReadPollingLog(const CallContext& context, std::int64_t polling);

  absl::StatusOr<std::vector<v1::Answer>> ListAnswers(const CallContext& context,
                                                      const CampaignName& campaign);
  absl::Status DeleteAnswer(const CallContext& context, std::int64_t answer);
  absl::Status CloseQuestionnaire(const CallContext& context, std::int64_t questionnaire,
                                  bool past_and_future);
  absl::StatusOr<FilePiece> ReadFilePiece(const CallContext& context, FileKind kind,
                                          std::int64_t id, bool editable, std::int64_t offset);

  absl::StatusOr<std::vector<v1::User>> ListUsers(const CallContext& context);
  // Not idempotent, as Start.
  absl::Status InsertUser(const CallContext& context, const v1::User& user);
  absl::StatusOr<v1::User> UpdateUser(const CallContext& context, std::int64_t id,
                                      const v1::UpdateUserRequest& request);
  absl::Status DeleteUser(const CallContext& context, std::int64_t id);

  // The right to start an action of a model (empty: of none that is known), one at a time. Waits
  // for it no longer than the call lasts.
  absl::StatusOr<SingleFlight::Lead> LockModel(const CallContext& context,
                                               const std::string& model);
  // The same for the right to create the user of a login.
  absl::StatusOr<SingleFlight::Lead> LockLogin(const CallContext& context,
                                               const std::string& login);

  const std::string& name() const { return options_.name; }
  Upstream& upstream() { return upstream_; }

 private:
  absl::StatusOr<SingleFlight::Lead> Lock(const CallContext& context, const std::string& what);
  template <typename Decode>
  std::invoke_result_t<Decode, const std::string&> Call(const CallContext& context,
                                                        const Command& command, Decode decode,
                                                        SendOptions options = {});
  // The reply goes to `read`, whose error is that of the attempt.
  absl::Status Send(const CallContext& context, const Command& command, SendOptions options,
                    absl::FunctionRef<absl::Status(const std::string& body)> read);
  absl::Status SendWith(const CallContext& context, const Command& command, SendOptions options,
                        const Secret& session,
                        absl::FunctionRef<absl::Status(const std::string& body)> read);
  // A change that the gateway does not repeat.
  absl::Status Change(const CallContext& context, const Command& command);
  absl::StatusOr<v1::ActionRun> RunIn(const std::string& body) const;
  absl::StatusOr<Secret> LogOn(const CallContext& context);

  const BackendOptions options_;
  Scheduler& scheduler_;
  CommandTransport& transport_;
  Upstream upstream_;
  SessionPool sessions_;
  SingleFlight flights_;  // by model
};

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_BACKEND_BACKEND_H_

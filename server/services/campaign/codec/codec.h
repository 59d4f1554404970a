// The wire of an instance of campaigns: JSON to and from the messages of the API. Pure: no I/O, no
// state.
//
// This is the seam. GTServer's own protocol is not public; what is written and read here is the
// reference protocol, which the sandbox and the bridge to the vendor's library speak. A codec of
// the vendor's protocol would offer the same functions.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_CODEC_CODEC_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_CODEC_CODEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "relais/campaign/v1/campaign.pb.h"
#include "server/services/campaign/names.h"

namespace relais::campaign {

// What is asked: a command of the vendor's library and its arguments, a JSON object.
struct Command {
  std::string name;
  std::string arguments = "{}";
};

// What a reply refuses, in the upstream's words.
struct Problem {
  std::string family;  // "value", "command" or "action"
  std::string code;
  std::string message;  // tidied up
  // The upstream had been asked to change something by then, and whether it has is not known:
  // family and code are guesses.
  bool sent = false;
};

// Every decoder: INTERNAL / UPSTREAM_MALFORMED_RESPONSE for whatever is not a whole, well-formed
// reply of its kind; never part of one. Members that nobody knows are no error. Fastest when `body`
// has 64 bytes of spare capacity.

// The problem that a reply tells instead of a result, if any.
absl::StatusOr<std::optional<Problem>> DecodeProblem(const std::string& body);
// A result in which nothing is looked at.
absl::Status DecodeNothing(const std::string& body);

absl::StatusOr<std::string> DecodeLogon(const std::string& body);
absl::StatusOr<std::vector<v1::Project>> DecodeProjects(const std::string& body,
                                                        std::string_view instance);
absl::StatusOr<std::vector<v1::Model>> DecodeModels(const std::string& body,
                                                    std::string_view instance);
absl::StatusOr<v1::Message> DecodeMessage(const std::string& body, const MessageName& name);
absl::StatusOr<std::vector<v1::Campaign>> DecodeCampaigns(const std::string& body,
                                                          std::string_view instance);
absl::StatusOr<std::optional<absl::CivilDay>> DecodeDate(const std::string& body);
// Those of one kind of campaign; entities whose kind the upstream does not tell are of either.
absl::StatusOr<std::vector<v1::Answer>> DecodeAnswers(const std::string& body,
                                                      std::string_view instance, bool restitution);
absl::StatusOr<v1::ActionRun> DecodeActionRun(const std::string& body, std::string_view instance);
// Of an action or a polling.
absl::StatusOr<std::string> DecodeLog(const std::string& body);

struct PollingStatus {
  bool running = false;
  std::int64_t last_id = 0;  // 0: not told
  std::string word;          // of the last one that has ended, or of the one that runs
};
absl::StatusOr<PollingStatus> DecodePollingStatus(const std::string& body);

// A piece of a file.
struct FilePiece {
  std::string file_name;
  std::int64_t size = 0;  // of the whole file
  std::string sha256;     // of the whole file, in lower case; empty: not told
  std::string content;
};
absl::StatusOr<FilePiece> DecodeFilePiece(const std::string& body);

absl::StatusOr<std::vector<v1::User>> DecodeUsers(const std::string& body,
                                                  std::string_view instance);

struct LogonWords {
  std::string login;
  std::string password;  // or
  std::string sha1;
};
Command EncodeLogon(const LogonWords& words);
Command EncodeLogout(const std::string& session);
Command EncodeGetMessage(const MessageName& message);
Command EncodeDeleteCampaign(const CampaignName& campaign, bool delete_history);
Command EncodeLastAnswerDate(const CampaignName& campaign);
Command EncodeListAnswers(const CampaignName& campaign);
Command EncodeFilePiece(const char* command, const char* key, std::int64_t id, bool editable,
                        std::int64_t offset, std::int64_t length);
Command EncodeCloseQuestionnaire(std::int64_t id, bool past_and_future);
// A command with one number.
Command EncodeNumber(const char* command, const char* key, std::int64_t number);
// A new user; or the user of that id, whole.
Command EncodeInsertUser(const v1::User& user);
Command EncodeEditUser(const v1::User& user, std::int64_t id);

// The actions; requests are complete and checked.
Command EncodeAction(const v1::LaunchCampaignRequest& request);
Command EncodeAction(const v1::IntegrateCampaignRequest& request);
Command EncodeAction(const v1::RunReportingRequest& request);
Command EncodeAction(const v1::RunQuestionnaireReportingRequest& request);
Command EncodeAction(const v1::LaunchRestitutionRequest& request);
Command EncodeAction(const v1::RunSqlActionRequest& request);
Command EncodeAction(const v1::CloseCampaignRequest& request);
Command EncodeAction(const v1::RemindCampaignRequest& request);
Command EncodeAction(const v1::RunCombinedActionRequest& request);
Command EncodeAction(const v1::RunUserCreationRequest& request);
Command EncodeAction(const v1::RemoveAnswerRightsRequest& request);
Command EncodeAction(const v1::OpenCloseQuestionnairesRequest& request);

// One frame: a command with its session.
std::string EncodeMessage(std::string_view command, std::string_view session,
                          std::string_view arguments);

// The first line of the bridge to the vendor's library (deploy/campaign-bridge). INVALID_ARGUMENT
// when `options` is neither empty nor a JSON object.
struct BridgeWords {
  std::string host{};
  int port = 0;
  bool tcp = false;
  bool tls = false;
  std::string alias{};
  std::string login{};
  std::string password{};
  std::string options{};
};
absl::StatusOr<std::string> EncodeBridgeSettings(const BridgeWords& words);

// The number at the end of a name that the gateway made.
std::int64_t NumberIn(std::string_view name);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_CODEC_CODEC_H_

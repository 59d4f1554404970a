// The wire of UiPath Orchestrator: JSON to and from the messages of the API. Pure: no I/O, no
// state.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_CODEC_CODEC_H_
#define RELAIS_SERVER_SERVICES_ROBOT_CODEC_CODEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "relais/robot/v1/robot.pb.h"
#include "server/services/robot/names.h"

namespace relais::robot {

// Every decoder: INTERNAL / UPSTREAM_MALFORMED_RESPONSE for whatever is not a whole, well-formed
// reply of its kind; never part of one. Members that nobody knows are no error. Fastest when `body`
// has 64 bytes of spare capacity.

template <typename Item>
struct Page {
  std::vector<Item> items{};            // in the upstream's order
  std::optional<std::int64_t> count{};  // of the whole result; none: not told
};

struct UpstreamFolder {
  std::int64_t id = 0;
  std::int64_t parent = 0;  // 0: none
  v1::Folder folder{};      // without its names
};
absl::StatusOr<Page<UpstreamFolder>> DecodeFolders(const std::string& body);

struct UpstreamProcess {
  std::int64_t id = 0;
  v1::Process process{};
};
absl::StatusOr<Page<UpstreamProcess>> DecodeProcesses(const std::string& body, const Place& place);

struct UpstreamRobot {
  std::int64_t id = 0;
  v1::Robot robot{};
};
absl::StatusOr<Page<UpstreamRobot>> DecodeRobots(const std::string& body, const Place& place);
// With its etag.
absl::StatusOr<v1::Robot> DecodeRobot(const std::string& body, const Place& place);

struct UpstreamSession {
  std::int64_t id = 0;
  std::int64_t robot = 0;  // 0: none is told
  v1::Session session{};   // without `state`
};
absl::StatusOr<Page<UpstreamSession>> DecodeSessions(const std::string& body, const Place& place);

struct UpstreamLog {
  absl::Time time = absl::InfinitePast();
  v1::RobotLog log{};
};
absl::StatusOr<Page<UpstreamLog>> DecodeLogs(const std::string& body);
absl::StatusOr<std::int64_t> DecodeCount(const std::string& body);

struct UpstreamJob {
  std::int64_t id = 0;
  v1::Job job{};
  std::string marker{};  // taken from the reference; empty: the gateway has not marked it
};
absl::StatusOr<UpstreamJob> DecodeJob(const std::string& body, const Place& place);
absl::StatusOr<Page<UpstreamJob>> DecodeJobs(const std::string& body, const Place& place);

absl::StatusOr<std::int64_t> DecodeUserId(const std::string& body);
absl::StatusOr<v1::SessionStats> DecodeStats(const std::string& body);

// What a refusal says of itself; whatever is not there is empty.
struct UpstreamProblem {
  std::string code{};  // errorCode: mostly a number, elsewhere a word
  std::string trace_id{};
  std::string message{};  // one line for people, in the language of the upstream's user
  // Named within the body instead of a header.
  std::optional<absl::Duration> retry_after{};
};
UpstreamProblem DecodeProblem(const std::string& body);

// The token of a password login; empty when it was refused.
absl::StatusOr<std::string> DecodePasswordLogin(const std::string& body);

// The encoders take what the service has found right.

// `body` is the robot as the upstream gave it: everything that the mask does not name stays.
// Malformed when it is none.
absl::StatusOr<std::string> EncodeRobot(const std::string& body, const v1::Robot& robot,
                                        const std::vector<std::string>& mask);
std::string EncodeRobotIds(const std::vector<std::int64_t>& ids, std::optional<bool> enabled = {});

// New credentials alone, or within the user as the upstream gave it.
std::string EncodeCredentials(const v1::UpdateUnattendedCredentialsRequest& request);
absl::StatusOr<std::string> EncodeUser(const std::string& body,
                                       const v1::UpdateUnattendedCredentialsRequest& request);

// What StartJobs of an Orchestrator takes: that of 2019.10 refuses members that it does not know,
// and knows neither references nor priorities nor the strategy for modern folders.
enum class StartForm { kOf2019, kCurrent };
// `robots` are those of the request; `marker` empty: none, as it must be of 2019.
std::string EncodeStart(const v1::StartJobsRequest& request, std::string_view release_key,
                        const std::vector<std::int64_t>& robots, std::string_view marker,
                        StartForm form);
// The field of the request that the form cannot express; null: it can express all of it.
const char* FieldBeyond(StartForm form, const v1::StartJobsRequest& request);
std::string EncodeStop(v1::StopJobRequest::Strategy strategy);
std::string EncodeRestart(std::int64_t job);
std::string EncodePasswordLogin(const std::string& tenancy, const std::string& user,
                                const std::string& password);

// Whether a text is a JSON object.
bool IsJsonObject(const std::string& text);

// The reference with the mark, in which the request id stands where there is room for it.
std::string MarkReference(std::string_view reference, std::string_view marker,
                          std::string_view request_id);
// What every mark with this marker, or with this request id, contains.
std::string BeginOfMark(std::string_view marker);
std::string EndOfMark(std::string_view request_id);

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_CODEC_CODEC_H_

// Replies of Orchestrator: every decoder over the same bytes; the bytes as a name, a problem and a
// resume token.

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/time/clock.h"
#include "server/core/base/error.h"
#include "server/json/mend.h"
#include "server/services/robot/backend/log_tail.h"
#include "server/services/robot/codec/codec.h"
#include "server/services/robot/names.h"
#include "tests/fuzz/expect.h"

namespace relais::robot {
namespace {

const Place kAnywhere = {"o", 1};

template <typename T>
bool Accepted(const absl::StatusOr<T>& decoded, const std::string& body) {
  if (!decoded.ok()) {
    Expect(HasReason(decoded.status(), Reason::kUpstreamMalformedResponse),
           "a refusal has its reason: " + decoded.status().ToString());
    return false;
  }
  Expect(nlohmann::json::accept(json::Mended(body)), "an accepted reply is well-formed JSON");
  return true;
}

template <typename Message>
void CheckMessage(const Message& message) {
  Message again;
  Expect(again.ParseFromString(message.SerializeAsString()), "a message is valid: texts are UTF-8");
}

void CheckJob(const UpstreamJob& job) {
  CheckMessage(job.job);
  Expect(job.id > 0 && JobName::Parse(job.job.name()).has_value(), "a job's name is one");
  Expect(job.job.state() != v1::Job::STATE_UNSPECIFIED, "a job has a state");
}

void CheckRobot(const std::string& body) {
  const auto robot = DecodeRobot(body, kAnywhere);
  if (!Accepted(robot, body)) return;
  CheckMessage(*robot);
  Expect(RobotName::Parse(robot->name()).has_value(), "a robot's name is one: " + robot->name());
  v1::Robot change;
  change.set_description("new");
  const auto merged = EncodeRobot(body, change, {"description"});
  if (!merged.ok()) return;  // numbers that only one of the two readers takes
  const auto again = DecodeRobot(*merged, kAnywhere);
  Expect(
      again.ok() && again->description() == "new" && again->display_name() == robot->display_name(),
      "what the mask does not name stays");
}

void RunPages(const std::string& body) {
  if (const auto page = DecodeRobots(body, kAnywhere); Accepted(page, body)) {
    for (const UpstreamRobot& robot : page->items) CheckMessage(robot.robot);
  }
  if (const auto page = DecodeSessions(body, kAnywhere); Accepted(page, body)) {
    for (const UpstreamSession& session : page->items) CheckMessage(session.session);
  }
  if (const auto page = DecodeProcesses(body, kAnywhere); Accepted(page, body)) {
    for (const UpstreamProcess& process : page->items) CheckMessage(process.process);
  }
  if (const auto page = DecodeJobs(body, kAnywhere); Accepted(page, body)) {
    for (const UpstreamJob& job : page->items) CheckJob(job);
  }
  if (const auto page = DecodeLogs(body); Accepted(page, body)) {
    for (const UpstreamLog& row : page->items) CheckMessage(row.log);
  }
  if (const auto page = DecodeFolders(body); Accepted(page, body)) {
    for (const UpstreamFolder& folder : page->items) {
      CheckMessage(folder.folder);
      Expect(folder.id > 0, "a folder has an id");
    }
  }
}

void RunDecoders(const std::string& body) {
  RunPages(body);
  CheckRobot(body);
  if (const auto job = DecodeJob(body, kAnywhere); Accepted(job, body)) CheckJob(*job);
  if (const auto count = DecodeCount(body); Accepted(count, body))
    Expect(*count >= 0, "a count is one");
  if (const auto user = DecodeUserId(body); Accepted(user, body)) Expect(*user > 0, "an id is one");
  if (const auto stats = DecodeStats(body); Accepted(stats, body)) CheckMessage(*stats);
  if (const auto token = DecodePasswordLogin(body); Accepted(token, body)) {
    Expect(token->find_first_of(" \r\n") == std::string::npos, "a token fits into a header");
  }
  const UpstreamProblem problem = DecodeProblem(body);
  v1::Robot texts;  // as any message with texts
  texts.set_display_name(problem.message);
  texts.set_description(problem.trace_id);
  CheckMessage(texts);
}

void RunTexts(const std::string& text) {
  if (const auto name = FolderName::Parse(text)) {
    const auto again = FolderName::Parse("orchestrators/" + name->orchestrator + "/folders/" +
                                         SegmentOf(name->folder));
    Expect(again && again->folder == name->folder, "a folder has one spelling of its own");
  }
  if (const auto name = ProcessName::Parse(text)) {
    Expect(name->process.find_first_of("/\\") == std::string::npos, "a process is one segment");
  }
  if (const auto name = JobName::Parse(text)) {
    Expect((name->job != 0) != !name->key.empty(), "a job has an id or a key");
  }
  (void)RobotName::Parse(text);
  (void)UserName::Parse(text);
  const auto position = LogPosition::Decode(text, "arguments");
  if (position.ok()) {
    const auto again = LogPosition::Decode(position->Encode("arguments"), "arguments");
    Expect(again.ok() && again->Encode("arguments") == position->Encode("arguments"),
           "a place comes back from its own token");
    LogTail tail({.page = 10, .window = 100}, *position);
    const LogTail::Question question = tail.NextQuestion(absl::Now());
    Expect(question.top > 0 && question.skip == 0, "a question is one");
  } else {
    Expect(HasReason(position.status(), Reason::kInvalidResumeToken), "a refusal has its reason");
  }
}

}  // namespace
}  // namespace relais::robot

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string roomy;
  roomy.reserve(size + 64);
  roomy.assign(reinterpret_cast<const char*>(bytes), size);
  relais::robot::RunDecoders(roomy);
  std::string tight = roomy;
  tight.shrink_to_fit();
  relais::robot::RunDecoders(tight);
  relais::robot::RunTexts(roomy);
  return 0;
}

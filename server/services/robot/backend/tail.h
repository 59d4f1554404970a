// One stream of log rows: asks, tells what is new, and rests when it has told all.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_BACKEND_TAIL_H_
#define RELAIS_SERVER_SERVICES_ROBOT_BACKEND_TAIL_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/backoff.h"
#include "server/core/base/call_context.h"
#include "server/core/base/scheduler.h"
#include "server/core/watch/poll_policy.h"
#include "server/services/robot/backend/backend.h"
#include "server/services/robot/backend/log_tail.h"
#include "server/services/robot/codec/odata.h"
#include "server/services/robot/names.h"

namespace relais::robot {

struct TailOptions {
  LogTailOptions tail{};
  absl::Duration poll_interval = absl::Seconds(2);
  absl::Duration heartbeat = watch::PollPolicy().heartbeat;
  odata::Condition condition{};  // of all questions
  std::string arguments;         // to what resume tokens are bound
  std::int64_t last_rows = 0;    // begin with so many; 0: with all
  std::optional<JobName> job{};  // end when it has ended and its rows are told
};

// Used by one thread at a time.
class TailReader {
 public:
  struct End {};
  // A TailRobotLogsResponse, serialized, without rows when it is a heartbeat; ask again then;
  // nothing follows.
  using News = std::variant<std::string, absl::Time, End>;

  // `backend` and `scheduler` outlive the reader.
  TailReader(Backend& backend, Scheduler& scheduler, FolderRef folder, TailOptions options,
             LogPosition position);

  // Blocks while it asks. Passing failures are outlived, unless the stream has an end: then they
  // are its caller's, who can go on with the last token.
  absl::StatusOr<News> Next(const CallContext& context);
  // What tells a caller that nothing follows, serialized.
  std::string EndMessage() const;

 private:
  struct Row {
    LogRow key;
    v1::RobotLog log;
  };

  // Asks once; whether the stream has ended.
  absl::StatusOr<bool> Ask(const CallContext& context);
  absl::StatusOr<LogTail::Step> ReadPage(const CallContext& context);
  absl::Status ReadLastRows(const CallContext& context);
  absl::StatusOr<Page<UpstreamLog>> ListLogs(const CallContext& context, odata::Query query);
  // Whether there is nothing more to come of the job, after a pass.
  absl::StatusOr<bool> JobIsTold(const CallContext& context);
  std::optional<absl::Time> WaitAfter(const absl::Status& failure);
  std::string MakeMessage();

  Backend& backend_;
  Scheduler& scheduler_;
  const FolderRef folder_;
  const TailOptions options_;
  std::optional<LogTail> tail_;  // none: not begun
  LogPosition position_;         // of what was told
  std::deque<Row> found_;        // to be told
  bool ended_ = false;
  absl::Time ask_at_ = absl::InfinitePast();      // not before
  std::optional<absl::Time> told_at_;             // the last message, or the beginning
  absl::Time pass_began_ = absl::InfinitePast();  // by the upstream's clock
  std::optional<absl::Time> job_ended_;           // the same; none: it had not when asked last
  bool in_pass_ = false;
  int failures_ = 0;                // in a row
  std::optional<Backoff> backoff_;  // while they go on
};

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_BACKEND_TAIL_H_

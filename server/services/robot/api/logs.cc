// The methods that read logs.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "server/config/forms/duration.h"
#include "server/core/base/text/text.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/robot/api/log_page.h"
#include "server/services/robot/api/paging.h"
#include "server/services/robot/api/service.h"
#include "server/services/robot/backend/tail.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

constexpr std::int64_t kMostLateness = 300;  // seconds
constexpr int kMostLastRows = 1000;

// The GUID of a job that a filter names, by itself; empty: it is none.
std::string JobKeyIn(const std::string& job) {
  if (IsGuid(job)) return job;
  const auto name = JobName::Parse(job);
  return name ? name->key : "";
}

// The job that a filter names, in the folder unless it says another.
JobName JobIn(const std::string& job, const FolderName& folder) {
  if (!IsGuid(job)) return JobName::Parse(job).value();
  JobName name{folder.orchestrator, folder.folder};
  name.key = absl::AsciiStrToLower(job);
  return name;
}

// Whether they are two folders for all that can be known without asking.
bool SurelyDiffer(const FolderRef& one, const FolderRef& other) {
  if (one.id != 0 && other.id != 0) return one.id != other.id;
  if (!one.key.empty() && !other.key.empty()) return one.key != other.key;
  return !one.path.empty() && !other.path.empty() && !absl::EqualsIgnoreCase(one.path, other.path);
}

constexpr char kOtherFolder[] = "must be a job of the folder that parent names";

void CheckFilter(const Target<FolderName>* target, const v1::RobotLogFilter& filter,
                 Violations& violations) {
  const auto job = JobName::Parse(filter.job());
  if (!filter.job().empty() && JobKeyIn(filter.job()).empty() && !job) {
    violations.Add("filter.job",
                   absl::StrCat("must be a GUID or ", gateway::PatternOf(JobName::kType).text()));
  }
  if (target != nullptr && job && job->orchestrator == target->name.orchestrator &&
      SurelyDiffer(job->folder, target->name.folder))
    violations.Add("filter.job", kOtherFolder);
  if (filter.machine_id() < 0) violations.Add("filter.machine_id", "must not be negative");
  if (filter.min_level() != v1::RobotLog::LEVEL_UNSPECIFIED && WordOf(filter.min_level()).empty())
    violations.Add("filter.min_level", "is no level that can be compared");
}

// The key by which the upstream knows the job here, which must be one of the folder.
absl::StatusOr<std::string> KeyOfJob(Backend& backend, const CallContext& context,
                                     const Place& folder, const std::string& job) {
  const auto name = JobName::Parse(job);
  if (!name) return JobKeyIn(job);
  auto place = backend.Resolve(context, name->folder);
  if (!place.ok()) return place.status();
  if (place->folder != folder.folder) return InvalidRequest({{"filter.job", kOtherFolder}});
  if (!name->key.empty()) return name->key;
  auto read = backend.ReadJob(context, *place, *name);
  if (!read.ok()) return read.status();
  return read->job.key();
}

absl::StatusOr<odata::Condition> ConditionOf(Backend& backend, const CallContext& context,
                                             const Place& folder,
                                             const v1::RobotLogFilter& filter) {
  using odata::Condition;
  std::vector<Condition> parts;
  if (!filter.job().empty()) {
    auto key = KeyOfJob(backend, context, folder, filter.job());
    if (!key.ok()) return key.status();
    parts.push_back(Condition::Compare("JobKey", "eq", odata::Guid{*key}));
  }
  if (!filter.robot_display_name().empty()) {
    parts.push_back(
        Condition::Compare("RobotName", "eq", odata::Text{filter.robot_display_name()}));
  }
  if (filter.machine_id() != 0)
    parts.push_back(Condition::Compare("MachineId", "eq", filter.machine_id()));
  if (filter.min_level() != v1::RobotLog::LEVEL_UNSPECIFIED) {
    parts.push_back(
        Condition::Compare("Level", "ge", odata::Text{std::string(WordOf(filter.min_level()))}));
  }
  return Condition::And(parts);
}

// `until` goes before the request's end_time if it is earlier.
template <typename Request>
absl::StatusOr<odata::Condition> ConditionOfRequest(Backend& backend, const CallContext& context,
                                                    const Place& folder, const Request& request,
                                                    absl::Time until = absl::InfiniteFuture()) {
  auto condition = ConditionOf(backend, context, folder, request.filter());
  if (!condition.ok()) return condition.status();
  std::vector<odata::Condition> parts = {*condition};
  if (request.has_start_time()) {
    parts.push_back(
        odata::Condition::Compare("TimeStamp", "gt", gateway::ToTime(request.start_time())));
  }
  if (request.has_end_time()) until = std::min(until, gateway::ToTime(request.end_time()));
  if (until != absl::InfiniteFuture())
    parts.push_back(odata::Condition::Compare("TimeStamp", "le", until));
  return odata::Condition::And(parts);
}

void CheckLogs(const Target<FolderName>* target, const v1::ListRobotLogsRequest& request,
               Violations& violations) {
  if (request.skip() < 0) violations.Add("skip", "must not be negative");
  if (target != nullptr && request.skip() >= target->connection->logs.window)
    violations.Add("skip", absl::StrCat("must be 0 to ", target->connection->logs.window - 1));
  CheckFilter(target, request.filter(), violations);
}

absl::Status TooDeep() {
  return Error(absl::StatusCode::kOutOfRange, Reason::kRequestOutOfRange)
         << "The upstream reaches only the first rows of so large a result; narrow the times, or "
            "tail the logs.";
}

absl::StatusOr<v1::ListRobotLogsResponse> ListRobotLogs(const Target<FolderName>& target,
                                                        const CallContext& context,
                                                        const v1::ListRobotLogsRequest& request) {
  v1::ListRobotLogsRequest bound = request;
  bound.clear_page_size();
  bound.clear_page_token();
  const std::string arguments = "ListRobotLogs|" + gateway::Serialize(bound);
  const auto size = PageSize(request.page_size(), kStandardPage, kMostRows);
  if (!size.ok()) return size.status();
  auto at = LogPage::Read(request.page_token(), request.skip(), arguments);
  if (!at.ok()) return at.status();
  Backend& backend = target.backend();
  auto place = backend.Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  auto condition = ConditionOfRequest(backend, context, *place, request, at->until);
  if (!condition.ok()) return condition.status();
  // The last rows that can be reached make a smaller page.
  odata::Query query{.top = std::min(*size, target.connection->logs.window - 1 - at->skip),
                     .filter = *std::move(condition),
                     .order_by = "TimeStamp desc"};
  if (*query.top <= 0) return TooDeep();
  if (at->skip > 0) query.skip = at->skip;
  auto page = backend.ListLogs(context, *place, query);
  if (!page.ok()) return page.status();
  gateway::FitIntoReply(page->items, &UpstreamLog::log);
  v1::ListRobotLogsResponse response;
  if (page->count) response.set_total_size(at->passed - at->skip + *page->count);
  response.set_next_page_token(at->NextToken(page->items, page->count, arguments));
  for (UpstreamLog& row : page->items) *response.add_logs() = std::move(row.log);
  return response;
}

void CheckCount(const Target<FolderName>* target, const v1::CountRobotLogsRequest& request,
                Violations& violations) {
  CheckFilter(target, request.filter(), violations);
}

absl::StatusOr<v1::CountRobotLogsResponse> CountRobotLogs(
    const Target<FolderName>& target, const CallContext& context,
    const v1::CountRobotLogsRequest& request) {
  auto place = target.backend().Resolve(context, target.name.folder);
  if (!place.ok()) return place.status();
  auto condition = ConditionOfRequest(target.backend(), context, *place, request);
  if (!condition.ok()) return condition.status();
  odata::Query query;
  query.filter = *std::move(condition);
  auto count = target.backend().CountLogs(context, *place, query);
  if (!count.ok()) return count.status();
  v1::CountRobotLogsResponse response;
  response.set_count(*count);
  return response;
}

void CheckTail(const Target<FolderName>* target, const v1::TailRobotLogsRequest& request,
               Violations& violations) {
  CheckFilter(target, request.filter(), violations);
  const absl::Duration allowed_lateness = config::ToAbsl(request.allowed_lateness());
  if (allowed_lateness < absl::ZeroDuration() || allowed_lateness > absl::Seconds(kMostLateness))
    violations.Add("allowed_lateness", absl::StrCat("must be 0s to ", kMostLateness, "s"));
  if (request.last_rows() < 0 || request.last_rows() > kMostLastRows) {
    violations.Add("last_rows", absl::StrCat("must be 0 to ", kMostLastRows));
  } else if (request.last_rows() > 0 && request.has_start_time()) {
    violations.Add("last_rows", "must be 0 with start_time");
  }
  if (request.end_with_job() && request.filter().job().empty())
    violations.Add("end_with_job", "needs filter.job");
}

// What tokens are bound to: which rows, not how they are told.
std::string TailArguments(v1::TailRobotLogsRequest request) {
  request.clear_resume_token();
  request.clear_allowed_lateness();
  request.clear_history_only();
  request.clear_last_rows();
  request.clear_end_with_job();
  return "TailRobotLogs|" + gateway::Serialize(request);
}

// One tail: its filter may need a question of its own, so the reader is made on a worker.
class Tail {
 public:
  Tail(Target<FolderName> target, v1::TailRobotLogsRequest request, LogPosition position)
      : target_(std::move(target)), request_(std::move(request)), position_(std::move(position)) {}

  absl::StatusOr<rpc::RowNews> Next(const CallContext& context) {
    if (ended_) return rpc::RowNews(std::nullopt);
    if (reader_ == nullptr) {
      if (absl::Status status = Open(context); !status.ok()) return status;
    }
    auto news = reader_->Next(context);
    if (!news.ok()) return news.status();
    if (const auto* later = std::get_if<absl::Time>(&*news)) return rpc::RowNews::At(*later);
    if (auto* message = std::get_if<std::string>(&*news))
      return rpc::RowNews(rpc::BufferOf(std::move(*message)));
    ended_ = true;
    return rpc::RowNews(rpc::BufferOf(reader_->EndMessage()));
  }

 private:
  absl::Status Open(const CallContext& context) {
    auto place = target_.backend().Resolve(context, target_.name.folder);
    if (!place.ok()) return place.status();
    auto condition = ConditionOf(target_.backend(), context, *place, request_.filter());
    if (!condition.ok()) return condition.status();
    const LogSettings& settings = target_.connection->logs;
    TailOptions options;
    options.tail.allowed_lateness = request_.has_allowed_lateness()
                                        ? config::ToAbsl(request_.allowed_lateness())
                                        : settings.allowed_lateness;
    options.tail.grace = std::max(settings.grace, options.tail.allowed_lateness);
    options.tail.page = std::min<std::int64_t>(settings.page_size, settings.window / 2);
    options.tail.window = settings.window;
    options.tail.history_only = request_.history_only();
    if (request_.has_start_time()) options.tail.start = gateway::ToTime(request_.start_time());
    options.poll_interval = settings.poll_interval;
    options.heartbeat = settings.heartbeat;
    options.condition = *std::move(condition);
    options.arguments = TailArguments(request_);
    if (request_.resume_token().empty()) options.last_rows = request_.last_rows();
    if (request_.end_with_job()) options.job = JobIn(request_.filter().job(), target_.name);
    reader_ =
        std::make_unique<TailReader>(target_.backend(), *target_.connection->scheduler,
                                     target_.name.folder, std::move(options), std::move(position_));
    return absl::OkStatus();
  }

  const Target<FolderName> target_;
  const v1::TailRobotLogsRequest request_;
  LogPosition position_;
  std::unique_ptr<TailReader> reader_;
  bool ended_ = false;
};

absl::StatusOr<rpc::NextRow> TailRobotLogs(const Target<FolderName>& target,
                                           const v1::TailRobotLogsRequest& request) {
  LogPosition position;
  if (!request.resume_token().empty()) {
    auto decoded = LogPosition::Decode(request.resume_token(), TailArguments(request));
    if (!decoded.ok()) return decoded.status();
    position = *std::move(decoded);
  }
  return [tail = std::make_shared<Tail>(target, request, std::move(position))](
             const CallContext& context) { return tail->Next(context); };
}

}  // namespace

void AddLogMethods(Methods& methods) {
  methods.Unary("ListRobotLogs", ListRobotLogs, CheckLogs);
  methods.Unary("CountRobotLogs", CountRobotLogs, CheckCount);
}

void AddTailMethod(Methods& methods) { methods.Rows("TailRobotLogs", TailRobotLogs, CheckTail); }

}  // namespace relais::robot

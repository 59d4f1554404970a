// Runs and pollings, read one at a time; their logs.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/aip/continuation.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/services/campaign/api/service.h"
#include "server/services/campaign/backend/watch.h"

namespace relais::campaign {
namespace {

constexpr int kMostBatchBytes = 64 << 10;

absl::StatusOr<v1::ActionRun> GetActionRun(const Target<ActionRunName>& target,
                                           const CallContext& context,
                                           const v1::GetActionRunRequest&) {
  return target.backend().ReadRun(context, target.name.id);
}

absl::StatusOr<v1::Polling> StartPolling(const Target<InstanceName>& target,
                                         const CallContext& context,
                                         const v1::StartPollingRequest& request) {
  return gateway::Remember<v1::Polling>(target, context, request, [&](const CallContext& call) {
    auto polling = target.backend().StartPolling(call);
    target.connection->polling_hubs->Invalidate();
    return polling;
  });
}

absl::StatusOr<v1::Polling> GetPolling(const Target<PollingName>& target,
                                       const CallContext& context, const v1::GetPollingRequest&) {
  return target.backend().ReadPolling(context, target.name);
}

// A log that is read once and handed out in batches.
template <typename Response>
class LogReading {
 public:
  using Fetch = std::function<absl::StatusOr<std::string>(const CallContext&)>;

  LogReading(Fetch fetch, std::string arguments, std::int64_t from, std::size_t batch_bytes)
      : fetch_(std::move(fetch)),
        fingerprint_(Fingerprint(arguments)),
        from_(from),
        batch_bytes_(batch_bytes) {}

  absl::StatusOr<rpc::RowNews> Next(const CallContext& context) {
    if (!fetched_) {
      absl::StatusOr<std::string> log = fetch_(context);
      if (!log.ok()) return log.status();
      batches_ = CutLog(*log, from_, batch_bytes_, /*whole=*/true);
      // The end is told also when nothing is new.
      if (batches_.empty()) batches_.push_back({.begin = from_, .end = from_, .lines = {}});
      fetched_ = true;
    }
    if (next_ == batches_.size()) return rpc::RowNews(std::nullopt);
    LogBatch batch = std::move(batches_[next_++]);
    Response response;
    for (v1::LogLine& line : batch.lines) *response.add_lines() = std::move(line);
    response.set_resume_token(EncodeContinuation({.offset = batch.end, .key = {}}, fingerprint_));
    response.set_end_of_stream(next_ == batches_.size());
    return rpc::RowNews(rpc::BufferOf(response));
  }

 private:
  const Fetch fetch_;
  const std::uint64_t fingerprint_;
  const std::int64_t from_;
  const std::size_t batch_bytes_;
  bool fetched_ = false;
  std::vector<LogBatch> batches_;
  std::size_t next_ = 0;
};

// Where a log is read on; `fetch` reads the whole.
template <typename Response, typename Request>
absl::StatusOr<rpc::NextRow> ReadLog(std::string_view method, const Request& request,
                                     typename LogReading<Response>::Fetch fetch) {
  if (request.batch_bytes() < 0) return InvalidRequest({{"batch_bytes", "must not be negative"}});
  const std::string arguments = absl::StrCat(View(method), "|", request.name());
  std::int64_t from = 0;
  if (!request.resume_token().empty()) {
    auto decoded = DecodeContinuation(request.resume_token(), Fingerprint(arguments),
                                      Reason::kInvalidResumeToken);
    if (!decoded.ok()) return decoded.status();
    from = decoded->offset;
  }
  const int bytes = request.batch_bytes() == 0 ? kMostBatchBytes
                                               : std::min(request.batch_bytes(), kMostBatchBytes);
  auto reading = std::make_shared<LogReading<Response>>(std::move(fetch), arguments, from,
                                                        static_cast<std::size_t>(bytes));
  return [reading](const CallContext& context) { return reading->Next(context); };
}

absl::StatusOr<rpc::NextRow> ReadActionRunLog(const Target<ActionRunName>& target,
                                              const v1::ReadActionRunLogRequest& request) {
  return ReadLog<v1::ReadActionRunLogResponse>(
      target.method, request, [target](const CallContext& context) {
        return target.backend().ReadRunLog(context, target.name.id);
      });
}

absl::StatusOr<std::string> FetchPollingLog(const Target<PollingName>& target,
                                            const CallContext& context) {
  std::int64_t id = target.name.id;
  if (id == 0 || target.name.after) {
    auto polling = target.backend().ReadPolling(context, target.name);
    if (!polling.ok()) return polling.status();
    const auto told = PollingName::Parse(polling->name());
    if (!told || told->id == 0 || told->after) {
      return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
             << "The upstream tells the id of a polling, without which there is no log, when it "
                "has ended.";
    }
    id = told->id;
  }
  return target.backend().ReadPollingLog(context, id);
}

absl::StatusOr<rpc::NextRow> ReadPollingLog(const Target<PollingName>& target,
                                            const v1::ReadPollingLogRequest& request) {
  return ReadLog<v1::ReadPollingLogResponse>(
      target.method, request,
      [target](const CallContext& context) { return FetchPollingLog(target, context); });
}

}  // namespace

void AddWorkMethods(Methods& methods) {
  methods.Unary("GetActionRun", GetActionRun, nullptr, rpc::kHot);
  methods.Unary("StartPolling", StartPolling);
  methods.Unary("GetPolling", GetPolling);
  methods.Rows("ReadActionRunLog", ReadActionRunLog);
  methods.Rows("ReadPollingLog", ReadPollingLog);
}

}  // namespace relais::campaign

// The methods about runs.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "server/core/aip/filter.h"
#include "server/core/base/error.h"
#include "server/gateway/list.h"
#include "server/services/exports/api/day.h"
#include "server/services/exports/api/service.h"
#include "server/services/exports/runs/definitions.h"
#include "server/services/exports/runs/making.h"

namespace relais::exports {
namespace {

using FieldType = FilterField::Type;

constexpr int kMostPeriods = 1000;

void CheckRun(const Target<ExportName>*, const v1::RunExportRequest& request,
              Violations& violations) {
  if (request.has_date()) CheckDay(request.date(), "date", violations);
}

// A run was changed: whoever plans and whoever watches it looks anew.
void LookAgain(Connection& connection, const std::string& run) {
  connection.engine->Wake();
  connection.hubs->Invalidate(run);
}

// A run that is due now, by `trigger`.
NewRun DueNow(const DataPeriod& period, v1::ExportRun::Trigger trigger, absl::Time now,
              const std::string& request_id) {
  return {period, trigger, now, now, request_id};
}

absl::StatusOr<v1::ExportRun> RunExport(const Target<ExportName>& target,
                                        const CallContext& context,
                                        const v1::RunExportRequest& request) {
  Connection& connection = *target.connection;
  return gateway::Remember<v1::ExportRun>(
      target, context, request, [&](const CallContext&) -> absl::StatusOr<v1::ExportRun> {
        auto kept = ExportOf(connection, target.name.id);
        if (!kept.ok()) return kept.status();
        const absl::Time now = connection.shared.scheduler.Wall();
        const SlotPlan periods = PeriodsOf(kept->definition());
        const DataPeriod period =
            request.has_date() ? periods.PeriodOf(*DayOf(request.date())) : periods.LastPeriod(now);
        auto run = MakeOrRepeatRun(
            connection.book, kept->definition(),
            DueNow(period, v1::ExportRun::TRIGGER_MANUAL, now, request.request_id()),
            request.again());
        if (!run.ok()) return run.status();
        LookAgain(connection, run->run().name());
        return connection.engine->Tell(*run);
      });
}

void CheckBackfill(const Target<ExportName>*, const v1::BackfillExportRequest& request,
                   Violations& violations) {
  if (request.has_first_date()) CheckDay(request.first_date(), "first_date", violations);
  if (request.has_last_date()) CheckDay(request.last_date(), "last_date", violations);
  const auto first = DayOf(request.first_date());
  const auto last = DayOf(request.last_date());
  if (first && last && *last < *first) violations.Add("last_date", "must not be before first_date");
  if (first && last && *last - *first > 366 * 100)
    violations.Add("last_date", "must be within 100 years of first_date");
}

// The periods from one day to another, which must be over.
absl::StatusOr<std::vector<DataPeriod>> PeriodsBetween(const SlotPlan& plan, absl::CivilDay first,
                                                       absl::CivilDay last, absl::Time now) {
  std::vector<DataPeriod> periods;
  for (absl::CivilDay day = first; day <= last; ++day) {
    DataPeriod period = plan.PeriodOf(day);
    if (period.end > now)
      return InvalidRequest({{"last_date", "must be a day of a period that is over"}});
    const bool known = !periods.empty() && periods.back() == period;
    if (!known) periods.push_back(std::move(period));
    if (periods.size() > kMostPeriods) {
      return InvalidRequest(
          {{"last_date", absl::StrCat("must leave at most ", kMostPeriods, " periods")}});
    }
  }
  return periods;
}

absl::StatusOr<v1::BackfillExportResponse> BackfillExport(
    const Target<ExportName>& target, const CallContext& context,
    const v1::BackfillExportRequest& request) {
  Connection& connection = *target.connection;
  return gateway::Remember<v1::BackfillExportResponse>(
      target, context, request,
      [&](const CallContext&) -> absl::StatusOr<v1::BackfillExportResponse> {
        auto kept = ExportOf(connection, target.name.id);
        if (!kept.ok()) return kept.status();
        const absl::Time now = connection.shared.scheduler.Wall();
        auto periods = PeriodsBetween(PeriodsOf(kept->definition()), *DayOf(request.first_date()),
                                      *DayOf(request.last_date()), now);
        if (!periods.ok()) return periods.status();
        v1::BackfillExportResponse response;
        absl::Time due = now;
        for (const DataPeriod& period : *periods) {
          // A microsecond apart, so that they run in their order.
          due += absl::Microseconds(1);
          auto run = MakeOrRepeatRun(
              connection.book, kept->definition(),
              DueNow(period, v1::ExportRun::TRIGGER_BACKFILL, due, request.request_id()),
              request.again());
          if (!run.ok()) return run.status();
          if (run->run().ended()) continue;
          LookAgain(connection, run->run().name());
          *response.add_runs() = connection.engine->Tell(*run);
        }
        return response;
      });
}

std::vector<std::string> EnumWords(const google::protobuf::EnumDescriptor& all,
                                   std::size_t prefix) {
  std::vector<std::string> words;
  for (int i = 0; i < all.value_count(); ++i) {
    if (all.value(i)->number() != 0) words.emplace_back(all.value(i)->name().substr(prefix));
  }
  return words;
}

const std::vector<FilterField>& RunFields() {
  static const auto* const kFields = new std::vector<FilterField>{
      {"state", FieldType::kEnum, EnumWords(*v1::ExportRun::State_descriptor(), sizeof("STATE"))},
      {"trigger", FieldType::kEnum,
       EnumWords(*v1::ExportRun::Trigger_descriptor(), sizeof("TRIGGER"))},
      {"period", FieldType::kText},
      {"request_id", FieldType::kText},
      {"ended", FieldType::kBool},
      {"succeeded", FieldType::kBool}};
  return *kFields;
}

std::optional<FilterValue> RunValue(const v1::ExportRun& run, std::string_view field) {
  if (field == "state") return v1::ExportRun::State_Name(run.state()).substr(sizeof("STATE"));
  if (field == "trigger")
    return v1::ExportRun::Trigger_Name(run.trigger()).substr(sizeof("TRIGGER"));
  if (field == "period") return run.period().id();
  if (field == "request_id") return run.request_id();
  return field == "ended" ? run.ended() : run.succeeded();
}

void CheckListRuns(const Target<ExportName>*, const v1::ListExportRunsRequest& request,
                   Violations& violations) {
  violations.AddAll(ParseFilter(request.filter(), RunFields()).status());
}

absl::StatusOr<v1::ListExportRunsResponse> ListExportRuns(
    const Target<ExportName>& target, const CallContext&,
    const v1::ListExportRunsRequest& request) {
  Connection& connection = *target.connection;
  if (auto kept = ExportOf(connection, target.name.id); !kept.ok()) return kept.status();
  const auto filter = ParseFilter(request.filter(), RunFields());
  if (!filter.ok()) return filter.status();
  auto kept = connection.book.ListRuns(target.name.id);
  if (!kept.ok()) return kept.status();
  std::erase_if(*kept, [&filter](const KeptRun& run) {
    return !Matches(*filter, [&run](std::string_view field) { return RunValue(run.run(), field); });
  });
  std::reverse(kept->begin(), kept->end());
  return gateway::AnswerPage(
      request, absl::StrCat("ListExportRuns|", request.parent(), "|", request.filter()),
      kept->size(), &v1::ListExportRunsResponse::mutable_runs,
      [&](std::size_t i, v1::ExportRun& run) { run = connection.engine->Tell((*kept)[i]); });
}

std::string TextOfName(const RunName& name) { return RunNameOf(name.id, name.run); }

absl::StatusOr<v1::ExportRun> GetExportRun(const Target<RunName>& target, const CallContext&,
                                           const v1::GetExportRunRequest&) {
  auto kept = RunOf(*target.connection, TextOfName(target.name));
  if (!kept.ok()) return kept.status();
  return target.connection->engine->Tell(*kept);
}

absl::StatusOr<v1::ExportRun> CancelExportRun(const Target<RunName>& target,
                                              const CallContext& context,
                                              const v1::CancelExportRunRequest& request) {
  Connection& connection = *target.connection;
  return gateway::Remember<v1::ExportRun>(
      target, context, request, [&](const CallContext&) -> absl::StatusOr<v1::ExportRun> {
        const std::string name = TextOfName(target.name);
        auto kept = RunOf(connection, name);
        if (!kept.ok()) return kept.status();
        auto cancelled = RequestCancel(connection.book, *std::move(kept));
        if (!cancelled.ok()) return cancelled.status();
        connection.engine->StopRun(name, StopCause::kCancelled);
        LookAgain(connection, name);
        return connection.engine->Tell(*cancelled);
      });
}

}  // namespace

void AddRunMethods(Methods& methods) {
  methods.Unary("RunExport", RunExport, CheckRun);
  methods.Unary("BackfillExport", BackfillExport, CheckBackfill);
  methods.Unary("ListExportRuns", ListExportRuns, CheckListRuns);
  methods.Unary("GetExportRun", GetExportRun);
  methods.Unary("CancelExportRun", CancelExportRun);
}

}  // namespace relais::exports

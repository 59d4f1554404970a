#include "server/services/exports/runs/plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/config/forms/duration.h"
#include "server/core/base/error.h"
#include "server/core/base/sha256.h"
#include "server/core/base/text/view.h"
#include "server/gateway/messages/timestamp.h"
#include "server/gateway/mutation.h"
#include "server/gateway/names.h"
#include "server/gateway/request_rules.h"
#include "server/services/exports/format/check.h"
#include "server/services/exports/format/table_writer.h"
#include "server/services/exports/runs/run_book.h"
#include "server/services/exports/source/row_stream.h"

namespace relais::exports {
namespace {

constexpr std::size_t kMostDisplayName = 200;
constexpr std::size_t kMostGroup = 63;
constexpr int kMostDeliveries = 20;
constexpr int kMostRetries = 100;
constexpr char kDefaultFileName[] = "${export}_${period}${extension}";
constexpr char kDefaultFilesName[] = "${export}_${period}/${file}";

// A duration field that may be absent, within its range.
void CheckRange(const google::protobuf::Duration& given, absl::Duration least, absl::Duration most,
                const std::string& field, Violations& violations) {
  const absl::Duration value = config::ToAbsl(given);
  if (value == absl::ZeroDuration()) return;
  if (value < least || value > most) {
    violations.Add(field, absl::StrCat("must be ", absl::FormatDuration(least), " to ",
                                       absl::FormatDuration(most), ", or 0"));
  }
}

void CheckRetry(const v1::RetryPolicy& retry, const std::string& path, Violations& violations) {
  constexpr absl::Duration kDay = absl::Hours(24);
  CheckRange(retry.initial_backoff(), absl::Seconds(1), kDay, path + ".initial_backoff",
             violations);
  CheckRange(retry.max_backoff(), absl::Seconds(1), kDay, path + ".max_backoff", violations);
  if (retry.max_attempts() < 0 || retry.max_attempts() > kMostRetries)
    violations.Add(path + ".max_attempts", absl::StrCat("must be 0 to ", kMostRetries));
}

// A sentence of an error without a field, at a field.
void AddAt(const std::string& field, const absl::Status& status, Violations& violations) {
  if (status.ok()) return;
  const ErrorDetails details = DetailsOf(status);
  violations.Add(field, details.violations.empty() ? std::string(status.message())
                                                   : details.violations.front().description);
}

void CheckDeliveries(const v1::Export& definition, const std::string& path,
                     const PlaceholderValues& values, const Destinations& destinations,
                     Violations& violations) {
  if (definition.deliveries_size() > kMostDeliveries)
    violations.Add(path + ".deliveries", absl::StrCat("must be ", kMostDeliveries, " at most"));
  for (int i = 0; i < definition.deliveries_size() && !violations.full(); ++i) {
    const v1::Delivery& delivery = definition.deliveries(i);
    const std::string at = absl::StrCat(path, ".deliveries[", i, "]");
    if (!delivery.destination().empty() && destinations.count(delivery.destination()) == 0) {
      violations.Add(at + ".destination",
                     "is not configured; an operator declares it in exports.destinations");
    }
    AddAt(at + ".path", PathOf(definition, delivery, values, "file").status(), violations);
  }
}

void CheckTexts(const v1::Export& definition, const std::string& path, Violations& violations) {
  const auto plain = [&](const std::string& text, std::size_t most, const char* field) {
    if (!text.empty() && !gateway::IsPlainText(text, most)) {
      violations.Add(
          absl::StrCat(path, ".", field),
          absl::StrCat("must be at most ", most, " bytes of UTF-8 without control characters"));
    }
  };
  plain(definition.display_name(), kMostDisplayName, "display_name");
  plain(definition.concurrency_group(), kMostGroup, "concurrency_group");
}

// What the protos say of fields holds wherever a definition comes from: also for what an update
// makes of one, and for the operator's file.
void CheckFields(const v1::Export& definition, const std::string& path, Violations& violations) {
  static const auto& rules = *new gateway::RequestRules(*v1::Export::descriptor(), {});
  Violations within;
  rules.Check(definition, within);
  Violations found;
  found.AddAll(within.ToStatus(), path + ".");
  violations.AddOthers(found.ToStatus());
}

// The schedule that says which periods there are where none says so.
v1::Schedule DailyPeriods(const v1::Schedule& schedule) {
  v1::Schedule daily;
  daily.mutable_daily();
  daily.set_granularity(schedule.granularity() == v1::GRANULARITY_SLOT ? v1::GRANULARITY_DAY
                                                                       : schedule.granularity());
  daily.set_time_zone(schedule.time_zone().empty() ? "UTC" : schedule.time_zone());
  return daily;
}

}  // namespace

std::optional<SlotPlan> PlanOf(const v1::Export& definition) {
  if (!definition.has_schedule()) return std::nullopt;
  Violations violations;
  return SlotPlan::Make(definition.schedule(), "schedule", violations);
}

SlotPlan PeriodsOf(const v1::Export& definition) {
  if (std::optional<SlotPlan> plan = PlanOf(definition)) return *std::move(plan);
  Violations violations;
  if (auto plan = SlotPlan::Make(DailyPeriods(definition.schedule()), "schedule", violations))
    return *std::move(plan);
  v1::Schedule utc;
  utc.mutable_daily();
  utc.set_time_zone("UTC");
  return *SlotPlan::Make(utc, "schedule", violations);
}

PlaceholderValues ValuesOf(const v1::Export& definition, const DataPeriod& period, int attempt) {
  PlaceholderValues values;
  values.period = period;
  values.zone = PeriodsOf(definition).zone();
  values.texts["export"] = ExportIdOf(definition.name());
  values.texts["run"] = period.id;
  values.texts["attempt"] = absl::StrCat(attempt);
  values.texts["extension"] =
      definition.source().has_files() ? "" : ExtensionOf(definition.format());
  return values;
}

DataPeriod PeriodOf(const v1::Period& period) {
  return {period.id(), gateway::ToTime(period.start_time()), gateway::ToTime(period.end_time())};
}

v1::Period ToProto(const DataPeriod& period) {
  v1::Period proto;
  proto.set_id(period.id);
  *proto.mutable_start_time() = gateway::ToTimestamp(period.start);
  *proto.mutable_end_time() = gateway::ToTimestamp(period.end);
  return proto;
}

absl::StatusOr<std::string> FileNameOf(const v1::Export& definition, PlaceholderValues values,
                                       const std::string& file) {
  const bool files = definition.source().has_files();
  if (files) values.texts["file"] = file;
  if (!definition.file_name().empty()) return ExpandPath(definition.file_name(), values);
  return ExpandPath(files ? kDefaultFilesName : kDefaultFileName, values);
}

absl::StatusOr<std::string> PathOf(const v1::Export& definition, const v1::Delivery& delivery,
                                   PlaceholderValues values, const std::string& file) {
  if (delivery.path().empty()) return FileNameOf(definition, std::move(values), file);
  if (definition.source().has_files()) values.texts["file"] = file;
  return ExpandPath(delivery.path(), values);
}

absl::Status CheckDefinition(const v1::Export& definition, std::string_view path_view,
                             const Sources& sources, const Destinations& destinations,
                             absl::Time now, Violations& violations) {
  const std::string path(path_view);
  CheckTexts(definition, path, violations);
  if (definition.has_schedule())
    (void)SlotPlan::Make(definition.schedule(), path + ".schedule", violations);
  const SlotPlan periods = PeriodsOf(definition);
  const PlaceholderValues values = ValuesOf(definition, periods.LastPeriod(now), 1);
  const auto bound = sources.Bind(definition.source(), path + ".source", values);
  if (!bound.ok() && !HasReason(bound.status(), Reason::kInvalidRequest)) return bound.status();
  violations.AddAll(bound.status());
  if (bound.ok() && !bound->files) {
    std::vector<std::string> fields;
    for (const v1::Column& column : definition.columns()) fields.push_back(column.field());
    violations.AddAll(OpenRows(sources.calls(), *bound, fields).status(), path + ".");
  }
  Violations of_files;
  CheckFormat(definition.format(), of_files);
  CheckColumns(definition.columns(), definition.format(), of_files);
  violations.AddAll(of_files.ToStatus(), path + ".");
  CheckRetry(definition.retry(), path + ".retry", violations);
  AddAt(path + ".file_name", FileNameOf(definition, values, "file").status(), violations);
  CheckDeliveries(definition, path, values, destinations, violations);
  constexpr absl::Duration kDay = absl::Hours(24);
  CheckRange(definition.retention(), absl::Hours(1), kDay * 3650, path + ".retention", violations);
  CheckRange(definition.alert_after(), absl::Minutes(1), kDay * 400, path + ".alert_after",
             violations);
  CheckFields(definition, path, violations);
  return absl::OkStatus();
}

v1::Export WithoutOutput(v1::Export definition) {
  definition.clear_origin();
  definition.clear_paused();
  definition.clear_pause_reason();
  definition.clear_create_time();
  definition.clear_update_time();
  definition.clear_etag();
  definition.clear_next_slot_time();
  definition.clear_last_success_time();
  return definition;
}

std::string EtagOf(const v1::Export& definition) {
  constexpr std::size_t kDigits = 16;
  return Sha256Hex(gateway::Serialize(WithoutOutput(definition))).substr(0, kDigits);
}

}  // namespace relais::exports

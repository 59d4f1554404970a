// The method that tries a definition.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "server/core/base/error.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/api/day.h"
#include "server/services/exports/api/service.h"
#include "server/services/exports/format/cell_convert.h"
#include "server/services/exports/runs/definitions.h"
#include "server/services/exports/runs/writing/shown_columns.h"
#include "server/services/exports/source/row_stream.h"

namespace relais::exports {
namespace {

constexpr int kMostPreview = 100;
constexpr int kSlots = 5;

void CheckValidate(const Target<AllExports>*, const v1::ValidateExportRequest& request,
                   Violations& violations) {
  if (request.preview_rows() < 0 || request.preview_rows() > kMostPreview)
    violations.Add("preview_rows", absl::StrCat("must be 0 to ", kMostPreview));
  if (request.has_date()) CheckDay(request.date(), "date", violations);
}

// As of CreateExport.
void CheckValidatedRest(const Target<AllExports>* target, const v1::ValidateExportRequest& request,
                        Violations& violations) {
  if (request.has_export_())
    violations.AddOthers(Validate(*target->connection, request.export_(), "export"));
}

void AddSlots(const v1::Export& definition, absl::Time now, v1::ValidateExportResponse& response) {
  const std::optional<SlotPlan> plan = PlanOf(definition);
  absl::Time at = now;
  for (int i = 0; plan && i < kSlots; ++i) {
    const auto slot = plan->After(at);
    if (!slot) return;
    v1::Slot& added = *response.add_next_slots();
    *added.mutable_time() = gateway::ToTimestamp(slot->time);
    added.set_local_time(absl::FormatTime(absl::RFC3339_sec, slot->time, plan->zone()));
    *added.mutable_period() = ToProto(slot->period);
    at = slot->time;
  }
}

void AddWarnings(const v1::Export& definition, v1::ValidateExportResponse& response) {
  if (!definition.has_schedule())
    response.add_warnings("There is no schedule: the export runs by hand alone.");
  if (definition.deliveries().empty())
    response.add_warnings("There is no delivery: files are kept by the gateway alone.");
  if (definition.has_schedule() && !definition.has_alert_after())
    response.add_warnings("Nobody is told when a run does not come: set alert_after.");
  // The query of another period would be the same.
  const bool periodic = definition.source().bindings_size() > 0 ||
                        definition.source().DebugString().find("${period") != std::string::npos;
  if (!periodic)
    response.add_warnings("The query does not depend on the period: every run reads the same.");
}

// Rows of a block, as the file would show them, until there are `most`.
absl::Status AddRows(const std::vector<ShownColumn>& columns, const gateway::CellBlock& block,
                     absl::TimeZone zone, int most, v1::ValidateExportResponse& response) {
  std::vector<FileColumn> files;
  for (const ShownColumn& shown : columns) files.push_back(shown.file);
  CellConverter converter(std::move(files), zone);
  for (std::size_t i = 0; i < block.rows() && response.rows_size() < most; ++i) {
    v1::PreviewRow& row = *response.add_rows();
    for (std::size_t j = 0; j < columns.size(); ++j) {
      const gateway::Cell cell = block.at(i, columns[j].at);
      FileCell shown;
      if (!converter.Convert(j, cell, shown))
        return converter.NotOfType(j, response.rows_size(), cell);
      row.add_cells(std::string(shown.text));
    }
  }
  return absl::OkStatus();
}

// The first rows, and the titles of the columns.
absl::Status Preview(const CallContext& context, const Sources& sources, const BoundQuery& query,
                     const v1::Export& definition, absl::TimeZone zone, int most,
                     v1::ValidateExportResponse& response) {
  std::vector<std::string> fields;
  for (const v1::Column& column : definition.columns()) fields.push_back(column.field());
  auto rows = OpenRows(sources.calls(), query, fields);
  if (!rows.ok()) return rows.status();
  gateway::CellBlock block;
  while (response.rows_size() < most) {
    auto more = (*rows)->Next(context, block);
    if (!more.ok()) return more.status();
    const auto columns = ShownColumns(definition, query, (*rows)->columns());
    if (!columns.ok()) {
      Violations violations;
      violations.AddAll(columns.status(), "export.");
      return violations.ToStatus();
    }
    if (response.headers().empty()) {
      for (const ShownColumn& shown : *columns) response.add_headers(shown.file.column.header());
    }
    if (!*more) break;
    if (absl::Status status = AddRows(*columns, block, zone, most, response); !status.ok())
      return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ValidateExportResponse> ValidateExport(
    const Target<AllExports>& target, const CallContext& context,
    const v1::ValidateExportRequest& request) {
  Connection& connection = *target.connection;
  v1::Export definition = request.export_();
  definition.set_name("exports/export");
  if (absl::Status good = Validate(connection, definition, "export"); !good.ok()) return good;
  const absl::Time now = connection.shared.scheduler.Wall();
  const SlotPlan periods = PeriodsOf(definition);
  const DataPeriod period =
      request.has_date() ? periods.PeriodOf(*DayOf(request.date())) : periods.LastPeriod(now);
  auto query = connection.sources->Bind(definition.source(), "export.source",
                                        ValuesOf(definition, period, 1));
  if (!query.ok()) return query.status();
  v1::ValidateExportResponse response;
  *response.mutable_period() = ToProto(period);
  auto explained = connection.sources->Explain(context, *query);
  if (!explained.ok()) return explained.status();
  response.set_bound_query(*std::move(explained));
  AddSlots(definition, now, response);
  AddWarnings(definition, response);
  for (const v1::Column& column : definition.columns()) response.add_headers(TitleOf(column));
  if (request.preview_rows() > 0 && !query->files) {
    absl::Status status = Preview(context, *connection.sources, *query, definition, periods.zone(),
                                  request.preview_rows(), response);
    if (!status.ok()) return status;
  }
  return response;
}

}  // namespace

void AddValidateMethod(Methods& methods) {
  methods.Whole("ValidateExport", ValidateExport, CheckValidate, CheckValidatedRest);
}

}  // namespace relais::exports

// The methods about definitions.

#include "server/services/exports/runs/definitions.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/text/text.h"
#include "server/gateway/list.h"
#include "server/gateway/names.h"
#include "server/services/exports/api/service.h"

namespace relais::exports {
namespace {

constexpr std::size_t kMostReason = 500;

absl::Time WallOf(const Target<AllExports>& target) {
  return target.connection->shared.scheduler.Wall();
}

absl::StatusOr<v1::ListExportsResponse> ListExports(const Target<AllExports>& target,
                                                    const CallContext&,
                                                    const v1::ListExportsRequest& request) {
  auto kept = target.connection->book.ListExports();
  if (!kept.ok()) return kept.status();
  const absl::Time now = WallOf(target);
  return gateway::AnswerPage(
      request, "ListExports", kept->size(), &v1::ListExportsResponse::mutable_exports,
      [&](std::size_t i, v1::Export& item) { item = Told((*kept)[i], now); });
}

absl::StatusOr<v1::Export> GetExport(const Target<ExportName>& target, const CallContext&,
                                     const v1::GetExportRequest&) {
  auto kept = ExportOf(*target.connection, target.name.id);
  if (!kept.ok()) return kept.status();
  return Told(*kept, target.connection->shared.scheduler.Wall());
}

void CheckCreate(const Target<AllExports>*, const v1::CreateExportRequest& request,
                 Violations& violations) {
  if (!request.export_id().empty() && !IsExportId(request.export_id())) {
    violations.Add("export_id",
                   "must be a lower-case letter, then lower-case letters, digits or \"-\", at "
                   "most 63");
  }
}

// What is wrong with the definition of a request that is refused for something else.
void CheckRest(const Target<AllExports>* target, const v1::CreateExportRequest& request,
               Violations& violations) {
  if (request.has_export_())
    violations.AddOthers(Validate(*target->connection, request.export_(), "export"));
}

absl::Status CheckRoom(Connection& connection) {
  if (!connection.configured()) {
    return Error(absl::StatusCode::kPermissionDenied, Reason::kNotPermittedByConfiguration)
           << "This gateway has no exports; an operator must set exports.directory.";
  }
  const auto kept = connection.book.ListExports();
  if (!kept.ok()) return kept.status();
  if (kept->size() < static_cast<std::size_t>(connection.settings.max_exports()))
    return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
         << "There are as many exports as exports.max_exports allows; delete some.";
}

absl::StatusOr<v1::Export> CreateExport(const Target<AllExports>& target,
                                        const CallContext& context,
                                        const v1::CreateExportRequest& request) {
  Connection& connection = *target.connection;
  return gateway::Remember<v1::Export>(
      target, context, request, [&](const CallContext&) -> absl::StatusOr<v1::Export> {
        if (absl::Status room = CheckRoom(connection); !room.ok()) return room;
        v1::Export definition = request.export_();
        definition.set_name(absl::StrCat("exports/", request.export_id()));
        if (absl::Status good = Validate(connection, definition, "export"); !good.ok()) return good;
        auto kept =
            Create(connection, request.export_id(), std::move(definition), v1::Export::ORIGIN_API);
        if (!kept.ok()) return kept.status();
        return Told(*kept, WallOf(target));
      });
}

// Whether callers may change the field of an Export.
bool IsChangeable(std::string_view path) {
  const auto* const field = v1::Export::descriptor()->FindFieldByName(std::string(path));
  return field != nullptr && field->number() >= v1::Export::kDisplayNameFieldNumber &&
         field->number() <= v1::Export::kConcurrencyGroupFieldNumber;
}

void CheckUpdate(const Target<ExportName>*, const v1::UpdateExportRequest& request,
                 Violations& violations) {
  const auto& paths = request.update_mask().paths();
  if (request.has_update_mask() && paths.empty())
    violations.Add("update_mask", "must name a field to change, or \"*\"");
  for (const std::string& path : paths) {
    if (path == "*" && paths.size() == 1) continue;
    if (!IsChangeable(path)) {
      violations.Add("update_mask", absl::StrCat("has ", path.empty() ? "an empty path" : path,
                                                 ", which is no field that can be changed"));
    }
  }
}

// The definition with the fields of the mask taken from the request.
v1::Export Merged(const v1::Export& before, const v1::UpdateExportRequest& request) {
  v1::Export next = before;
  const auto* const descriptor = v1::Export::descriptor();
  const bool all = request.update_mask().paths(0) == "*";
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* const field = descriptor->field(i);
    const auto& paths = request.update_mask().paths();
    const bool meant = all ? IsChangeable(field->name())
                           : std::find(paths.begin(), paths.end(), field->name()) != paths.end();
    if (!meant) continue;
    next.GetReflection()->ClearField(&next, field);
    v1::Export given = request.export_();
    given.GetReflection()->SwapFields(&given, &next, {field});
  }
  return next;
}

absl::StatusOr<v1::Export> UpdateExport(const Target<ExportName>& target,
                                        const CallContext& context,
                                        const v1::UpdateExportRequest& request) {
  Connection& connection = *target.connection;
  return gateway::Remember<v1::Export>(
      target, context, request, [&](const CallContext&) -> absl::StatusOr<v1::Export> {
        const absl::Time now = connection.shared.scheduler.Wall();
        auto kept = Change(connection, target.name.id, [&](KeptExport& found) -> absl::Status {
          if (absl::Status own = CheckIsOfCallers(found); !own.ok()) return own;
          const std::string& etag = request.export_().etag();
          if (!etag.empty() && etag != found.definition().etag()) {
            return Error(absl::StatusCode::kAborted, Reason::kResourceConflict)
                   << "The export has been changed since; read it again.";
          }
          const v1::Export next = Merged(found.definition(), request);
          if (absl::Status good = Validate(connection, next, "export"); !good.ok()) return good;
          Redefine(found, next, now);
          return absl::OkStatus();
        });
        if (!kept.ok()) return kept.status();
        return Told(*kept, now);
      });
}

absl::StatusOr<v1::DeleteExportResponse> DeleteExport(const Target<ExportName>& target,
                                                      const CallContext& context,
                                                      const v1::DeleteExportRequest& request) {
  return gateway::RememberChange<v1::DeleteExportResponse>(
      target, context, request, [&](const CallContext&) -> absl::Status {
        auto kept = ExportOf(*target.connection, target.name.id);
        if (!kept.ok()) return kept.status();
        if (absl::Status own = CheckIsOfCallers(*kept); !own.ok()) return own;
        return Delete(*target.connection, *std::move(kept));
      });
}

void CheckPause(const Target<ExportName>*, const v1::PauseExportRequest& request,
                Violations& violations) {
  if (!request.reason().empty() && !gateway::IsPlainText(request.reason(), kMostReason)) {
    violations.Add("reason", absl::StrCat("must be at most ", kMostReason,
                                          " bytes of UTF-8 without control characters"));
  }
}

// Sets whether the schedule rests.
template <typename Request>
absl::StatusOr<v1::Export> SetPaused(const Target<ExportName>& target, const CallContext& context,
                                     const Request& request, bool paused,
                                     const std::string& reason) {
  return gateway::Remember<v1::Export>(
      target, context, request, [&](const CallContext&) -> absl::StatusOr<v1::Export> {
        auto kept = Change(*target.connection, target.name.id, [&](KeptExport& found) {
          found.stored.mutable_export_()->set_paused(paused);
          found.stored.mutable_export_()->set_pause_reason(reason);
          return absl::OkStatus();
        });
        if (!kept.ok()) return kept.status();
        return Told(*kept, target.connection->shared.scheduler.Wall());
      });
}

absl::StatusOr<v1::Export> PauseExport(const Target<ExportName>& target, const CallContext& context,
                                       const v1::PauseExportRequest& request) {
  return SetPaused(target, context, request, true, request.reason());
}

absl::StatusOr<v1::Export> ResumeExport(const Target<ExportName>& target,
                                        const CallContext& context,
                                        const v1::ResumeExportRequest& request) {
  return SetPaused(target, context, request, false, "");
}

}  // namespace

void AddDefinitionMethods(Methods& methods) {
  methods.Whole("ListExports", ListExports);
  methods.Unary("GetExport", GetExport);
  methods.Whole("CreateExport", CreateExport, CheckCreate, CheckRest);
  methods.Unary("UpdateExport", UpdateExport, CheckUpdate);
  methods.Unary("DeleteExport", DeleteExport);
  methods.Unary("PauseExport", PauseExport, CheckPause);
  methods.Unary("ResumeExport", ResumeExport);
}

}  // namespace relais::exports

#include "server/services/exports/runs/delivering/manifest.h"

#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "server/gateway/messages/timestamp.h"

namespace relais::exports {
namespace {

std::string TextOf(const google::protobuf::Timestamp& time) {
  return absl::FormatTime(absl::RFC3339_sec, gateway::ToTime(time), absl::UTCTimeZone());
}

}  // namespace

std::string ManifestOf(const stored::StoredRun& stored, const v1::ExportFile& file) {
  const v1::ExportRun& run = stored.run();
  const nlohmann::ordered_json manifest = {
      {"export", stored.definition().name()},
      {"run", run.name()},
      {"period",
       {{"id", run.period().id()},
        {"start", TextOf(run.period().start_time())},
        {"end", TextOf(run.period().end_time())}}},
      {"file", file.file_name()},
      {"rows", file.rows()},
      {"bytes", file.size_bytes()},
      {"sha256", file.sha256()},
      {"media_type", file.media_type()},
      {"query_sha256", run.query_fingerprint()},
      {"definition", run.definition()},
      {"attempt", run.attempt()},
      {"started", TextOf(run.start_time())},
  };
  return manifest.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace relais::exports

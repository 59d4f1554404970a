#include "server/services/exports/runs/watch.h"

#include <optional>

#include "relais/exports/v1/exports.pb.h"
#include "server/core/watch/resume.h"
#include "server/gateway/messages/wire_field.h"

namespace relais::exports {

watch::Rendering RunWatchRendering() {
  watch::Rendering rendering;
  rendering.item = [](const watch::Item* item, const std::optional<watch::Resume>& resume) {
    std::string message;
    if (item != nullptr)
      gateway::AppendField(v1::WatchExportRunResponse::kRunFieldNumber, item->bytes(), message);
    if (resume) {
      gateway::AppendField(v1::WatchExportRunResponse::kResumeTokenFieldNumber,
                           watch::EncodeResume(*resume, kWatchRunArguments), message);
    }
    return message;
  };
  return rendering;
}

}  // namespace relais::exports

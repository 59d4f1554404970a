#include "server/core/upstream/change_log.h"

#include "server/core/base/log/log.h"

namespace relais {

void ChangeLog::Write(std::atomic<bool>& written, bool value, std::string_view event,
                      absl::Time now) {
  if (!budget_.Take(now)) return;
  // Of those who have seen the same change, one writes it.
  if (written.exchange(value) == value) return;
  Log(LogLevel::kInfo, event, {{"service", service_}, {"connection", connection_}});
}

}  // namespace relais

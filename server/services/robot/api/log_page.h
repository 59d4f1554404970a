// Pages of log rows, newest first. Rows have no id everywhere, so a page goes on from the time of
// the last row: rows that are written meanwhile come before it and repeat nothing.

#ifndef RELAIS_SERVER_SERVICES_ROBOT_API_LOG_PAGE_H_
#define RELAIS_SERVER_SERVICES_ROBOT_API_LOG_PAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/services/robot/codec/codec.h"

namespace relais::robot {

// Where a page begins: behind `skip` rows of those that are not later than `until`.
struct LogPage {
  absl::Time until = absl::InfiniteFuture();  // the end of a millisecond
  std::int64_t skip = 0;
  std::int64_t passed = 0;  // rows before it in all

  // INVALID_PAGE_TOKEN for a token that is none. `skip` is what the request passes over.
  static absl::StatusOr<LogPage> Read(std::string_view token, std::int64_t skip,
                                      std::string_view arguments);

  // Of the page behind this one, which has these rows of `count` that are left with those skipped,
  // if that is known.
  std::string NextToken(const std::vector<UpstreamLog>& rows, std::optional<std::int64_t> count,
                        std::string_view arguments) const;
};

}  // namespace relais::robot

#endif  // RELAIS_SERVER_SERVICES_ROBOT_API_LOG_PAGE_H_

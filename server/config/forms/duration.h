// Durations as the configuration writes them.

#ifndef RELAIS_SERVER_CONFIG_FORMS_DURATION_H_
#define RELAIS_SERVER_CONFIG_FORMS_DURATION_H_

#include <google/protobuf/duration.pb.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace relais::config {

// `5s`, `0.5s`, `500ms`, `2m`, `1h`: a decimal number of at most 9 digits before and 9 after the
// point and a unit, nothing else. Digits below a nanosecond are an error, as are a sign and a
// missing unit.
absl::StatusOr<google::protobuf::Duration> ParseDuration(std::string_view text);

// In seconds, as short as possible: `5s`, `0.5s`.
std::string FormatDuration(const google::protobuf::Duration& duration);

absl::Duration ToAbsl(const google::protobuf::Duration& duration);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_FORMS_DURATION_H_

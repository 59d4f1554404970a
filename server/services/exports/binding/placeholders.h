// Templates: texts with place-holders such as ${period.start:%Y%m%d}.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_BINDING_PLACEHOLDERS_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_BINDING_PLACEHOLDERS_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/map.h"
#include "google/protobuf/message.h"
#include "server/core/base/violations.h"
#include "server/services/exports/schedule/period.h"

namespace relais::exports {

// What place-holders stand for. See Source and Delivery in exports.proto.
struct PlaceholderValues {
  DataPeriod period;
  absl::TimeZone zone;                       // of the period's days
  std::map<std::string, std::string> texts;  // "export", "run", "attempt", "extension", "file"
};

// The text with all place-holders replaced. INVALID_ARGUMENT / INVALID_REQUEST without a field; the
// sentence tells the position of what is wrong, and what is known instead.
//
// Formats have at most 64 characters and only strftime's conversions that do not depend on the
// machine. Of `period.start`, `period.last_day` and `period.end`, which are days in `zone`, only
// those of dates; the instants `period.start_time` and `period.end_time` are in UTC.
absl::StatusOr<std::string> Expand(std::string_view text, const PlaceholderValues& values);

// Expands a path below a destination. What a place-holder stands for never adds a folder and never
// is "." or "..": characters with a meaning in paths, controls and what is no UTF-8 become "_", and
// so do points and spaces that would make a part hidden or end it. The result is relative, has no
// empty, "." or ".." part and none that is reserved ("*.manifest.json", hidden files), none that
// begins with a space or ends with a space or a point, and is 1 to 500 bytes, each part 255 at
// most; else INVALID_REQUEST. Names of devices of Windows are names as all others.
absl::StatusOr<std::string> ExpandPath(std::string_view text, const PlaceholderValues& values);

// Expands every text of a message, at any depth, keys of maps excepted, and sets the fields that
// `bindings` name; see Source.bindings. `query` is what stands in Source.query and `path` the way
// to its Source. Adds what is wrong to `violations` at "<path>.bindings[…]" and "<path>.records.…".
//
// A binding leads through fields and values of maps, whose key, without a point, is a step of its
// own and is added when it is not there. It sets texts, numbers, truth values, enums by name,
// Timestamps and google.type.Dates, and chooses the member of a oneof that it sets; nothing that
// is repeated. Bindings are carried out in the order of their paths, and what they set is not
// expanded again.
void BindQuery(const google::protobuf::Map<std::string, std::string>& bindings,
               std::string_view path, const PlaceholderValues& values,
               google::protobuf::Message& query, Violations& violations);

// A piece of a template: a literal text, or what a place-holder stands for.
struct ExpandedPiece {
  std::string text;
  bool literal = true;
};

// The pieces of a text, for whoever treats the two differently. Errors as of Expand.
absl::StatusOr<std::vector<ExpandedPiece>> ExpandPieces(std::string_view text,
                                                        const PlaceholderValues& values);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_BINDING_PLACEHOLDERS_H_

// The configuration's JSON Schema, for editors.

#ifndef RELAIS_SERVER_CONFIG_SCHEMA_H_
#define RELAIS_SERVER_CONFIG_SCHEMA_H_

#include <string>
#include <vector>

#include "server/config/section.h"

namespace relais::config {

// JSON Schema, draft 2020-12: every key with type, range, default, enum and, as its description,
// the comment of its proto. Ranges of durations, which JSON Schema cannot express, are
// `x-minimum` and `x-maximum`. The same text every time, indented, with a newline at its end.
std::string ConfigSchema(const std::vector<Section>& sections);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_SCHEMA_H_

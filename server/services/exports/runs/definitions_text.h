// The text of the operator's file of definitions: what it defines, and where each key was written.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_TEXT_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_TEXT_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/config/problems.h"
#include "server/config/yaml/tree.h"

namespace relais::exports {

struct DefinitionsText {
  std::map<std::string, v1::Export> definitions;  // by their ids
  std::unique_ptr<const config::YamlTree> tree;
};

// Reads a text in YAML, `exports: {id: {…}}`, that errors call `name`. INVALID_ARGUMENT with what
// is wrong, a line each: "name:LINE:COLUMN: exports.id.key: …".
absl::StatusOr<DefinitionsText> ParseDefinitions(const std::string& name, std::string_view text);

// Where `path` was written, such as "exports.id.columns[2].field" with names of fields as in the
// proto: the place of its key; when it was not, that of the nearest key that it would stand below.
config::Position PlaceOf(const config::YamlTree& tree, std::string_view path);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_DEFINITIONS_TEXT_H_

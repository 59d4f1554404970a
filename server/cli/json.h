// JSON on the command line: one document after another in, indented documents out.

#ifndef RELAIS_SERVER_CLI_JSON_H_
#define RELAIS_SERVER_CLI_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace relais::cli {

// Cuts a text of JSON objects, one after another with nothing but white space between them. Whether
// each is correct inside is for FromJson to say.
absl::StatusOr<std::vector<std::string_view>> SplitObjects(std::string_view text);

// Reads one JSON object into `message`; INVALID_ARGUMENT says what is wrong and where.
absl::Status FromJson(std::string_view json, google::protobuf::Message& message);

// As indented JSON in lower camel case, without line end.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message);

// Compact JSON with line ends and two blanks per level.
std::string Indented(std::string_view json);

}  // namespace relais::cli

#endif  // RELAIS_SERVER_CLI_JSON_H_

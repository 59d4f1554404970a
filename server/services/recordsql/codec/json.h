// The JSON of replies: what every decoder of this folder needs to walk over it strictly.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_JSON_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_JSON_H_

#include <simdjson.h>

#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "server/json/reader.h"
#include "server/services/recordsql/codec/codec.h"
#include "server/services/recordsql/codec/row_writer.h"

namespace relais::recordsql {

using json::Malformed;
using json::PassOver;

// Text of a scalar as the upstream would have written it in a string; what is no scalar is an
// error.
simdjson::error_code ScalarText(simdjson::ondemand::value value, Cell& cell);

// The same of what is only passed on: empty when it is no scalar.
absl::Status ReadText(simdjson::ondemand::value value, std::string& text);

// Walks over the members of a reply, all of it, and reads its head. `read` takes the other members,
// each of which it reads or passes over.
absl::Status ReadReply(
    const std::string& body, ReplyHead& head,
    absl::FunctionRef<absl::Status(std::string_view, simdjson::ondemand::value)> read);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_JSON_H_

// Whether a format and columns can be written, without writing anything.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CHECK_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CHECK_H_

#include "google/protobuf/repeated_field.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/core/base/violations.h"

namespace relais::exports {

// Adds what is wrong with a format, at "format.csv.delimiter" and the like.
void CheckFormat(const v1::Format& format, Violations& violations);

// Adds what is wrong with columns for files of `format`, at "columns[2].format" and the like. No
// columns are no violation.
void CheckColumns(const google::protobuf::RepeatedPtrField<v1::Column>& columns,
                  const v1::Format& format, Violations& violations);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_FORMAT_CHECK_H_

// The operations of RecordSql.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_OPERATIONS_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_OPERATIONS_H_

#include "sandbox/http/operation.h"

namespace relais::sandbox::recordsql {

struct RecordSqlOperation {
  static constexpr Operation kAuth{"auth"};
  static constexpr Operation kExecute{"execute"};

  static constexpr Operation kAll[] = {kAuth, kExecute};
};

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_OPERATIONS_H_

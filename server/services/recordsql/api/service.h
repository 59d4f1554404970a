// How relais.recordsql.v1.RecordSqlService is served: the methods of each noun, and what they
// share.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_API_SERVICE_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_API_SERVICE_H_

#include "server/gateway/method.h"
#include "server/gateway/mutation.h"
#include "server/services/recordsql/backend/connection.h"
#include "server/services/recordsql/names.h"

namespace relais::recordsql {

template <typename Name>
using Target = gateway::Target<Connection, Name>;
using Methods = gateway::Methods<Connection>;

// Each adds the methods of one file.
void AddCatalogueMethods(Methods& methods);
void AddQueryMethods(Methods& methods);
void AddOperatorMethods(Methods& methods);

// What is known of an ERP without asking it.
void DescribeErp(const Connection& connection, v1::Erp& erp);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_API_SERVICE_H_

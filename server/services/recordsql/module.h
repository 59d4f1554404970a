// RecordSqlService as the rest of the gateway knows it.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_MODULE_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_MODULE_H_

#include "server/gateway/module.h"

namespace relais::recordsql {

gateway::Module ModuleOf();

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_MODULE_H_

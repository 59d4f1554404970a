// The section of this service in the configuration.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_CONFIG_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_CONFIG_H_

#include "server/config/section.h"

namespace relais::recordsql {

config::Section ConfigSection();

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_CONFIG_H_

// ExportService as the rest of the gateway knows it.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_MODULE_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_MODULE_H_

#include "server/gateway/module.h"

namespace relais::exports {

gateway::Module ModuleOf();

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_MODULE_H_

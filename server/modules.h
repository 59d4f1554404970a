// The services of this gateway: what services.def expands to.

#ifndef RELAIS_SERVER_MODULES_H_
#define RELAIS_SERVER_MODULES_H_

#include <vector>

#include "server/gateway/module.h"

namespace relais {

// In the order of services.def.
std::vector<gateway::Module> Modules();

}  // namespace relais

#endif  // RELAIS_SERVER_MODULES_H_

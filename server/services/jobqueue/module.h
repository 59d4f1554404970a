// JobQueueService as the rest of the gateway knows it.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_MODULE_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_MODULE_H_

#include "server/gateway/module.h"

namespace relais::jobqueue {

gateway::Module ModuleOf();

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_MODULE_H_

// The section of this service in the configuration.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_CONFIG_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_CONFIG_H_

#include "server/config/section.h"

namespace relais::jobqueue {

config::Section ConfigSection();

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_CONFIG_H_

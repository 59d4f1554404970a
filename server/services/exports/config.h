// The section of this service in the configuration.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_CONFIG_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_CONFIG_H_

#include "server/config/section.h"

namespace relais::exports {

config::Section ConfigSection();

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_CONFIG_H_

// The sections of the configuration that the services of this gateway have.

#ifndef RELAIS_SERVER_SECTIONS_H_
#define RELAIS_SERVER_SECTIONS_H_

#include <vector>

#include "server/config/section.h"

namespace relais {

// In the order of services.def.
std::vector<config::Section> ConfigSections();

}  // namespace relais

#endif  // RELAIS_SERVER_SECTIONS_H_

#include "server/sections.h"

namespace relais {

#define RELAIS_SERVICE(word)       \
  namespace word {                 \
  config::Section ConfigSection(); \
  }
#include "server/services.def"
#undef RELAIS_SERVICE

std::vector<config::Section> ConfigSections() {
  return {
#define RELAIS_SERVICE(word) word::ConfigSection(),
#include "server/services.def"
#undef RELAIS_SERVICE
  };
}

}  // namespace relais

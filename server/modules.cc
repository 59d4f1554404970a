#include "server/modules.h"

// A service is declared by its line alone.
#define RELAIS_SERVICE(word)          \
  namespace relais::word {            \
  relais::gateway::Module ModuleOf(); \
  }
#include "server/services.def"
#undef RELAIS_SERVICE

namespace relais {

std::vector<gateway::Module> Modules() {
  return {
#define RELAIS_SERVICE(word) word::ModuleOf(),
#include "server/services.def"
#undef RELAIS_SERVICE
  };
}

}  // namespace relais

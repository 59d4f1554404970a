// What a sandbox is started with.

#ifndef RELAIS_SANDBOX_OPTIONS_H_
#define RELAIS_SANDBOX_OPTIONS_H_

#include <any>
#include <map>
#include <string>
#include <typeindex>
#include <vector>

#include "sandbox/faults/faults.h"

namespace relais::sandbox {

struct SandboxOptions {
  std::string host = "127.0.0.1";
  int port = 0;               // 0 = any free port
  std::vector<Fault> faults;  // in force from the start

  // Options of one upstream, a type of its folder's options.h: Of<jobqueue::Options>().concurrency.
  // They have their defaults until they are changed.
  template <typename Options>
  Options& Of() {
    std::any& held = of_upstreams[typeid(Options)];
    if (!held.has_value()) held = Options();
    return *std::any_cast<Options>(&held);
  }

  std::map<std::type_index, std::any> of_upstreams;  // use Of
};

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_OPTIONS_H_

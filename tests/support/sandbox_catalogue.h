// The sandbox's dictionaries as a gateway declares them.

#ifndef RELAIS_TESTS_SUPPORT_SANDBOX_CATALOGUE_H_
#define RELAIS_TESTS_SUPPORT_SANDBOX_CATALOGUE_H_

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "server/services/recordsql/query/catalogue.h"
#include "tests/support/read_text.h"

namespace relais::recordsql {

inline const Catalogue& SandboxCatalogue() {
  static const Catalogue kCatalogue = [] {
    const std::string folder = "sandbox/upstreams/recordsql/fixtures/";
    std::vector<NamedText> files;
    for (const char* name : {"a5rsdos.dhsq", "gtrsart.dhsq", "gtrsartu.dhsq", "gtrscli.dhsq",
                             "gtrsmou.dhsq", "gtrstab.dhsq"}) {
      files.emplace_back(name, ReadText(folder + name));
    }
    auto read =
        Catalogue::Load({"data_dictionary.txt", ReadText(folder + "data_dictionary.txt")}, files);
    if (!read.ok()) {
      std::fprintf(stderr, "%s\n", read.status().ToString().c_str());
      std::abort();
    }
    return *std::move(read);
  }();
  return kCatalogue;
}

}  // namespace relais::recordsql

#endif  // RELAIS_TESTS_SUPPORT_SANDBOX_CATALOGUE_H_

// The files under fixtures/, embedded in the library at build time.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_FIXTURES_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_FIXTURES_H_

#include <span>
#include <string_view>

namespace relais::sandbox::recordsql {

struct FixtureFile {
  std::string_view name;  // e.g. "gtrstab.dhsq", "rows/T057.csv"
  std::string_view text;  // the exact bytes
};

std::span<const FixtureFile> FixtureFiles();

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_FIXTURES_H_

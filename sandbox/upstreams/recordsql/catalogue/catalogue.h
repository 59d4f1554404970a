// What the sandbox serves: dictionaries with their overrides, the data dictionary, the allow-list
// and the rows of the fixture tables, from a directory or from the files built in.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_CATALOGUE_CATALOGUE_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_CATALOGUE_CATALOGUE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"

namespace relais::sandbox::recordsql {

using NamedText = std::pair<std::string, std::string>;  // file name, text

struct SourceFiles {
  std::vector<NamedText> dictionaries;  // *.dhsq, bases and overrides
  NamedText data_dictionary;            // data_dictionary.txt
  NamedText allow_list;                 // *ListDHOQ.xml; without one nothing is allowed
  std::vector<NamedText> rows;          // rows/TABLE.csv; first = TABLE
  bool built_in = false;
};

// Reads `directory`, or the built-in files when it is empty.
absl::StatusOr<SourceFiles> ReadSourceFiles(const std::string& directory);

struct Catalogue {
  dictionary::DataDictionary data;
  std::vector<dictionary::Dictionary> dictionaries;
  std::vector<std::string> allowed;  // dhoq names

  const dictionary::Dictionary* Find(std::string_view dhoq) const;
  bool IsAllowed(std::string_view dhoq) const;
};

// Parses everything, merges overrides, and resolves every name against the data dictionary.
absl::StatusOr<Catalogue> BuildCatalogue(const SourceFiles& files);

// The `Name` attributes of <params><dhoqs><dhoq Name="…"/>, the service's own format.
absl::StatusOr<std::vector<std::string>> ParseAllowList(std::string_view file,
                                                        std::string_view xml);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_CATALOGUE_CATALOGUE_H_

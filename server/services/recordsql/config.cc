#include "server/services/recordsql/config.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/services/recordsql/config_key.pb.h"

namespace relais::recordsql {

// Made by the build.
extern const std::string_view kDescribedConfig;

namespace {

bool IsProbe(std::string_view probe) {
  const std::size_t slash = probe.find('/');
  const bool one_slash = slash != std::string_view::npos && probe.rfind('/') == slash;
  return one_slash && slash > 0 && slash + 1 < probe.size();
}

void CheckSection(const config::v1::Config& config, config::Findings& findings) {
  for (const auto& [id, erp] : config.GetExtension(config::v1::recordsql).erps()) {
    const std::string path = absl::StrCat("recordsql.erps.", id);
    findings.SendsCredentials(path + ".base_url", erp.base_url());
    if (!erp.probe().empty() && !IsProbe(erp.probe())) {
      findings.Add(path + ".probe",
                   "must be DICTIONARY/RECORDSQL, for example a5rsdos.dhoq/Utilisateur.");
    }
  }
}

}  // namespace

config::Section ConfigSection() { return {"recordsql", "ERPs", CheckSection, kDescribedConfig}; }

}  // namespace relais::recordsql

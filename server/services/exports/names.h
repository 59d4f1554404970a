// Resource names of this service: exports/{export} and exports/{export}/runs/{run}.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_NAMES_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

namespace relais::exports {

// The one connection of this service, which leads to no upstream.
inline const std::string kOwnConnection = "exports";

// All of them: what requests are about that name none.
struct AllExports {
  static constexpr char kType[] = "exports.relais.dev/Export";
  static std::optional<AllExports> Parse(std::string_view) { return AllExports(); }
  const std::string& connection() const { return kOwnConnection; }
};

struct ExportName {
  static constexpr char kType[] = "exports.relais.dev/Export";
  static std::optional<ExportName> Parse(std::string_view name);
  const std::string& connection() const { return kOwnConnection; }

  std::string id;
};

struct RunName {
  static constexpr char kType[] = "exports.relais.dev/ExportRun";
  static constexpr char kHint[] = "where {run} is the id of a period";
  static std::optional<RunName> Parse(std::string_view name);
  const std::string& connection() const { return kOwnConnection; }

  std::string id;   // of the export
  std::string run;  // letters, digits and "-"
};

// Whether it can be the {export} of a name.
bool IsExportId(std::string_view id);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_NAMES_H_

// The query options of OData over rows that are JSON objects.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_ODATA_QUERY_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_ODATA_QUERY_H_

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/http/form.h"
#include "sandbox/upstreams/robot/odata/expression.h"
#include "sandbox/upstreams/robot/simulator/schema.h"

namespace relais::sandbox::robot {

struct Projection;

struct Expansion {
  const Property* navigation = nullptr;
  std::shared_ptr<const Projection> inside;  // never null
};

// $select and $expand.
struct Projection {
  std::vector<const Property*> select;  // empty: all
  std::vector<Expansion> expand;
};

struct Ordering {
  Path path;
  bool descending = false;
};

struct Query {
  ExpressionPtr filter;  // null: all
  Projection projection;
  std::vector<Ordering> orderings;
  std::optional<std::int64_t> top;
  std::int64_t skip = 0;
  bool count = false;
};

struct QueryLimits {
  std::int64_t default_top = 100;
  std::int64_t max_top = 1000;
};

// Reads the options among `fields` ($filter …); throws ODataError when one is wrong or names a
// property that the schema has not.
Query ParseQuery(const FormFields& fields, const Schema& schema, const QueryLimits& limits);

// The entity to which a navigation leads from one of `set`; null when there is none.
using Navigator = std::function<nlohmann::ordered_json(
    const std::string& set, const nlohmann::ordered_json& entity, const Property& navigation)>;

// An entity as the filter sees it.
class EntityRow final : public Row {
 public:
  // All outlive the row.
  EntityRow(const Schema& schema, const nlohmann::ordered_json& entity, const Navigator& navigate)
      : schema_(schema), entity_(entity), navigate_(navigate) {}
  Value Get(const Path& path) const override;
  int Ordinal(const Path& path, std::string_view word) const override;

 private:
  const Schema& schema_;
  const nlohmann::ordered_json& entity_;
  const Navigator& navigate_;
};

// The property at the end of a path; throws ODataError.
const Property& PropertyAt(const Schema& schema, const Path& path);

// What is selected and expanded of an entity.
nlohmann::ordered_json Project(const nlohmann::ordered_json& entity, const Schema& schema,
                               const Projection& projection, const Navigator& navigate);

struct Page {
  std::vector<nlohmann::ordered_json> rows;  // projected
  std::int64_t count = 0;                    // that match, before $skip and $top
};

Page Run(const Query& query, const Schema& schema, std::vector<nlohmann::ordered_json> entities,
         const Navigator& navigate, const QueryLimits& limits);

// "#Sessions", "#Sessions(State)" …
std::string ContextOf(const std::string& set, const Projection& projection);

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_ODATA_QUERY_H_

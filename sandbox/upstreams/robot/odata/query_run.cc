// A Query over entities.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sandbox/upstreams/robot/odata/query.h"
#include "sandbox/upstreams/robot/odata/token.h"

namespace relais::sandbox::robot {
namespace {

using json = nlohmann::ordered_json;
using Type = Property::Type;

Value ValueOf(const json& member, Type type) {
  if (member.is_null()) return Null();
  if (member.is_boolean()) return member.get<bool>();
  if (member.is_number_integer()) return member.get<std::int64_t>();
  if (member.is_number()) return member.get<double>();
  if (!member.is_string()) return Null();
  std::string text = member.get<std::string>();
  if (type == Type::kGuid) return Guid{absl::AsciiStrToLower(text)};
  absl::Time time;
  if (type == Type::kTime && ParseDateTime(text, time)) return time;
  return text;
}

struct Keyed {
  std::vector<Value> keys;
  std::size_t index;
};

// Stable: rows that are equal stay in the order of the set.
void Sort(const Query& query, const Schema& schema, const Navigator& navigate,
          std::vector<json>& entities) {
  std::vector<Keyed> order;
  for (std::size_t i = 0; i < entities.size(); ++i) {
    const EntityRow row(schema, entities[i], navigate);
    Keyed keyed{.keys = {}, .index = i};
    for (const Ordering& ordering : query.orderings) keyed.keys.push_back(row.Get(ordering.path));
    order.push_back(std::move(keyed));
  }
  std::stable_sort(order.begin(), order.end(), [&](const Keyed& a, const Keyed& b) {
    for (std::size_t i = 0; i < query.orderings.size(); ++i) {
      const int compared = Compare(a.keys[i], b.keys[i]);
      if (compared != 0) return query.orderings[i].descending ? compared > 0 : compared < 0;
    }
    return false;
  });
  std::vector<json> sorted;
  sorted.reserve(entities.size());
  for (const Keyed& keyed : order) sorted.push_back(std::move(entities[keyed.index]));
  entities = std::move(sorted);
}

}  // namespace

Value EntityRow::Get(const Path& path) const {
  const Property* property = schema_.Find(path.front());
  if (property == nullptr) (void)PropertyAt(schema_, path);  // throws
  if (path.size() == 1) {
    const auto member = entity_.find(property->name);
    return member == entity_.end() ? Value(Null()) : ValueOf(*member, property->type);
  }
  const json target = navigate_(schema_.set, entity_, *property);
  if (!target.is_object()) return Null();
  return EntityRow(*SchemaOf(property->target), target, navigate_)
      .Get(Path(path.begin() + 1, path.end()));
}

int EntityRow::Ordinal(const Path& path, std::string_view word) const {
  const Property& property = PropertyAt(schema_, path);
  if (property.type != Type::kEnum) return -1;
  const int ordinal = OrdinalOf(property, word);
  if (ordinal < 0) {
    throw ODataError(absl::StrCat("The string '", std::string(word),
                                  "' is not a valid enumeration type constant."));
  }
  return ordinal;
}

json Project(const json& entity, const Schema& schema, const Projection& projection,
             const Navigator& navigate) {
  json out = json::object();
  const auto selected = [&](const Property& property) {
    return projection.select.empty() ||
           std::find(projection.select.begin(), projection.select.end(), &property) !=
               projection.select.end();
  };
  for (const auto& [name, member] : entity.items()) {
    const Property* property = schema.Find(name);
    if (property == nullptr ? projection.select.empty() : selected(*property)) out[name] = member;
  }
  for (const Expansion& expansion : projection.expand) {
    if (!selected(*expansion.navigation)) continue;
    const json target = navigate(schema.set, entity, *expansion.navigation);
    json& member = out[expansion.navigation->name];
    const Schema& target_schema = *SchemaOf(expansion.navigation->target);
    if (target.is_array()) {
      member = json::array();
      for (const json& one : target) {
        member.push_back(Project(one, target_schema, *expansion.inside, navigate));
      }
    } else if (target.is_object()) {
      member = Project(target, target_schema, *expansion.inside, navigate);
    }
  }
  return out;
}

Page Run(const Query& query, const Schema& schema, std::vector<json> entities,
         const Navigator& navigate, const QueryLimits& limits) {
  if (query.filter != nullptr) {
    std::erase_if(entities, [&](const json& entity) {
      return !Matches(*query.filter, EntityRow(schema, entity, navigate));
    });
  }
  if (!query.orderings.empty()) Sort(query, schema, navigate, entities);
  Page page;
  page.count = static_cast<std::int64_t>(entities.size());
  const std::int64_t end =
      std::min(page.count, query.skip + query.top.value_or(limits.default_top));
  for (std::int64_t i = query.skip; i < end; ++i) {
    page.rows.push_back(
        Project(entities[static_cast<std::size_t>(i)], schema, query.projection, navigate));
  }
  return page;
}

std::string ContextOf(const std::string& set, const Projection& projection) {
  if (projection.select.empty()) return "#" + set;
  return absl::StrCat("#", set, "(",
                      absl::StrJoin(projection.select, ",",
                                    [](std::string* out, const Property* property) {
                                      out->append(property->name);
                                    }),
                      ")");
}

}  // namespace relais::sandbox::robot

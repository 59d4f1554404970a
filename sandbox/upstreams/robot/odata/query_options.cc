// From the text of query options to a Query.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sandbox/upstreams/robot/odata/query.h"

namespace relais::sandbox::robot {
namespace {

constexpr int kMaxExpandDepth = 2;
constexpr std::size_t kMaxOrderings = 5;
constexpr std::int64_t kMaxSkip = std::int64_t{1} << 40;

[[noreturn]] void NoProperty(const Schema& schema, const std::string& name) {
  throw ODataError(
      absl::StrCat("Could not find a property named '", name, "' on type '", schema.set, "'."));
}

std::string Trimmed(std::string_view text) {
  return std::string(absl::StripAsciiWhitespace(absl::string_view(text.data(), text.size())));
}

// The parts between `separator`s that are outside of parentheses.
std::vector<std::string> SplitOutside(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' ? 1 : (c == ')' ? -1 : 0);
    if (c == separator && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  if (depth != 0) throw ODataError("The parentheses of $expand do not match.");
  for (std::string& part : parts) part = Trimmed(part);
  return parts;
}

void ReadSelect(const std::string& text, const Schema& schema, Projection& out) {
  for (const std::string& name : SplitOutside(text, ',')) {
    if (name == "*") continue;
    const Property* property = schema.Find(name);
    if (property == nullptr) NoProperty(schema, name);
    out.select.push_back(property);
  }
}

void ReadExpand(const std::string& text, const Schema& schema, int depth, Projection& out) {
  if (depth > kMaxExpandDepth) {
    throw ODataError(absl::StrCat("The depth of $expand is more than ", kMaxExpandDepth, "."));
  }
  for (const std::string& item : SplitOutside(text, ',')) {
    const std::size_t open = item.find('(');
    const std::string name = Trimmed(item.substr(0, open));
    const Property* property = schema.Find(name);
    if (property == nullptr) NoProperty(schema, name);
    if (property->type != Property::Type::kNavigation) {
      // Complex properties (UpdateInfo, UnattendedRobot) come without being asked for.
      throw ODataError(absl::StrCat("Property '", name, "' is not a navigation property."));
    }
    auto inside = std::make_shared<Projection>();
    const Schema& target = *SchemaOf(property->target);
    if (open != std::string::npos) {
      for (const std::string& option :
           SplitOutside(item.substr(open + 1, item.rfind(')') - open - 1), ';')) {
        const std::pair<std::string, std::string> pair =
            absl::StrSplit(option, absl::MaxSplits('=', 1));
        if (pair.first == "$select") {
          ReadSelect(pair.second, target, *inside);
        } else if (pair.first == "$expand") {
          ReadExpand(pair.second, target, depth + 1, *inside);
        } else {
          throw ODataError(absl::StrCat("The option '", pair.first, "' is not valid in $expand."));
        }
      }
    }
    out.expand.push_back({property, std::move(inside)});
  }
}

std::vector<Ordering> ReadOrderings(const std::string& text, const Schema& schema) {
  std::vector<Ordering> orderings;
  for (const std::string& item : SplitOutside(text, ',')) {
    const std::vector<std::string> words = absl::StrSplit(item, ' ', absl::SkipWhitespace());
    const bool plain = words.size() == 1 || (words.size() == 2 && words[1] == "asc");
    const bool descending = words.size() == 2 && words[1] == "desc";
    if (!plain && !descending) throw ODataError("Syntax error in $orderby.");
    Ordering ordering{.path = absl::StrSplit(words[0], '/'), .descending = descending};
    (void)PropertyAt(schema, ordering.path);
    orderings.push_back(std::move(ordering));
  }
  if (orderings.size() > kMaxOrderings) {
    throw ODataError(absl::StrCat("$orderby has more than ", kMaxOrderings, " properties."));
  }
  return orderings;
}

std::int64_t ReadNumber(const char* option, const std::string& text, std::int64_t most) {
  std::int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < 0) {
    throw ODataError(absl::StrCat("Invalid value '", text, "' for ", option, "."));
  }
  if (number > most) {
    throw ODataError(
        absl::StrCat("The limit of '", most, "' for ", option, " query has been exceeded."));
  }
  return number;
}

// Every path of the filter must lead to something.
void CheckPaths(const Expression& node, const Schema& schema) {
  if (node.kind == Expression::Kind::kPath) (void)PropertyAt(schema, node.path);
  for (const auto& part : node.parts) CheckPaths(*part, schema);
}

}  // namespace

const Property& PropertyAt(const Schema& schema, const Path& path) {
  const Schema* at = &schema;
  const Property* property = nullptr;
  for (const std::string& name : path) {
    property = at == nullptr ? nullptr : at->Find(name);
    if (property == nullptr) NoProperty(at == nullptr ? schema : *at, name);
    at = property->type == Property::Type::kNavigation ? SchemaOf(property->target) : nullptr;
  }
  return *property;
}

Query ParseQuery(const FormFields& fields, const Schema& schema, const QueryLimits& limits) {
  Query query;
  for (const auto& [name, value] : fields) {
    if (name == "$filter") {
      query.filter = ParseFilter(value);
      CheckPaths(*query.filter, schema);
    } else if (name == "$select") {
      ReadSelect(value, schema, query.projection);
    } else if (name == "$expand") {
      ReadExpand(value, schema, 1, query.projection);
    } else if (name == "$orderby") {
      query.orderings = ReadOrderings(value, schema);
    } else if (name == "$top") {
      query.top = ReadNumber("$top", value, limits.max_top);
    } else if (name == "$skip") {
      query.skip = ReadNumber("$skip", value, kMaxSkip);
    } else if (name == "$count") {
      if (value != "true" && value != "false") throw ODataError("$count is true or false.");
      query.count = value == "true";
    } else if (absl::StartsWith(name, "$")) {
      throw ODataError(absl::StrCat("The query option '", name, "' is not supported."));
    }
  }
  return query;
}

}  // namespace relais::sandbox::robot

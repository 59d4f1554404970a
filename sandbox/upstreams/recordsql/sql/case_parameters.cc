// Values for the parameters of a where or having case.
#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/failure.h"
#include "sandbox/upstreams/recordsql/sql/conditions.h"
#include "sandbox/upstreams/recordsql/sql/query.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::ConditionCase;
using dictionary::Node;
using dictionary::NodeKind;
using dictionary::Parameter;
using dictionary::ParameterType;

const Parameter* FindParameter(const ConditionCase& condition_case, std::string_view name) {
  for (const Parameter& parameter : condition_case.parameters) {
    if (dictionary::SameName(parameter.name, name)) return &parameter;
  }
  return nullptr;
}

bool IsDate(std::string_view text) {
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && (text.empty() || text.size() == 8 || text.size() == 14);
}

absl::StatusOr<Node> TypedValue(const Parameter& parameter, const std::string& text) {
  Node value;
  value.kind = NodeKind::kString;
  value.text = text;
  bool fits = true;
  int64_t whole = 0;
  double real = 0;
  switch (parameter.type) {
    case ParameterType::kChar:
      break;
    case ParameterType::kDate:
      value.text = Trim(text);
      fits = IsDate(value.text);
      break;
    case ParameterType::kInt:
      value.kind = NodeKind::kNumber;
      value.text = Trim(text);
      fits = absl::SimpleAtoi(value.text, &whole);
      break;
    case ParameterType::kNum:
      value.kind = NodeKind::kNumber;
      value.text = Trim(text);
      fits = absl::SimpleAtod(value.text, &real);
      break;
  }
  if (fits) return value;
  return Fail(ErrorCode::kBadParameters,
              Concat({"erreur : valeur du paramètre '", parameter.name, "' incorrecte"}));
}

std::vector<std::string_view> Pieces(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const size_t end = text.find(';');
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

absl::Status Wrong(const ConditionCase& condition_case) {
  return Fail(ErrorCode::kBadParameters,
              Concat({"erreur : paramètres de '", condition_case.name, "' incorrects"}));
}

// Values by upper-case parameter name. A piece is named when what stands before its first `=` is a
// parameter; either every piece is named or none is.
absl::StatusOr<std::map<std::string, std::string>> Assign(const ConditionCase& condition_case,
                                                          std::string_view text) {
  std::map<std::string, std::string> values;
  if (condition_case.parameters.empty()) {
    if (Trim(text).empty()) return values;
    return Wrong(condition_case);
  }
  std::vector<std::string_view> pieces = Pieces(text);
  if (pieces.size() > condition_case.parameters.size() && Trim(pieces.back()).empty()) {
    pieces.pop_back();  // `a=1;b=2;`
  }
  if (pieces.size() != condition_case.parameters.size()) return Wrong(condition_case);
  size_t named = 0;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const size_t equals = pieces[i].find('=');
    const Parameter* parameter =
        equals == std::string_view::npos
            ? nullptr
            : FindParameter(condition_case, Trim(pieces[i].substr(0, equals)));
    const bool is_named = parameter != nullptr;
    named += is_named ? 1 : 0;
    if (!is_named) parameter = &condition_case.parameters[i];
    values[absl::AsciiStrToUpper(parameter->name)] =
        std::string(is_named ? pieces[i].substr(equals + 1) : pieces[i]);
  }
  const bool blank = named == 0 && Trim(text).empty();  // no value at all
  const bool mixed = named != 0 && named != pieces.size();
  if (blank || mixed || values.size() != pieces.size()) return Wrong(condition_case);
  return values;
}

}  // namespace

absl::StatusOr<Node> BindCase(const dictionary::RecordSql& record_sql,
                              const ConditionCase& condition_case, std::string_view parameters,
                              bool aggregates) {
  const absl::StatusOr<std::map<std::string, std::string>> texts =
      Assign(condition_case, parameters);
  if (!texts.ok()) return texts.status();
  std::map<std::string, Node> values;
  for (const Parameter& parameter : condition_case.parameters) {
    const std::string key = absl::AsciiStrToUpper(parameter.name);
    absl::StatusOr<Node> value = TypedValue(parameter, texts->at(key));
    if (!value.ok()) return value;
    values[key] = *std::move(value);
  }
  const dictionary::Scope scope{record_sql.context_records, condition_case.parameters, aggregates};
  absl::StatusOr<Node> node = dictionary::ParseCondition(condition_case.condition.text, scope);
  if (!node.ok()) return Fail(ErrorCode::kBadCondition, std::string(node.status().message()));
  SubstituteParameters(values, *node);
  return node;
}

}  // namespace relais::sandbox::recordsql

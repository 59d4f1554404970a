#include "server/services/robot/api/odata_filter.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "server/core/aip/filter.h"
#include "server/core/base/error.h"
#include "server/core/base/text/text.h"
#include "server/core/base/text/view.h"
#include "server/services/robot/codec/codec.h"
#include "server/services/robot/codec/words.h"

namespace relais::robot {
namespace {

using Type = FilterField::Type;
using Operator = FilterTerm::Operator;

// The upstream's word for the name of an enum's value, which is one of the field's.
using WordFor = std::string_view (*)(const std::string& name);

struct Field {
  FilterField declared;
  std::string_view path;  // upstream
  WordFor word = nullptr;
  bool guid = false;
  bool mark = false;  // a request id, which is a part of the mark in the field
};

template <typename Enum>
std::string_view WordForName(const std::string& prefix, const std::string& name) {
  const auto* value = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByName(prefix + name);
  return value == nullptr ? "" : WordOf(static_cast<Enum>(value->number()));
}

// The names, without their prefix, of values that the upstream has a word for.
template <typename Enum>
std::vector<std::string> NamesOf(const std::string& prefix) {
  std::vector<std::string> names;
  const auto& all = *google::protobuf::GetEnumDescriptor<Enum>();
  for (int i = 0; i < all.value_count(); ++i) {
    if (WordOf(static_cast<Enum>(all.value(i)->number())).empty()) continue;
    names.emplace_back(all.value(i)->name().substr(prefix.size()));
  }
  return names;
}

Field RobotTypeField(const char* name, std::string_view path) {
  return {{name, Type::kEnum, NamesOf<v1::Robot::Type>("TYPE_")},
          path,
          [](const std::string& value) { return WordForName<v1::Robot::Type>("TYPE_", value); }};
}

std::vector<Field> FieldsOf(Collection collection) {
  switch (collection) {
    case Collection::kRobots:
      return {{{"id", Type::kInteger}, "Id"},
              {{"display_name", Type::kText}, "Name"},
              RobotTypeField("type", "Type"),
              {{"raw_type", Type::kText}, "Type"},
              {{"machine_name", Type::kText}, "MachineName"},
              {{"machine_id", Type::kInteger}, "MachineId"},
              {{"user_name", Type::kText}, "Username"},
              {{"enabled", Type::kBool}, "Enabled"}};
    case Collection::kSessions:
      return {
          {{"id", Type::kInteger}, "Id"},
          {{"robot.id", Type::kInteger}, "Robot/Id"},
          {{"robot.display_name", Type::kText}, "Robot/Name"},
          RobotTypeField("robot.type", "Robot/Type"),
          {{"reported_state", Type::kEnum, NamesOf<v1::Session::ReportedState>("REPORTED_STATE_")},
           "State",
           [](const std::string& value) {
             return WordForName<v1::Session::ReportedState>("REPORTED_STATE_", value);
           }},
          {{"report_time", Type::kTime}, "ReportingTime"},
          {{"host_machine_name", Type::kText}, "HostMachineName"},
          {{"machine_id", Type::kInteger}, "MachineId"},
          {{"unresponsive", Type::kBool}, "IsUnresponsive"},
          {{"version", Type::kText}, "Version"}};
    case Collection::kJobs:
      return {
          {{"id", Type::kInteger}, "Id"},
          {{"key", Type::kText}, "Key", nullptr, /*guid=*/true},
          {{"state", Type::kEnum, NamesOf<v1::Job::State>("STATE_")},
           "State",
           [](const std::string& value) { return WordForName<v1::Job::State>("STATE_", value); }},
          {{"create_time", Type::kTime}, "CreationTime"},
          {{"start_time", Type::kTime}, "StartTime"},
          {{"end_time", Type::kTime}, "EndTime"},
          {{"process_display_name", Type::kText}, "ReleaseName"},
          {{"host_machine_name", Type::kText}, "HostMachineName"},
          {{"priority", Type::kEnum, NamesOf<v1::Job::Priority>("PRIORITY_")},
           "JobPriority",
           [](const std::string& value) {
             return WordForName<v1::Job::Priority>("PRIORITY_", value);
           }},
          {{"raw_source", Type::kText}, "Source"},
          {{"request_id", Type::kText}, "Reference", nullptr, /*guid=*/false, /*mark=*/true}};
    case Collection::kProcesses:
      return {{{"display_name", Type::kText}, "Name"},
              {{"package_id", Type::kText}, "ProcessKey"},
              {{"package_version", Type::kText}, "ProcessVersion"}};
  }
  return {};
}

std::string_view WordOfOperator(Operator op) {
  switch (op) {
    case Operator::kNotEqual:
    case Operator::kPresent:
      return "ne";
    case Operator::kLess:
      return "lt";
    case Operator::kLessEqual:
      return "le";
    case Operator::kGreater:
      return "gt";
    case Operator::kGreaterEqual:
      return "ge";
    default:
      return "eq";
  }
}

class Translator {
 public:
  explicit Translator(const std::vector<Field>& fields) : fields_(fields) {}

  odata::Condition Translate(const FilterNode& node) {
    if (node.kind == FilterNode::Kind::kTerm) return TranslateTerm(node.term);
    std::vector<odata::Condition> children;
    for (const FilterNode& child : node.children) children.push_back(Translate(child));
    if (node.kind == FilterNode::Kind::kNot) return odata::Condition::Not(children.front());
    return node.kind == FilterNode::Kind::kAnd ? odata::Condition::And(children)
                                               : odata::Condition::Or(children);
  }

  std::vector<Violation> TakeViolations() { return std::move(violations_); }

 private:
  const Field& FieldOf(const std::string& name) const {
    for (const Field& field : fields_) {
      if (field.declared.name == name) return field;
    }
    return fields_.front();  // the parser lets no other through
  }

  odata::Condition TranslateTerm(const FilterTerm& term) {
    const Field& field = FieldOf(term.field);
    if (field.mark) return TranslateMark(term);
    if (term.op == Operator::kPresent)
      return odata::Condition::Compare(field.path, "ne", odata::Null{});
    const auto* const text = std::get_if<std::string>(&term.value);
    if (term.op == Operator::kContains && text != nullptr && field.word == nullptr && !field.guid)
      return odata::Condition::Contains(field.path, *text);
    return odata::Condition::Compare(field.path, WordOfOperator(term.op), LiteralOf(field, term));
  }

  odata::Condition TranslateMark(const FilterTerm& term) {
    if (term.op == Operator::kPresent)
      return odata::Condition::Contains("Reference", BeginOfMark(""));
    const auto has =
        odata::Condition::Contains("Reference", EndOfMark(std::get<std::string>(term.value)));
    if (term.op == Operator::kEqual) return has;
    if (term.op == Operator::kNotEqual) return odata::Condition::Not(has);
    violations_.push_back({"filter", "\"request_id\" can be compared by = and != only"});
    return has;
  }

  odata::Literal LiteralOf(const Field& field, const FilterTerm& term) {
    if (const auto* number = std::get_if<std::int64_t>(&term.value)) return *number;
    if (const auto* time = std::get_if<absl::Time>(&term.value)) return *time;
    if (const auto* truth = std::get_if<bool>(&term.value)) return *truth;
    const std::string& text = std::get<std::string>(term.value);
    if (field.word != nullptr) return odata::Text{std::string(field.word(text))};
    if (!field.guid) return odata::Text{text};
    if (!IsGuid(text)) {
      violations_.push_back({"filter", absl::StrCat("\"", field.declared.name,
                                                    "\" can be compared with a GUID only")});
    }
    return odata::Guid{text};
  }

  const std::vector<Field>& fields_;
  std::vector<Violation> violations_;
};

}  // namespace

absl::StatusOr<odata::Condition> TranslateFilter(Collection collection, std::string_view filter) {
  const std::vector<Field> fields = FieldsOf(collection);
  std::vector<FilterField> declared;
  declared.reserve(fields.size());
  for (const Field& field : fields) declared.push_back(field.declared);
  auto parsed = ParseFilter(filter, declared, "filter");
  if (!parsed.ok()) return parsed.status();
  if (!parsed->root) return odata::Condition();
  Translator translator(fields);
  odata::Condition condition = translator.Translate(*parsed->root);
  auto violations = translator.TakeViolations();
  if (!violations.empty()) return InvalidRequest(std::move(violations));
  return condition;
}

}  // namespace relais::robot

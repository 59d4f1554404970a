#include "server/services/jobqueue/api/job_filter.h"

#include "absl/time/time.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/jobqueue/codec/words.h"

namespace relais::jobqueue {
namespace {

using v1::Job;
using Operator = FilterTerm::Operator;

constexpr std::string_view kTypePrefix = "TYPE_";
constexpr std::string_view kStatePrefix = "STATE_";
constexpr std::string_view kOutcomePrefix = "OUTCOME_";

// The names of an enum's values without their prefix; 0, which says nothing, left out.
template <typename Enum>
std::vector<std::string> NamesOf(std::string_view prefix) {
  const google::protobuf::EnumDescriptor& all = *google::protobuf::GetEnumDescriptor<Enum>();
  std::vector<std::string> names;
  for (int i = 0; i < all.value_count(); ++i) {
    if (all.value(i)->number() != 0) names.emplace_back(all.value(i)->name().substr(prefix.size()));
  }
  return names;
}

const std::vector<FilterField>& FilterFields() {
  using Type = FilterField::Type;
  static const auto* const kFields = new std::vector<FilterField>{
      {"display_name", Type::kText},
      {"description", Type::kText},
      {"type", Type::kEnum, NamesOf<Job::Type>(kTypePrefix)},
      {"raw_type", Type::kText},
      {"state", Type::kEnum, NamesOf<Job::State>(kStatePrefix)},
      {"outcome", Type::kEnum, NamesOf<Job::Outcome>(kOutcomePrefix)},
      {"submitter", Type::kText},
      {"submit_time", Type::kTime},
      {"schedule_time", Type::kTime},
      {"start_time", Type::kTime},
      {"end_time", Type::kTime},
      {"queue_position", Type::kInteger},
      {"request_id", Type::kText},
      {"ended", Type::kBool},
      {"succeeded", Type::kBool},
  };
  return *kFields;
}

bool IsTextField(const std::string& field) {
  for (const FilterField& known : FilterFields()) {
    if (known.name == field) return known.type == FilterField::Type::kText;
  }
  return false;
}

// A job has every text; whether it says anything is what "description:*" asks.
void AskForContent(FilterNode& node) {
  if (node.term.op == Operator::kPresent && IsTextField(node.term.field)) {
    node.term.op = Operator::kNotEqual;
    node.term.value = std::string();
  }
  for (FilterNode& child : node.children) AskForContent(child);
}

std::optional<FilterValue> Name(int number, const std::string& name, std::string_view prefix) {
  if (number == 0 || name.empty()) return std::nullopt;
  return FilterValue(name.substr(prefix.size()));
}

std::optional<FilterValue> Time(bool has, const google::protobuf::Timestamp& time) {
  if (!has) return std::nullopt;
  return FilterValue(gateway::ToTime(time));
}

// The upstream's words for values by their names without the prefix; empty for what has none.
std::string TypeWord(const std::string& name) {
  Job::Type type = Job::TYPE_UNSPECIFIED;
  Job::Type_Parse(std::string(kTypePrefix) + name, &type);
  return std::string(WordOf(type));
}
std::string StateWord(const std::string& name) {
  Job::State state = Job::STATE_UNSPECIFIED;
  Job::State_Parse(std::string(kStatePrefix) + name, &state);
  return std::string(WordOf(state));
}

// What the upstream can look for by a term; an empty text when it cannot.
std::pair<std::string, std::string> ParameterOf(const FilterTerm& term) {
  const auto* const text = std::get_if<std::string>(&term.value);
  const bool equal = term.op == Operator::kEqual;
  const bool contains = term.op == Operator::kContains;
  if (text == nullptr || (!equal && !contains)) return {};
  if (term.field == "type") return {"jobType", TypeWord(*text)};
  if (term.field == "state") return {"status", StateWord(*text)};
  // These the upstream takes for parts, whichever operator it is.
  if (term.field == "display_name") return {"nameFilter", *text};
  if (term.field == "description") return {"descriptionFilter", *text};
  if (term.field == "request_id") return {"descriptionFilter", *text};  // the mark is a part of it
  if (term.field == "raw_type" && equal) return {"jobType", *text};
  if (term.field == "submitter" && equal) return {"submitterNameFilter", *text};
  return {};
}

}  // namespace

absl::StatusOr<Filter> ParseJobFilter(std::string_view text) {
  auto filter = ParseFilter(text, FilterFields(), "filter");
  if (filter.ok() && filter->root) AskForContent(*filter->root);
  return filter;
}

bool MatchesJob(const Filter& filter, const Job& job) {
  return Matches(filter, [&job](std::string_view field) { return ValueOf(job, field); });
}

std::optional<FilterValue> ValueOf(const Job& job, std::string_view field) {
  if (field == "display_name") return FilterValue(job.display_name());
  if (field == "description") return FilterValue(job.description());
  if (field == "type") return Name(job.type(), Job::Type_Name(job.type()), kTypePrefix);
  if (field == "raw_type") return FilterValue(job.raw_type());
  if (field == "state") return Name(job.state(), Job::State_Name(job.state()), kStatePrefix);
  if (field == "outcome") {
    return Name(job.outcome(), Job::Outcome_Name(job.outcome()), kOutcomePrefix);
  }
  if (field == "submitter") return FilterValue(job.submitter());
  if (field == "submit_time") return Time(job.has_submit_time(), job.submit_time());
  if (field == "schedule_time") return Time(job.has_schedule_time(), job.schedule_time());
  if (field == "start_time") return Time(job.has_start_time(), job.start_time());
  if (field == "end_time") return Time(job.has_end_time(), job.end_time());
  if (field == "request_id") return FilterValue(job.request_id());
  if (field == "ended") return FilterValue(job.ended());
  if (field == "succeeded") return FilterValue(job.succeeded());
  if (field == "queue_position" && job.has_queue_position())
    return FilterValue(std::int64_t{job.queue_position()});
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> UpstreamQuery(const Filter& filter) {
  std::vector<std::pair<std::string, std::string>> query;
  for (const FilterTerm* term : filter.RequiredTerms()) {
    auto parameter = ParameterOf(*term);
    if (parameter.second.empty()) continue;
    bool is_new = true;  // of two terms for one parameter the upstream takes one
    for (const auto& [name, value] : query) is_new = is_new && name != parameter.first;
    if (is_new) query.push_back(std::move(parameter));
  }
  return query;
}

}  // namespace relais::jobqueue

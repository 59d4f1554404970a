#include "server/services/jobqueue/api/job_order.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "server/services/jobqueue/api/job_filter.h"

namespace relais::jobqueue {
namespace {

using v1::Job;

const std::vector<std::string>& OrderFields() {
  static const auto* const kFields = new std::vector<std::string>{
      "display_name",  "type",       "state",    "submitter",     "submit_time",
      "schedule_time", "start_time", "end_time", "queue_position"};
  return *kFields;
}

// Types and states in the order of their enums: a job's life, not the alphabet. An empty text is an
// absent value.
std::optional<FilterValue> RankOf(const Job& job, std::string_view field) {
  const bool is_type = field == "type";
  if (!is_type && field != "state") {
    auto value = ValueOf(job, field);
    return value == FilterValue(std::string()) ? std::nullopt : std::move(value);
  }
  const std::int64_t number =
      is_type ? static_cast<int>(job.type()) : static_cast<int>(job.state());
  if (number == 0) return std::nullopt;
  return FilterValue(number);
}

// Small is first.
auto UsualPlace(const Job& job) {
  const bool pending = job.state() == Job::STATE_PENDING;
  const std::int64_t position = !pending ? 0
                                : job.has_queue_position()
                                    ? std::int64_t{job.queue_position()}
                                    : std::numeric_limits<std::int64_t>::max();
  return std::tuple(!pending, position, -job.submit_time().seconds(), -job.submit_time().nanos());
}

}  // namespace

absl::StatusOr<std::vector<OrderTerm>> ParseJobOrder(std::string_view text) {
  return ParseOrderBy(text, OrderFields(), "order_by");
}

void SortJobs(const std::vector<OrderTerm>& order, std::vector<Job*>& jobs) {
  std::sort(jobs.begin(), jobs.end(), [&order](const Job* left, const Job* right) {
    const int compared = CompareByOrder(
        order, [left](std::string_view field) { return RankOf(*left, field); },
        [right](std::string_view field) { return RankOf(*right, field); });
    if (compared != 0) return compared < 0;
    const auto left_place = UsualPlace(*left);
    const auto right_place = UsualPlace(*right);
    if (left_place != right_place) return left_place < right_place;
    return left->name() < right->name();
  });
}

}  // namespace relais::jobqueue

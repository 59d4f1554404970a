#include "server/services/campaign/api/checks.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relais::campaign {

void CheckText(const char* field, const std::string& text, std::size_t most, bool required,
               std::vector<Violation>& violations) {
  if (required && text.empty()) violations.push_back({field, "is required"});
  if (text.size() > most)
    violations.push_back({field, absl::StrCat("must have at most ", most, " bytes")});
  if (std::any_of(text.begin(), text.end(), [](char c) { return absl::ascii_iscntrl(c); }))
    violations.push_back({field, "must not have control characters"});
}

void CheckMessage(const char* field, const std::string& name, std::string_view instance,
                  std::string_view model, std::vector<Violation>& violations) {
  const auto message = ParseMessageName(name);
  if (!message) {
    violations.push_back({field, "must be instances/{instance}/models/{model}/messages/{message}"});
  } else if (message->instance != instance) {
    violations.push_back({field, "must be a message of the same instance"});
  } else if (!model.empty() && message->model != model) {
    violations.push_back({field, "must be a message of the campaign's model"});
  }
}

void CheckDate(const char* field, const google::type::Date& date,
               std::vector<Violation>& violations) {
  const std::string text = absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
  if (!ParseDay(text))
    violations.push_back({field, "must be a whole date: year 1 to 9999, month and day"});
}

void CheckPageSize(std::int64_t page_size, std::vector<Violation>& violations) {
  if (page_size < 0) violations.push_back({"page_size", "must not be negative"});
}

}  // namespace relais::campaign

#include "server/services/campaign/api/checks.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/core/base/text/text.h"

namespace relais::campaign {

void CheckText(std::string_view field, const std::string& text, std::size_t most, bool required,
               Violations& violations) {
  if (required && text.empty()) violations.Add(field, "is required");
  if (text.size() > most) violations.Add(field, absl::StrCat("must have at most ", most, " bytes"));
  if (HasControl(text)) violations.Add(field, "must not have control characters");
}

void CheckMessage(std::string_view field, const std::string& name, std::string_view instance,
                  std::string_view model, Violations& violations) {
  const auto message = MessageName::Parse(name);
  if (!message) {
    violations.Add(field, "must be instances/{instance}/models/{model}/messages/{message}");
  } else if (!instance.empty() && message->instance != instance) {
    violations.Add(field, "must be a message of the same instance");
  } else if (!model.empty() && message->model != model) {
    violations.Add(field, "must be a message of the campaign's model");
  }
}

void CheckDate(std::string_view field, const google::type::Date& date, Violations& violations) {
  const std::string text = absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
  if (!ParseDay(text)) violations.Add(field, "must be a whole date: year 1 to 9999, month and day");
}

}  // namespace relais::campaign

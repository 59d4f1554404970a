// Checks of fields that many requests have; each adds every violation that it finds.

#ifndef RELAIS_SERVER_SERVICES_CAMPAIGN_API_CHECKS_H_
#define RELAIS_SERVER_SERVICES_CAMPAIGN_API_CHECKS_H_

#include <optional>
#include <string>
#include <string_view>

#include "google/type/date.pb.h"
#include "server/core/base/violations.h"
#include "server/services/campaign/names.h"

namespace relais::campaign {

// 1 to `most` characters without control characters, as far as names are concerned.
void CheckText(std::string_view field, const std::string& text, std::size_t most, bool required,
               Violations& violations);

// A message of that instance and of that model, each unless it is empty: not known, or not told.
void CheckMessage(std::string_view field, const std::string& name, std::string_view instance,
                  std::string_view model, Violations& violations);

// A whole day, from year 1 on.
void CheckDate(std::string_view field, const google::type::Date& date, Violations& violations);

}  // namespace relais::campaign

#endif  // RELAIS_SERVER_SERVICES_CAMPAIGN_API_CHECKS_H_

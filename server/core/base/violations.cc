#include "server/core/base/violations.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"

namespace relais {

void Violations::AddAll(const absl::Status& status, std::string_view prefix) {
  if (status.ok()) return;
  const ErrorDetails details = DetailsOf(status);
  for (const Violation& violation : details.violations) {
    Add([&] { return absl::StrCat(View(prefix), violation.field); }, violation.description);
  }
  more_ += details.more_violations;
}

void Violations::AddOthers(const absl::Status& status) {
  if (status.ok()) return;
  const ErrorDetails details = DetailsOf(status);
  for (const Violation& violation : details.violations) {
    if (!Has(violation.field)) Add(violation.field, violation.description);
  }
  more_ += details.more_violations;
}

bool Violations::Has(std::string_view field) const {
  return std::any_of(kept_.begin(), kept_.end(),
                     [field](const Violation& one) { return one.field == field; });
}

absl::Status Violations::ToStatus() const {
  return empty() ? absl::OkStatus() : InvalidRequest(kept_, more_);
}

}  // namespace relais

#include "server/core/base/violations.h"

#include "absl/strings/str_cat.h"
#include "server/core/base/view.h"

namespace relais {

void Violations::AddAll(const absl::Status& status, std::string_view prefix) {
  if (status.ok()) return;
  const ErrorDetails details = DetailsOf(status);
  for (const Violation& violation : details.violations) {
    Add([&] { return absl::StrCat(View(prefix), violation.field); }, violation.description);
  }
  more_ += details.more_violations;
}

absl::Status Violations::ToStatus() const {
  return empty() ? absl::OkStatus() : InvalidRequest(kept_, more_);
}

}  // namespace relais

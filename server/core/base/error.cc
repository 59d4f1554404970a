#include "server/core/base/error.h"

#include <charconv>
#include <cstddef>
#include <cstdint>

#include "absl/strings/cord.h"
#include "server/core/base/text/number.h"
#include "server/core/base/text/view.h"

namespace relais {
namespace {

constexpr char kPayload[] = "relais/error-details";

// The payload is a sequence of fields, each "LENGTH:BYTES", in a fixed order. It never leaves the
// process.
void Put(std::string& out, std::string_view field) {
  absl::StrAppend(&out, field.size(), ":", View(field));
}

class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : text_(text) {}

  std::string_view Next() {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), size);
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()) + 1);
    const std::string_view field = text_.substr(0, size);
    text_.remove_prefix(size);
    return field;
  }

  std::int64_t NextNumber() { return ParseNumber(Next()).value_or(0); }

 private:
  std::string_view text_;
};

std::string Encode(const ErrorDetails& details) {
  std::string out;
  Put(out, absl::StrCat(static_cast<int>(details.reason)));
  Put(out, details.retry_after ? absl::StrCat(absl::ToInt64Nanoseconds(*details.retry_after)) : "");
  Put(out, details.localized_locale);
  Put(out, details.localized_message);
  Put(out, absl::StrCat(details.metadata.size()));
  for (const auto& [key, value] : details.metadata) {
    Put(out, key);
    Put(out, value);
  }
  Put(out, absl::StrCat(details.violations.size()));
  for (const Violation& violation : details.violations) {
    Put(out, violation.field);
    Put(out, violation.description);
  }
  Put(out, absl::StrCat(details.more_violations));
  return out;
}

ErrorDetails Decode(std::string_view text) {
  FieldReader reader(text);
  ErrorDetails details;
  details.reason = static_cast<Reason>(reader.NextNumber());
  if (const std::string_view retry = reader.Next(); !retry.empty()) {
    details.retry_after = absl::Nanoseconds(ParseNumber(retry).value_or(0));
  }
  details.localized_locale = reader.Next();
  details.localized_message = reader.Next();
  for (std::int64_t left = reader.NextNumber(); left > 0; --left) {
    std::string key(reader.Next());
    details.metadata.emplace_back(std::move(key), std::string(reader.Next()));
  }
  for (std::int64_t left = reader.NextNumber(); left > 0; --left) {
    std::string field(reader.Next());
    details.violations.push_back({std::move(field), std::string(reader.Next())});
  }
  details.more_violations = static_cast<std::size_t>(reader.NextNumber());
  return details;
}

Reason ReasonForCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kCancelled:
      return Reason::kCallerCancelled;
    case absl::StatusCode::kInvalidArgument:
      return Reason::kInvalidRequest;
    case absl::StatusCode::kDeadlineExceeded:
      return Reason::kCallerDeadline;
    case absl::StatusCode::kNotFound:
      return Reason::kResourceNotFound;
    case absl::StatusCode::kPermissionDenied:
      return Reason::kAccessDenied;
    default:
      return Reason::kGatewayInternal;
  }
}

}  // namespace

ErrorDetails DetailsOf(const absl::Status& status) {
  if (const auto payload = status.GetPayload(kPayload)) return Decode(std::string(*payload));
  ErrorDetails details;
  details.reason = ReasonForCode(status.code());
  return details;
}

void SetDetails(absl::Status& status, const ErrorDetails& details) {
  status.SetPayload(kPayload, absl::Cord(Encode(details)));
}

void AddMetadata(absl::Status& status, std::string_view key, std::string_view value) {
  ErrorDetails details = DetailsOf(status);
  for (const auto& entry : details.metadata) {
    if (entry.first == key) return;
  }
  details.metadata.emplace_back(key, value);
  SetDetails(status, details);
}

bool HasReason(const absl::Status& status, Reason reason) {
  return !status.ok() && DetailsOf(status).reason == reason;
}

Error::operator absl::Status() && {
  absl::Status status(code_, message_);
  SetDetails(status, details_);
  return status;
}

absl::Status InvalidRequest(std::vector<Violation> violations, std::size_t more) {
  std::string message =
      absl::StrCat(violations.front().field, ": ", violations.front().description);
  const std::size_t others = violations.size() - 1 + more;
  if (others > 0) absl::StrAppend(&message, " (and ", others, " more)");
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest)
             .Violations(std::move(violations), more)
         << message;
}

}  // namespace relais

#include "tests/integration/failure.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace relais::integration {
namespace {

constexpr std::size_t kMaxDetails = 4096;

// Password, token (a JWT begins with "eyJ"), addresses, and pieces of requests and bodies.
constexpr const char* kSecrets[] = {
    "demo-password", "eyJ",       "access_token", "://",      "127.0.0.1", "localhost",
    "DhsDivalto",    "Execute",   "Authent",      "<html",    "<body",     "DOCTYPE",
    "nbrecord",      "tablename", "\"records\"",  "txterr\"", "password=", "Bearer"};

// The upstream speaks French; our own sentences do not.
constexpr const char* kFrench[] = {"erreur", "autoris\xc3\xa9", "jeton", "mot de passe", "inconnu"};

std::string Leak(const google::rpc::Status& details, const grpc::Status& status) {
  const std::string all = absl::StrCat(status.error_message(), "\n", status.error_details());
  for (const char* secret : kSecrets) {
    if (absl::StrContains(all, secret)) return absl::StrCat("gives away \"", secret, "\"");
  }
  std::string ours = status.error_message();
  for (const auto& detail : details.details()) {
    if (!detail.Is<google::rpc::LocalizedMessage>()) absl::StrAppend(&ours, "\n", detail.value());
  }
  for (const char* word : kFrench) {
    if (absl::StrContains(ours, word)) return absl::StrCat("says \"", word, "\" outside of French");
  }
  return "";
}

std::string Flaw(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return "has details that are no Status";
  if (details.code() != status.error_code()) return "has another code in its details";
  if (status.error_details().size() > kMaxDetails) return "has more than 4 KiB of details";
  if (status.error_message().empty()) return "has no message";
  const Failure failure = FailureOf(status);
  if (failure.error_infos != 1) return "has not exactly one ErrorInfo";
  if (failure.domain != "relais") return "has another domain";
  for (const char* key : {"service", "connection", "method", "callId"}) {
    if (failure.metadata.count(key) == 0) return absl::StrCat("has no metadata ", key);
  }
  return Leak(details, status);
}

}  // namespace

Failure FailureOf(const grpc::Status& status) {
  Failure failure;
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  google::rpc::ErrorInfo info;
  google::rpc::RetryInfo retry;
  google::rpc::BadRequest bad;
  google::rpc::LocalizedMessage localized;
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&info)) {
      ++failure.error_infos;
      failure.domain = info.domain();
      failure.reason = info.reason();
      failure.metadata = {info.metadata().begin(), info.metadata().end()};
    } else if (detail.UnpackTo(&retry)) {
      failure.retry_after = absl::Seconds(retry.retry_delay().seconds()) +
                            absl::Nanoseconds(retry.retry_delay().nanos());
    } else if (detail.UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) {
        failure.violated.push_back(violation.field());
        absl::StrAppend(&failure.violations, violation.field(), ": ", violation.description(),
                        "\n");
      }
    } else if (detail.UnpackTo(&localized)) {
      failure.locale = localized.locale();
      failure.localized = localized.message();
    }
  }
  return failure;
}

std::string Describe(const grpc::Status& status) {
  const Failure failure = FailureOf(status);
  std::string text = absl::StrCat("code ", status.error_code(), ", reason ", failure.reason, ": ",
                                  status.error_message(), "\n", failure.violations);
  for (const auto& [key, value] : failure.metadata) absl::StrAppend(&text, key, "=", value, " ");
  return text;
}

testing::AssertionResult Fails(const grpc::Status& status, grpc::StatusCode code,
                               const std::string& reason) {
  if (status.ok()) return testing::AssertionFailure() << "the call succeeded";
  const std::string flaw = Flaw(status);
  if (!flaw.empty()) return testing::AssertionFailure() << flaw << ": " << Describe(status);
  if (status.error_code() == code && FailureOf(status).reason == reason) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << Describe(status) << "\nwanted: " << code << " " << reason;
}

testing::AssertionResult Violates(const grpc::Status& status, const std::string& field) {
  const auto fails = Fails(status, grpc::StatusCode::INVALID_ARGUMENT, "INVALID_REQUEST");
  if (!fails) return fails;
  const std::vector<std::string> violated = FailureOf(status).violated;
  if (std::find(violated.begin(), violated.end(), field) != violated.end()) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure()
         << field << " is not among the violations: " << Describe(status);
}

}  // namespace relais::integration

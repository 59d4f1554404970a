// The section `jobqueue` of the settings file.
#include "sandbox/upstreams/jobqueue/settings.h"

#include <map>
#include <optional>
#include <string>

#include "sandbox/settings_reader.h"

namespace relais::sandbox::jobqueue {
namespace {

Setters AccountSetters(Account& account) {
  return {
      {"user", TextInto(account.user)},
      {"password", TextInto(account.password)},
      {"permission", ChoiceInto<Permission>(account.permission, {{"read", Permission::kRead},
                                                                 {"write", Permission::kWrite},
                                                                 {"admin", Permission::kAdmin}})}};
}

Setters ClientSetters(OidcClient& client) {
  return {{"id", TextInto(client.id)},
          {"secret", TextInto(client.secret)},
          {"user", TextInto(client.user)}};
}

Setters SeedSetters(JobSeed& job) {
  const auto status = [&job](const YAML::Node& node) {
    const std::optional<JobStatus> named = JobStatusNamed(node.as<std::string>());
    if (!named) throw SettingsError(node.Mark(), "this is not a status of a job");
    job.status = *named;
  };
  return {{"name", TextInto(job.name)},
          {"description", TextInto(job.description)},
          {"type", TextInto(job.type)},
          {"submitter", TextInto(job.submitter)},
          {"status", status}};
}

Setter TokensInto(std::map<std::string, std::string>& out) {
  return [&out](const YAML::Node& node) { out = node.as<std::map<std::string, std::string>>(); };
}

Setter SignInInto(SignIn& out) {
  return ChoiceInto<SignIn>(
      out,
      {{"basic", SignIn::kBasic}, {"bearer", SignIn::kBearer}, {"anonymous", SignIn::kAnonymous}});
}

Setter DatesInto(DateStyle& out) {
  return ChoiceInto<DateStyle>(
      out, {{"z", DateStyle::kZ}, {"offset", DateStyle::kOffset}, {"naive", DateStyle::kNaive}});
}

Setter VersionInto(std::string& out) {
  return ChoiceInto<std::string>(
      out, {{"24.2", "24.2"}, {"25.1", "25.1"}, {"25.2", "25.2"}, {"26.1", "26.1"}});
}

}  // namespace

Setters SettersOf(Options& options) {
  const absl::Duration second = absl::Seconds(1);
  const absl::Duration milli = absl::Milliseconds(1);
  return {
      {"accounts", ListInto(options.accounts, "accounts", "an account", AccountSetters)},
      {"sign_in", SignInInto(options.sign_in)},
      {"bearer_tokens", TokensInto(options.bearer_tokens)},
      {"oidc_clients", ListInto(options.oidc_clients, "oidc_clients", "a client", ClientSetters)},
      {"refresh_tokens", TokensInto(options.refresh_tokens)},
      {"rotate_refresh_tokens", SwitchInto(options.rotate_refresh_tokens)},
      {"access_token_seconds", TimeInto(options.access_token_life, second, 1)},
      {"version", VersionInto(options.version)},
      {"concurrency", NumberInto(options.concurrency, 0)},
      {"polling_ms", TimeInto(options.polling_interval, milli)},
      {"job_ms", TimeInto(options.job_time, milli)},
      {"purge_age_seconds", TimeInto(options.purge_age, second)},
      {"purge_interval_seconds", TimeInto(options.purge_interval, second, 1)},
      {"upload_life_seconds", TimeInto(options.upload_life, second, 1)},
      {"max_upload_bytes", NumberInto<std::uint64_t>(options.max_upload_bytes, 1)},
      {"dates", DatesInto(options.date_style)},
      {"state_file", TextInto(options.state_file)},
      {"jobs", ListInto(options.jobs, "jobs", "a job", SeedSetters)}};
}

}  // namespace relais::sandbox::jobqueue

#include "sandbox/settings_reader.h"

namespace relais::sandbox {
namespace {

using Setter = std::function<void(const YAML::Node&)>;

std::vector<JobQueueAccount> QueueAccounts(const YAML::Node& list) {
  std::vector<JobQueueAccount> accounts;
  ApplyToEach(list, "accounts", [&](const YAML::Node& node) {
    JobQueueAccount account;
    const auto permission = [&account](const YAML::Node& value) {
      account.permission = OneOf<Permission>(value, {{"read", Permission::kRead},
                                                     {"write", Permission::kWrite},
                                                     {"admin", Permission::kAdmin}});
    };
    Apply(node, "an account",
          {{"user", TextInto(account.user)},
           {"password", TextInto(account.password)},
           {"permission", permission}});
    accounts.push_back(std::move(account));
  });
  return accounts;
}

std::vector<OidcClient> OidcClients(const YAML::Node& list) {
  std::vector<OidcClient> clients;
  ApplyToEach(list, "oidc_clients", [&](const YAML::Node& node) {
    OidcClient client;
    Apply(node, "a client",
          {{"id", TextInto(client.id)},
           {"secret", TextInto(client.secret)},
           {"user", TextInto(client.user)}});
    clients.push_back(std::move(client));
  });
  return clients;
}

std::vector<JobSeed> Jobs(const YAML::Node& list) {
  std::vector<JobSeed> jobs;
  ApplyToEach(list, "jobs", [&](const YAML::Node& node) {
    JobSeed job;
    const auto status = [&job](const YAML::Node& value) {
      const std::optional<JobStatus> named = JobStatusNamed(value.as<std::string>());
      if (!named) throw SettingsError(value.Mark(), "this is not a status of a job");
      job.status = *named;
    };
    Apply(node, "a job",
          {{"name", TextInto(job.name)},
           {"description", TextInto(job.description)},
           {"type", TextInto(job.type)},
           {"submitter", TextInto(job.submitter)},
           {"status", status}});
    jobs.push_back(std::move(job));
  });
  return jobs;
}

// A whole number of `unit`s.
Setter Time(absl::Duration& out, absl::Duration unit, int64_t least) {
  return [&out, unit, least](const YAML::Node& node) { out = AtLeast(node, least) * unit; };
}

Setter Version(std::string& out) {
  return [&out](const YAML::Node& node) {
    out = OneOf<std::string>(
        node, {{"24.2", "24.2"}, {"25.1", "25.1"}, {"25.2", "25.2"}, {"26.1", "26.1"}});
  };
}

Setter Tokens(std::map<std::string, std::string>& out) {
  return [&out](const YAML::Node& node) { out = node.as<std::map<std::string, std::string>>(); };
}

}  // namespace

void JobQueueSettings(const YAML::Node& node, JobQueueOptions& options) {
  const auto sign_in = [&](const YAML::Node& value) {
    options.sign_in = OneOf<SignIn>(value, {{"basic", SignIn::kBasic},
                                            {"bearer", SignIn::kBearer},
                                            {"anonymous", SignIn::kAnonymous}});
  };
  const auto dates = [&](const YAML::Node& value) {
    options.date_style = OneOf<DateStyle>(
        value,
        {{"z", DateStyle::kZ}, {"offset", DateStyle::kOffset}, {"naive", DateStyle::kNaive}});
  };
  const absl::Duration second = absl::Seconds(1);
  const absl::Duration milli = absl::Milliseconds(1);
  Apply(node, "jobqueue",
        {{"accounts", [&](const YAML::Node& v) { options.accounts = QueueAccounts(v); }},
         {"sign_in", sign_in},
         {"bearer_tokens", Tokens(options.bearer_tokens)},
         {"oidc_clients", [&](const YAML::Node& v) { options.oidc_clients = OidcClients(v); }},
         {"refresh_tokens", Tokens(options.refresh_tokens)},
         {"rotate_refresh_tokens",
          [&](const YAML::Node& v) { options.rotate_refresh_tokens = v.as<bool>(); }},
         {"access_token_seconds", Time(options.access_token_life, second, 1)},
         {"version", Version(options.version)},
         {"concurrency", [&](const YAML::Node& v) { options.concurrency = AtLeast(v, 0); }},
         {"polling_ms", Time(options.polling_interval, milli, 0)},
         {"job_ms", Time(options.job_time, milli, 0)},
         {"purge_age_seconds", Time(options.purge_age, second, 0)},
         {"purge_interval_seconds", Time(options.purge_interval, second, 1)},
         {"upload_life_seconds", Time(options.upload_life, second, 1)},
         {"max_upload_bytes",
          [&](const YAML::Node& v) { options.max_upload_bytes = AtLeast<uint64_t>(v, 1); }},
         {"dates", dates},
         {"state_file", TextInto(options.state_file)},
         {"jobs", [&](const YAML::Node& v) { options.jobs = Jobs(v); }}});
}

}  // namespace relais::sandbox

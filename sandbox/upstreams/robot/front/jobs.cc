// Processes, and the jobs that run them.
#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/robot/front/front.h"
#include "sandbox/upstreams/robot/simulator/package.h"
#include "sandbox/upstreams/robot/wire.h"

namespace relais::sandbox::robot {
namespace {

constexpr std::size_t kMaxArguments = 10'000;
constexpr std::size_t kMaxReference = 128;
constexpr int kMaxJobsAtOnce = 10'000;

// Folder 0: on any.
bool IsOn(const Job& job, std::int64_t folder) {
  return folder == 0 || job.entity["OrganizationUnitId"] == folder;
}

// SoftStop and Kill, or their numbers.
std::string StrategyOf(const Json& body, bool strict) {
  const Json& given = Member(body, "strategy");
  const std::string word = given.is_number()   ? given.dump()
                           : given.is_string() ? given.get<std::string>()
                                               : "";
  if (word == "1" || absl::EqualsIgnoreCase(word, "SoftStop")) return "SoftStop";
  if (word == "2" || absl::EqualsIgnoreCase(word, "Kill")) return "Kill";
  if (word.empty() && !strict) return "SoftStop";
  throw Refusal(400, 1009, "The field strategy is SoftStop or Kill.");
}

constexpr int kLastVersionOfOldReader = 11;
constexpr int kFirstVersionWithReferences = 11;

// What StartProcessDto of an older version has. Its reader takes nothing of a `startInfo` with
// another member.
bool OldReaderTakes(const Json& info, int version) {
  std::set<std::string> known = {"ReleaseKey", "Strategy", "RobotIds",      "NoOfRobots",
                                 "JobsCount",  "Source",   "InputArguments"};
  if (version >= kFirstVersionWithReferences) {
    known.merge(
        std::set<std::string>{"MachineSessionIds", "JobPriority", "RuntimeType", "Reference"});
  } else if (TextOf(info, "Strategy") == "ModernJobsCount") {
    return false;
  }
  for (const auto& [name, value] : info.items()) {
    const auto is_it = [&name = name](const std::string& other) {
      return absl::EqualsIgnoreCase(name, other);
    };
    if (std::none_of(known.begin(), known.end(), is_it)) return false;
  }
  return true;
}

void CheckStart(const Json& info, int version) {
  if (!info.is_object() || (version <= kLastVersionOfOldReader && !OldReaderTakes(info, version))) {
    throw Refusal(400, 0, "startInfo must not be null");
  }
  const Json& arguments = Member(info, "InputArguments");
  if (!arguments.is_null() &&
      (!arguments.is_string() || arguments.get<std::string>().size() > kMaxArguments ||
       !Json::accept(arguments.get<std::string>()))) {
    throw Refusal(400, 1009, "InputArguments must be a JSON text of at most 10000 characters.");
  }
  const Json& reference = Member(info, "Reference");
  if (!reference.is_null() && reference.get<std::string>().size() > kMaxReference) {
    throw Refusal(400, 1009, "Reference has more than 128 characters.");
  }
}

}  // namespace

Job& Front::JobAt(const Exchange& exchange, std::int64_t id) {
  const auto found = simulator_.jobs.find(id);
  if (found == simulator_.jobs.end() || !IsOn(found->second, exchange.folder)) {
    throw Refusal(404, 1002, "Job does not exist.");
  }
  return found->second;
}

HttpReply Front::ListJobs(const Exchange& exchange) {
  if (options_.job_lists_per_minute > 0) {
    const absl::Time now = simulator_.Now();
    while (!job_lists_.empty() && job_lists_.front() <= now - absl::Minutes(1)) {
      job_lists_.pop_front();
    }
    if (static_cast<int>(job_lists_.size()) >= options_.job_lists_per_minute) {
      HttpReply reply = ErrorAnswer(429, 0, "Too many requests.");
      const absl::Duration wait = job_lists_.front() + absl::Minutes(1) - now;
      reply.headers.emplace_back(
          "Retry-After", absl::StrCat(absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1)))));
      reply.headers.emplace_back("X-RateLimit-Remaining", "0");
      return reply;
    }
    job_lists_.push_back(now);
  }
  std::vector<Json> list;
  for (const auto& [id, job] : simulator_.jobs) {
    if (!IsOn(job, exchange.folder)) continue;
    list.push_back(job.entity);
    list.back()["InputArguments"] = nullptr;  // only with a single job
    list.back()["OutputArguments"] = nullptr;
  }
  return List(exchange, "Jobs", std::move(list));
}

HttpReply Front::GetJob(const Exchange& exchange) {
  return Single(exchange, "Jobs", JobAt(exchange, exchange.target.key).entity);
}

Job& Front::JobByKeyAt(const Exchange& exchange, const std::string& key) {
  for (auto& [id, job] : simulator_.jobs) {
    if (IsOn(job, exchange.folder) && absl::EqualsIgnoreCase(TextOf(job.entity, "Key"), key)) {
      return job;
    }
  }
  throw Refusal(404, 1002, "Job does not exist.");
}

HttpReply Front::JobByKey(const Exchange& exchange) {
  return Single(exchange, "Jobs",
                JobByKeyAt(exchange, ArgumentOf(exchange.target, "identifier")).entity);
}

std::int64_t Front::ReleaseOf(const Exchange& exchange, const Json& start_info) const {
  const Json& key = Member(start_info, "ReleaseKey");
  const Json& name = Member(start_info, "ReleaseName");
  std::int64_t release = 0;
  for (const auto& [id, entity] : simulator_.releases) {
    const bool named = entity["Key"] == key || entity["Name"] == name;
    if (named && entity["OrganizationUnitId"] == exchange.folder) release = id;
  }
  if (release == 0) throw Refusal(404, 1002, "Release does not exist.");
  return release;
}

HttpReply Front::StartJobs(const Exchange& exchange) {
  const Json& info = Member(exchange.body, "startInfo");
  CheckStart(info, options_.version);
  const std::int64_t release = ReleaseOf(exchange, info);
  const Json& robots = Member(info, "RobotIds");
  const Json& count = Member(info, "JobsCount");
  std::vector<std::int64_t> wanted(1);
  if (robots.is_array() && !robots.empty()) {
    wanted = robots.get<std::vector<std::int64_t>>();
    for (const std::int64_t id : wanted) (void)RobotAt(exchange, id);
  } else if (count.is_number_integer()) {
    const auto jobs = count.get<std::int64_t>();
    if (jobs > kMaxJobsAtOnce) throw Refusal(400, 1009, "JobsCount is too large.");
    wanted.resize(static_cast<std::size_t>(std::max<std::int64_t>(jobs, 1)));
  }
  Json value = Json::array();
  for (const std::int64_t robot : wanted) {
    value.push_back(simulator_.CreateJob(release, robot, info).entity);
  }
  return JsonAnswer(201, {{"@odata.context", ContextUrl(exchange) + "#Jobs"}, {"value", value}});
}

HttpReply Front::StopJob(const Exchange& exchange) {
  simulator_.StopJob(JobAt(exchange, exchange.target.key),
                     StrategyOf(exchange.body, options_.strict));
  return EmptyReply(200);
}

HttpReply Front::StopJobs(const Exchange& exchange) {
  const Json& ids = Member(exchange.body, "jobIds");
  if (!ids.is_array() || ids.empty()) throw Refusal(400, 1009, "The field jobIds is required.");
  const std::string strategy = StrategyOf(exchange.body, options_.strict);
  const auto list = ids.get<std::vector<std::int64_t>>();
  for (const std::int64_t id : list) (void)JobAt(exchange, id);
  for (const std::int64_t id : list) simulator_.StopJob(JobAt(exchange, id), strategy);
  return EmptyReply(200);
}

HttpReply Front::RestartJob(const Exchange& exchange) {
  const Json& id = Member(exchange.body, "jobId");
  if (!id.is_number_integer()) throw Refusal(400, 1009, "The field jobId is required.");
  const Job& old = JobAt(exchange, id.get<std::int64_t>());
  const std::string state = old.entity["State"].get<std::string>();
  if (!Simulator::IsFinal(state)) {
    throw Refusal(409, 1000, absl::StrCat("The job is not in a final state: ", state, "."));
  }
  const Json info = {{"InputArguments", old.entity["InputArguments"]},
                     {"JobPriority", old.entity["JobPriority"]}};
  const Job& made = simulator_.CreateJob(old.release, 0, info);
  return Single(exchange, "Jobs", made.entity);
}

HttpReply Front::ListReleases(const Exchange& exchange) {
  std::vector<Json> list;
  for (const auto& [id, release] : simulator_.releases) {
    const bool wanted = exchange.folder == 0 || release["OrganizationUnitId"] == exchange.folder;
    if (wanted) list.push_back(release);
  }
  return List(exchange, "Releases", std::move(list));
}

HttpReply Front::GetRelease(const Exchange& exchange) {
  const auto found = simulator_.releases.find(exchange.target.key);
  if (found == simulator_.releases.end() ||
      found->second["OrganizationUnitId"] != exchange.folder) {
    throw Refusal(404, 1002, "Release does not exist.");
  }
  return Single(exchange, "Releases", found->second);
}

HttpReply Front::ListPackages(const Exchange& exchange) {
  // Their Id is a text, so that they are read as they stand.
  return JsonAnswer(200, {{"@odata.context", ContextUrl(exchange) + "#Processes"},
                          {"@odata.count", simulator_.packages.size()},
                          {"value", simulator_.packages}});
}

HttpReply Front::DownloadPackage(const Exchange& exchange) {
  const auto key = exchange.target.arguments.find("key");
  for (const Json& package : simulator_.packages) {
    if (key == exchange.target.arguments.end() || package["Key"] != key->second) continue;
    absl::StatusOr<std::string> bytes = PackageOf(package);
    if (!bytes.ok()) throw Refusal(500, 0, std::string(bytes.status().message()));
    HttpReply reply;
    reply.content_type = "application/octet-stream";
    reply.body = *std::move(bytes);
    return reply;
  }
  throw Refusal(404, 1002, "Package does not exist.");
}

}  // namespace relais::sandbox::robot

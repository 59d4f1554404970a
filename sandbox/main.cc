// relais-sandbox: the emulated upstream systems as a program.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "sandbox/sandbox.h"
#include "sandbox/settings.h"

namespace relais::sandbox {
namespace {

constexpr int kExitBadSettings = 2;
constexpr int kExitCannotListen = 3;
constexpr int kNotGiven = -1;

constexpr char kDescription[] =
    "Emulates the upstream systems Relais talks to: a Divalto RecordSql REST service with real\n"
    "rows, sessions, paging and errors, and a Granta MI job queue that runs imports and exports.\n"
    "No credentials of yours, and faults on demand (latency, HTTP errors, cut connections, lost\n"
    "answers, expired tokens).";

constexpr char kFooter[] =
    "Without options it serves the built-in catalogue on 127.0.0.1:8080 to the account\n"
    "DEMO / demo-password in environment ERP, the job queue to demo / demo-password, writer /\n"
    "writer-password and reader / reader-password, and prints commands to try.\n\n"
    "The settings file is YAML; keys: listen, recordsql (accounts, directory, token_minutes,\n"
    "max_count, movement_rows, perf_keys, rest_version, full_token_info), jobqueue (accounts,\n"
    "sign_in, bearer_tokens, oidc_clients, refresh_tokens, rotate_refresh_tokens,\n"
    "access_token_seconds, version, concurrency, polling_ms, job_ms, purge_age_seconds,\n"
    "purge_interval_seconds, upload_life_seconds, max_upload_bytes, dates, state_file, jobs),\n"
    "robot (accounts, applications, tokens, any_token, token_life_ms, version, strict,\n"
    "elasticsearch, log_lag_ms, start_ms, job_ms, stop_ms, generated_folders, generated_robots,\n"
    "generated_logs, default_page_size, max_page_size, job_lists_per_minute), campaign (alias,\n"
    "tcp_port, certificate_file, key_file, queued_ms, action_ms, polling_ms, session_ms,\n"
    "state_file), faults.\n"
    "Faults while it runs: PUT /sandbox/faults. What it was asked: GET /sandbox/requests.\n\n"
    "Exit codes: 0 stopped by SIGINT or SIGTERM, 1 wrong usage, 2 settings or dictionaries that\n"
    "cannot be read, 3 the address cannot be used.";

struct CommandLine {
  std::string listen;
  std::string config;
  std::string directory;
  std::string state_file;
  std::string campaign_listen;
};

absl::Status ReadOptions(const CommandLine& line, SandboxOptions& options) {
  options.port = 8080;
  options.campaign.tcp_port = kNotGiven;
  if (!line.config.empty()) {
    std::ifstream in(line.config, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) return absl::NotFoundError("the file '" + line.config + "' cannot be read");
    if (absl::Status status = ReadSettings(line.config, text.str(), options); !status.ok()) {
      return status;
    }
  }
  if (!line.directory.empty()) options.recordsql.directory = line.directory;
  if (!line.state_file.empty()) options.jobqueue.state_file = line.state_file;
  if (!line.listen.empty()) {
    if (absl::Status status = ReadListenAddress(line.listen, options); !status.ok()) return status;
  }
  const bool in_file = options.campaign.tcp_port != kNotGiven;
  if (line.campaign_listen.empty() && in_file) return absl::OkStatus();
  return ReadCampaignAddress(line.campaign_listen, options);
}

void PrintWelcome(const SandboxOptions& options, const Sandbox& sandbox) {
  const std::string url = sandbox.recordsql_url();
  std::printf("relais-sandbox is listening on %s:%d\n\n", options.host.c_str(),
              sandbox.http_port());
  std::printf("# sign in, then read two post codes\n");
  std::printf(
      "TOKEN=$(curl -s %s/api/v1/Authent/Auth -H 'Content-Type: application/json' \\\n"
      "  -d '{\"domain\":\"\",\"user\":\"DEMO\",\"password\":\"demo-password\",\"env\":\"ERP\"}' "
      "\\\n"
      "  | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n",
      url.c_str());
  std::printf(
      "curl -s %s/api/v1/RecordSql/Execute -H 'Content-Type: application/json' \\\n"
      "  -d '{\"dhoq\":\"gtrstab.dhoq\",\"recordsql\":\"CODEPOSTAL\",\"fields\":\"CPOSTAL;VIL\","
      "\"count\":2,\"access_token\":\"'$TOKEN'\"}'\n\n",
      url.c_str());
  std::printf("# the next Execute answers 503, later ones work again\n");
  std::printf(
      "curl -s -X PUT http://127.0.0.1:%d/sandbox/faults \\\n"
      "  -d '{\"faults\":[{\"operation\":\"execute\",\"status\":503,\"retry_after\":\"1\","
      "\"count\":1}]}'\n",
      sandbox.http_port());
  const std::string queue = sandbox.jobqueue_url();
  std::printf("\n# the job queue: who am I, which jobs are there\n");
  for (const char* call : {"current-user", "jobs"}) {
    std::printf("curl -s -u demo:demo-password %s/proxy/v1.svc/mi/v1alpha/job-queue/%s\n",
                queue.c_str(), call);
  }
  std::printf("# with the official Python client\n");
  std::printf(
      "python3 -c 'from ansys.grantami.jobqueue import Connection as C; "
      "print(C(\"%s\").with_credentials(\"demo\",\"demo-password\").connect().jobs)'\n",
      queue.c_str());
  std::printf("\n# Orchestrator: which robots are there, in which state are they\n");
  for (const char* call :
       {"Robots?$top=10&$select=Name,Type", "Sessions?$top=10&$select=State&$expand=Robot"}) {
    std::printf(
        "curl -s -g -H 'Authorization: Bearer rt_demo-token' "
        "-H 'X-UIPATH-OrganizationUnitId: 36886' '%s/odata/%s'\n",
        sandbox.robot_url().c_str(), call);
  }
  std::printf("\n# campaigns, in the reference protocol (also in frames on TCP port %d)\n",
              sandbox.campaign_port());
  std::printf(
      "curl -s http://127.0.0.1:%d/Math/gt/v1/logon "
      "-d '{\"login\":\"admin\",\"password\":\"admin-password\"}'\n",
      sandbox.http_port());
  std::fflush(stdout);
}

int Serve(const CommandLine& line) {
  // Blocked before any thread starts, so that every thread inherits it and sigwait gets the signal.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  SandboxOptions options;
  if (absl::Status status = ReadOptions(line, options); !status.ok()) {
    std::fprintf(stderr, "relais-sandbox: %s\n", std::string(status.message()).c_str());
    return kExitBadSettings;
  }
  absl::StatusOr<std::unique_ptr<Sandbox>> sandbox = Sandbox::Start(options);
  if (!sandbox.ok()) {
    const std::string why(sandbox.status().message());
    std::fprintf(stderr, "relais-sandbox: %s\n", why.c_str());
    return absl::IsUnavailable(sandbox.status()) ? kExitCannotListen : kExitBadSettings;
  }
  PrintWelcome(options, **sandbox);
  int received = 0;
  sigwait(&signals, &received);
  (*sandbox)->Stop();
  return 0;
}

}  // namespace
}  // namespace relais::sandbox

int main(int argc, char** argv) {
  CLI::App app(relais::sandbox::kDescription, "relais-sandbox");
  app.footer(relais::sandbox::kFooter);
  relais::sandbox::CommandLine line;
  app.add_option("--listen", line.listen, "HOST:PORT to listen on; port 0 takes any free one")
      ->type_name("HOST:PORT");
  app.add_option("--config", line.config, "settings file")->type_name("FILE");
  app.add_option(
         "--recordsql-dir", line.directory,
         "serve the dictionaries (*.dhsq), data_dictionary.txt, *ListDHOQ.xml and rows/*.csv "
         "of this directory instead of the built-in ones")
      ->type_name("DIR");
  app.add_option("--jobqueue-state", line.state_file,
                 "keep jobs, files and records in FILE (SQLite) and FILE.files/ across restarts")
      ->type_name("FILE");
  app.add_option("--campaign-listen", line.campaign_listen,
                 "HOST:PORT of campaigns over TCP (default 127.0.0.1:3000; any port when --listen "
                 "has port 0)")
      ->type_name("HOST:PORT");
  app.set_version_flag("--version", std::string("relais-sandbox ") + RELAIS_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  return relais::sandbox::Serve(line);
}

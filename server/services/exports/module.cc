#include "server/services/exports/module.h"

#include <stdlib.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/core/base/log/log.h"
#include "server/services/exports/api/service.h"
#include "server/services/exports/runs/definitions_file.h"
#include "server/services/exports/runs/shown.h"

namespace relais::exports {
namespace {

constexpr absl::Duration kLookAtFile = absl::Seconds(2);

void AddMethods(Methods& methods) {
  AddDefinitionMethods(methods);
  AddValidateMethod(methods);
  AddRunMethods(methods);
  AddWatchMethod(methods);
  AddFileMethods(methods);
}

class ExportService final : public gateway::Service {
 public:
  ExportService(std::unique_ptr<Connection> connection, config::v1::Watches watches)
      : directory_({"connection", "ListExports"}, All(std::move(connection))),
        watches_(std::move(watches)),
        file_(own()) {}
  ~ExportService() override { Stop(); }

  void AddTo(rpc::Host& host) override {
    Connect(own(), host, watches_);
    methods_ = std::make_unique<Methods>(
        host, *v1::Export::descriptor()->file()->FindServiceByName("ExportService"), directory_,
        own().shared.submissions);
    AddMethods(*methods_);
  }

  // It leads to no upstream, but has workers and is watched.
  std::vector<const gateway::Connection*> connections() const override {
    if (!own().configured()) return {};
    return {&own()};
  }

  absl::Status Check() override {
    return own().configured() ? CheckDefinitionsFile(own()) : absl::OkStatus();
  }

  void Start() override {
    if (!own().configured()) return;
    own().engine->Start();
    looking_ = std::thread([this] { LookAtFile(); });
  }

  void Stop() override {
    stop_.request_stop();
    if (looking_.joinable()) looking_.join();
    if (own().engine != nullptr) own().engine->Stop();
  }

  gateway::Scheduled Show(std::size_t most) const override {
    return own().engine == nullptr ? gateway::Scheduled() : ShowExports(own(), most);
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    const auto exports = own().book.ListExports();
    if (!exports.ok() || own().engine == nullptr) return {};
    return own().engine->tally().Collect(*exports, own().shared.scheduler.Wall());
  }

 private:
  static std::vector<std::unique_ptr<Connection>> All(std::unique_ptr<Connection> connection) {
    std::vector<std::unique_ptr<Connection>> all;
    all.push_back(std::move(connection));
    return all;
  }
  Connection& own() const { return *directory_.all().front(); }

  // The operator's definitions, as they are and as they change.
  void LookAtFile() {
    Scheduler& scheduler = own().shared.scheduler;
    const CallContext context = CallContext::Own("exports", stop_.get_token());
    absl::Status before;
    do {
      absl::Status status = file_.Look();
      if (!status.ok() && status.message() != before.message()) {
        Log(LogLevel::kError, "exports.definitions_file not taken over",
            {{"problem", std::string(status.message())}});
      }
      before = std::move(status);
    } while (WaitUntil(context, scheduler, scheduler.Now() + kLookAtFile).ok());
  }

  const gateway::Directory<Connection> directory_;
  const config::v1::Watches watches_;
  DefinitionsFile file_;
  std::unique_ptr<Methods> methods_;
  std::stop_source stop_;
  std::thread looking_;
};

absl::StatusOr<std::unique_ptr<gateway::Service>> CreateService(const config::LoadedConfig& loaded,
                                                                const gateway::Shared& shared) {
  auto connection = MakeConnection(loaded, shared);
  if (!connection.ok()) return connection.status();
  return std::make_unique<ExportService>(*std::move(connection), loaded.config.server().watches());
}

// A folder that nobody else knows, which goes with its object.
class DevFolder {
 public:
  static absl::StatusOr<std::shared_ptr<DevFolder>> Make() {
    std::error_code error;
    std::string path = std::filesystem::temp_directory_path(error) / "relais-dev-XXXXXX";
    if (error || mkdtemp(path.data()) == nullptr ||
        !std::filesystem::create_directory(path + "/kept", error) ||
        !std::filesystem::create_directory(path + "/outbox", error)) {
      return absl::InvalidArgumentError(
          "There is no place for the files of exports: set TMPDIR to a folder that can be written "
          "to.");
    }
    return std::make_shared<DevFolder>(std::move(path));
  }

  explicit DevFolder(std::string path) : path_(std::move(path)) {}
  ~DevFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  DevFolder(const DevFolder&) = delete;
  DevFolder& operator=(const DevFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

// The exports of a gateway with its sandbox are its own, like all that it remembers.
absl::StatusOr<gateway::DevPart> DevPartOf() {
  auto folder = DevFolder::Make();
  if (!folder.ok()) return folder.status();
  const std::string outbox = (*folder)->path() + "/outbox";
  return gateway::DevPart{
      .yaml =
          absl::StrCat("exports: {directory: \"", (*folder)->path(),
                       "/kept\", destinations: {outbox: {directory: {path: \"", outbox, "\"}}}}\n"),
      .lines = {absl::StrCat("ls -l ", outbox, "   # what exports deliver, until this ends")},
      .kept = *std::move(folder)};
}

constexpr char kPostcodes[] =
    R"({"request_id":"first","export_id":"postcodes","export":{"source":{"records":{"query":{"record_sql":)"
    R"("erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}}},)"
    R"("schedule":{"daily":{},"time_zone":"Europe/Paris"},)"
    R"("deliveries":[{"destination":"outbox"}]}})";

}  // namespace

gateway::Module ModuleOf() {
  return {.word = "exports",
          .make = CreateService,
          .examples = {{"ExportService/CreateExport", kPostcodes},
                       {"ExportService/RunExport", R"({"name":"exports/postcodes"})"},
                       {"ExportService/ListExportRuns", R"({"parent":"exports/postcodes"})"}},
          .dev = DevPartOf};
}

}  // namespace relais::exports

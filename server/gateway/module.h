// A service as the rest of the gateway knows it: what its module.h offers, and what becomes of it.

#ifndef RELAIS_SERVER_GATEWAY_MODULE_H_
#define RELAIS_SERVER_GATEWAY_MODULE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/map.h"
#include "prometheus/metric_family.h"
#include "server/config/config.h"
#include "server/core/base/ceiling.h"
#include "server/core/base/scheduler.h"
#include "server/core/state/document_store.h"
#include "server/core/state/submissions.h"
#include "server/gateway/connection.h"
#include "server/gateway/directory.h"
#include "server/gateway/method.h"
#include "server/gateway/offers/offers.h"
#include "server/gateway/scheduled.h"
#include "server/gateway/settings.h"

namespace relais::gateway {

// Gives the content of a file that the configuration names.
using SourceReader = std::function<absl::StatusOr<std::string>(const std::string& path)>;

// What all services use; outlives them.
struct Shared {
  Scheduler& scheduler;
  Ceilings& ceilings;
  state::Submissions& submissions;
  state::DocumentStore& documents;
  SourceReader read;
  Offers offers{};  // of all services
  // The services are made only to look at the configuration: they call nobody, and none of them
  // begins anything outside of the process.
  bool rehearsal = false;
};

// One running service.
class Service {
 public:
  virtual ~Service() = default;
  // Adds its methods to `host`. The service outlives the host.
  virtual void AddTo(rpc::Host& host) = 0;
  // They live as long as the service.
  virtual std::vector<const Connection*> connections() const = 0;
  // What is wrong with files that the configuration names and that are taken over, and looked at
  // again, while the gateway runs: INVALID_ARGUMENT with every mistake, a line each. Called in
  // place of Start, when all services have been added to the host. Changes nothing.
  virtual absl::Status Check() { return absl::OkStatus(); }
  // Begins work of its own, when all services have been added to the host and can be called.
  virtual void Start() {}
  // Ends that work, before the host ends; returns when it has.
  virtual void Stop() {}
  // Work that it begins by itself; of each kind `most` at most.
  virtual Scheduled Show(std::size_t most) const {
    (void)most;
    return {};
  }
  // What it counts besides its connections.
  virtual std::vector<prometheus::MetricFamily> Collect() const { return {}; }
};

// A call that is worth trying on a gateway with its sandbox.
struct Example {
  std::string method;  // "JobQueueService/GetQueue"
  std::string json;    // the request
  std::string pipe{};  // where the answer is long: what cuts it in a shell, " | head -n 40"
};

// What a service adds to `relaisd dev`.
struct DevPart {
  std::string yaml;                // settings of its own
  std::vector<std::string> lines;  // of shell, to try besides the calls
  std::shared_ptr<void> kept{};    // lives as long as the gateway, such as a folder
};

// What services.def expands over. A service folder offers a function of this form in its module.h:
//
//   gateway::Module ModuleOf();
struct Module {
  std::string word;  // "jobqueue"
  // INVALID_ARGUMENT with every problem, a line each.
  std::function<absl::StatusOr<std::unique_ptr<Service>>(const config::LoadedConfig&,
                                                         const Shared&)>
      make;
  std::vector<Example> examples;
  Offers offers{};
  // With what `relaisd dev` begins. Null: nothing.
  std::function<absl::StatusOr<DevPart>()> dev = nullptr;
};

// The secrets of the connection whose settings stand at `path`, "jobqueue.queues.main".
SecretAt SecretsBelow(const config::LoadedConfig& loaded, std::string path);
std::vector<Secret> AllSecretsBelow(const config::LoadedConfig& loaded, const std::string& path);

// Every connection of a section, in the order of their names, so that lists are in the same order
// every time; or every problem. `path` is the section's, "jobqueue.queues"; `make` takes a name,
// its settings and its secrets.
template <typename Connection, typename Settings, typename Make>
absl::StatusOr<std::vector<std::unique_ptr<Connection>>> ConnectAll(
    const config::LoadedConfig& loaded, std::string_view path,
    const google::protobuf::Map<std::string, Settings>& section, Make make) {
  std::vector<std::unique_ptr<Connection>> connections;
  std::map<std::string, const Settings*> sorted;
  for (const auto& [name, settings] : section) sorted.emplace(name, &settings);
  std::string problems;
  for (const auto& [name, settings] : sorted) {
    absl::StatusOr<std::unique_ptr<Connection>> connection =
        make(name, *settings, SecretsBelow(loaded, std::string(path) + "." + name));
    if (connection.ok()) {
      (*connection)
          ->backend->upstream()
          .KeepSecret(AllSecretsBelow(loaded, std::string(path) + "." + name));
      connections.push_back(*std::move(connection));
    } else {
      absl::StrAppend(&problems, problems.empty() ? "" : "\n", connection.status().message());
    }
  }
  if (!problems.empty()) return absl::InvalidArgumentError(problems);
  return connections;
}

// The service `descriptor` over `connections`, whose methods `add` registers. `submissions`
// outlives it.
template <typename C>
std::unique_ptr<Service> MakeService(const google::protobuf::ServiceDescriptor& descriptor,
                                     ConnectionKind kind,
                                     std::vector<std::unique_ptr<C>> connections,
                                     state::Submissions& submissions, void (*add)(Methods<C>&)) {
  class Made final : public Service {
   public:
    Made(const google::protobuf::ServiceDescriptor& descriptor, Directory<C> directory,
         state::Submissions& submissions, void (*add)(Methods<C>&))
        : descriptor_(descriptor),
          directory_(std::move(directory)),
          submissions_(submissions),
          add_(add) {}

    void AddTo(rpc::Host& host) override {
      methods_ = std::make_unique<Methods<C>>(host, descriptor_, directory_, submissions_);
      add_(*methods_);
    }

    std::vector<const Connection*> connections() const override {
      std::vector<const Connection*> all;
      for (const auto& connection : directory_.all()) all.push_back(connection.get());
      return all;
    }

   private:
    const google::protobuf::ServiceDescriptor& descriptor_;
    const Directory<C> directory_;
    state::Submissions& submissions_;
    void (*const add_)(Methods<C>&);
    std::unique_ptr<Methods<C>> methods_;
  };
  return std::make_unique<Made>(descriptor, Directory<C>(std::move(kind), std::move(connections)),
                                submissions, add);
}

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_MODULE_H_

// For tests of the engine: a queue of jobs that the test itself fills, behind a real host, and what
// exports need besides.

#ifndef RELAIS_TESTS_SUPPORT_EXPORT_ENGINE_H_
#define RELAIS_TESTS_SUPPORT_EXPORT_ENGINE_H_

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "prometheus/registry.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"
#include "server/core/state/sqlite_store.h"
#include "server/gateway/messages/timestamp.h"
#include "server/gateway/offers/local_calls.h"
#include "server/gateway/offers/offers.h"
#include "server/rpc/host.h"
#include "server/rpc/wire.h"
#include "server/services/exports/runs/engine.h"

namespace relais::exports {

// What the queue answers to ListJobs; called on a worker.
using ListJobs = std::function<absl::StatusOr<jobqueue::v1::ListJobsResponse>(
    const CallContext&, const std::string& filter)>;

// Everything but the engine, which may die and be made anew.
class EngineWorld {
 public:
  EngineWorld(Scheduler& scheduler, std::string directory)
      : scheduler_(scheduler),
        directory_(std::move(directory)),
        store_(OpenStore()),
        metrics_(registry_),
        host_(scheduler, metrics_, {}),
        calls_(host_, scheduler) {
    namespace jq = ::relais::jobqueue::v1;
    host_.Add(*jq::Job::descriptor()->file()->FindServiceByName("JobQueueService"));
    host_.Unary("ListJobs", [this](rpc::Buffer& buffer) -> absl::StatusOr<rpc::Work> {
      jq::ListJobsRequest request;
      if (absl::Status status = rpc::ParseMessage(buffer, request); !status.ok()) return status;
      return rpc::Work{&queue_, "main",
                       [this, filter = request.filter()](
                           const CallContext& context) -> absl::StatusOr<rpc::Buffer> {
                         auto answer = list(context, filter);
                         if (!answer.ok()) return answer.status();
                         return rpc::BufferOf(*answer);
                       }};
    });
    offers_.rows.push_back({.method = gateway::MethodBeside(*jq::Job::descriptor(), "ListJobs")});
  }

  RunBook& book() { return book_; }
  Destinations& destinations() { return destinations_; }
  const Sources& sources() const { return sources_; }

  std::unique_ptr<Engine> NewEngine(const std::string& owner = "one", bool alone = true) {
    EngineOptions options;
    options.directory = directory_;
    options.workers = 5;
    options.owner = owner;
    options.alone = alone;
    return std::make_unique<Engine>(std::move(options), book_, sources_, destinations_, scheduler_);
  }

  // An export of the jobs of a period; `rest` is the rest of the definition in text form.
  KeptExport Define(const std::string& id, const std::string& rest) {
    KeptExport kept;
    v1::Export& definition = *kept.stored.mutable_export_();
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("source { jobs { parent: 'queues/main' filter: '${period}' } } ", rest),
        &definition))
        << rest;
    definition.set_name(absl::StrCat("exports/", id));
    *definition.mutable_create_time() = gateway::ToTimestamp(scheduler_.Wall());
    definition.set_etag(EtagOf(definition));
    *kept.stored.mutable_seen_until() = gateway::ToTimestamp(scheduler_.Wall());
    *kept.stored.mutable_scheduled_since() = gateway::ToTimestamp(scheduler_.Wall());
    EXPECT_TRUE(*book_.Put(kept));
    return kept;
  }

  v1::ExportRun Run(const std::string& name) {
    const auto kept = book_.FindRun(name);
    EXPECT_TRUE(kept.ok() && *kept) << name;
    return (*kept)->run();
  }

  ListJobs list = [](const CallContext&, const std::string& filter) {
    jobqueue::v1::ListJobsResponse response;
    response.add_jobs()->set_display_name(filter);
    return response;
  };

 private:
  static std::unique_ptr<state::SqliteStore> OpenStore() {
    auto store = state::SqliteStore::Open(":memory:");
    if (!store.ok()) std::abort();
    return *std::move(store);
  }

  Scheduler& scheduler_;
  const std::string directory_;
  std::unique_ptr<state::SqliteStore> store_;
  prometheus::Registry registry_;
  rpc::ServerMetrics metrics_;
  Executor queue_{4, 100};
  rpc::Host host_;
  gateway::LocalCalls calls_;
  gateway::Offers offers_;
  Sources sources_{offers_, calls_};
  Destinations destinations_;
  RunBook book_{store_->documents()};
};

inline std::string ContentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace relais::exports

#endif  // RELAIS_TESTS_SUPPORT_EXPORT_ENGINE_H_

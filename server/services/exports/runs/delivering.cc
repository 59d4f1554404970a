#include "server/services/exports/runs/delivering.h"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "server/core/base/error.h"
#include "server/core/base/failpoint.h"
#include "server/core/base/sha256.h"
#include "server/gateway/messages/problem.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/format/output_file.h"
#include "server/services/exports/runs/writing/run_folder.h"

namespace relais::exports {
namespace {

constexpr char kManifestSuffix[] = ".manifest.json";
constexpr std::size_t kIdDigits = 32;

std::string TextOf(const google::protobuf::Timestamp& time) {
  return absl::FormatTime(absl::RFC3339_sec, gateway::ToTime(time), absl::UTCTimeZone());
}

absl::Status WriteWhole(const std::string& path, const std::string& text) {
  unlink(path.c_str());  // of an attempt before
  auto file = OutputFile::Make(path, /*gzip=*/false);
  if (!file.ok()) return file.status();
  (*file)->buffer().append(text);
  return (*file)->Finish();
}

// One delivery of a run.
class OneDelivery {
 public:
  OneDelivery(const stored::StoredRun& stored, int index, Destination& destination,
              const std::string& directory)
      : stored_(stored),
        delivery_(stored.definition().deliveries(index)),
        index_(index),
        destination_(destination),
        folder_(directory, stored.run().name()) {}

  absl::Status Put(const CallContext& context) {
    return ForEach([&](const OutgoingFile& file) { return destination_.Put(context, file); });
  }
  absl::Status CleanUp(const CallContext& context) {
    return ForEach([&](const OutgoingFile& file) { return destination_.CleanUp(context, file); });
  }

 private:
  template <typename Act>
  absl::Status ForEach(const Act& act) {
    for (int i = 0; i < stored_.run().files_size(); ++i) {
      auto outgoing = Outgoing(i);
      if (!outgoing.ok()) return outgoing.status();
      if (absl::Status status = act(*outgoing); !status.ok()) return status;
      if (delivery_.no_manifest()) continue;
      auto manifest = Manifest(*outgoing, i);
      if (!manifest.ok()) return manifest.status();
      if (absl::Status status = act(*manifest); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  std::string IdOf(int i, const char* what) const {
    return Sha256Hex(absl::StrCat(stored_.run().name(), "\n", stored_.generation(), "\n", index_,
                                  "\n", i, "\n", what))
        .substr(0, kIdDigits);
  }

  absl::StatusOr<OutgoingFile> Outgoing(int i) const {
    const v1::ExportFile& file = stored_.run().files(i);
    const v1::Export& definition = stored_.definition();
    OutgoingFile outgoing;
    outgoing.local_path = folder_.FileOf(stored_.folder(), i);
    outgoing.size_bytes = file.size_bytes();
    outgoing.sha256 = file.sha256();
    outgoing.media_type = file.media_type();
    outgoing.replace = delivery_.conflict() != v1::Delivery::CONFLICT_FAIL;
    outgoing.id = IdOf(i, "file");
    outgoing.path = file.file_name();
    if (delivery_.path().empty()) return outgoing;
    const std::string& name = file.file_name();
    auto path =
        PathOf(definition, delivery_,
               ValuesOf(definition, PeriodOf(stored_.run().period()), stored_.run().attempt()),
               name.substr(name.rfind('/') + 1));
    if (!path.ok()) return path.status();
    outgoing.path = *std::move(path);
    return outgoing;
  }

  absl::StatusOr<OutgoingFile> Manifest(const OutgoingFile& of, int i) const {
    OutgoingFile manifest = of;
    manifest.local_path += kManifestSuffix;
    manifest.path += kManifestSuffix;
    const std::string text = ManifestOf(stored_, stored_.run().files(i));
    if (absl::Status status = WriteWhole(manifest.local_path, text); !status.ok()) return status;
    manifest.size_bytes = static_cast<std::int64_t>(text.size());
    manifest.sha256 = Sha256Hex(text);
    manifest.media_type = "application/json";
    manifest.replace = true;
    manifest.id = IdOf(i, "manifest");
    return manifest;
  }

  const stored::StoredRun& stored_;
  const v1::Delivery& delivery_;
  const int index_;
  Destination& destination_;
  const RunFolder folder_;
};

absl::Status NotConfigured() {
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kPreconditionFailed)
         << "The destination is no longer configured.";
}

// One attempt of one delivery, with what comes of it written down.
class DeliveryAttempt {
 public:
  DeliveryAttempt(LiveRun& live, int index, Scheduler& scheduler)
      : live_(live), index_(index), scheduler_(scheduler) {}

  absl::Status Run(const CallContext& context, const Destinations& destinations,
                   const std::string& directory) {
    const stored::StoredRun before = live_.stored();
    const auto found = destinations.find(before.run().deliveries(index_).destination());
    if (found == destinations.end()) return Record(NotConfigured(), nullptr);
    absl::Status begun = live_.Update([&](stored::StoredRun& run) {
      v1::DeliveryState& state = *run.mutable_run()->mutable_deliveries(index_);
      state.set_attempt(state.attempt() + 1);
    });
    if (!begun.ok()) return begun;
    Failpoint("export.before_delivery");
    const stored::StoredRun attempt = live_.stored();
    const absl::Status status =
        OneDelivery(attempt, index_, *found->second.destination, directory).Put(context);
    Failpoint("export.after_delivery");
    // Nobody knows what would have come of it.
    if (!status.ok() && context.cancelled()) return status;
    return Record(status, &found->second);
  }

 private:
  // `destination` is null when there is none.
  absl::Status Record(const absl::Status& status, const ConfiguredDestination* destination) {
    const absl::Time now = scheduler_.Wall();
    return live_.Update([&](stored::StoredRun& run) {
      v1::DeliveryState& state = *run.mutable_run()->mutable_deliveries(index_);
      if (status.ok()) {
        state.set_delivered(true);
        *state.mutable_deliver_time() = gateway::ToTimestamp(now);
        return state.clear_error();
      }
      *state.mutable_error() = gateway::ProblemOf(status, "exports", "RunExport");
      const bool again =
          destination != nullptr && MayPass(status) && state.attempt() < destination->most_attempts;
      run.set_given_up(index_, !again);
      if (!again) return;
      *run.mutable_deliver_after(index_) =
          gateway::ToTimestamp(now + WaitAfter(state.attempt(), destination->first_backoff,
                                               destination->longest_backoff));
    });
  }

  LiveRun& live_;
  const int index_;
  Scheduler& scheduler_;
};

}  // namespace

bool MayPass(const absl::Status& failure) {
  switch (failure.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kAlreadyExists:
      return false;
    default:
      // Further logins could lock the account.
      return !HasReason(failure, Reason::kGatewayCredentialRejected);
  }
}

absl::Duration WaitAfter(int attempts, absl::Duration first, absl::Duration longest) {
  absl::Duration wait = first;
  for (int i = 1; i < attempts && wait < longest; ++i) wait *= 2;
  return std::min(wait, longest);
}

std::string ManifestOf(const stored::StoredRun& stored, const v1::ExportFile& file) {
  const v1::ExportRun& run = stored.run();
  const nlohmann::ordered_json manifest = {
      {"export", stored.definition().name()},
      {"run", run.name()},
      {"period",
       {{"id", run.period().id()},
        {"start", TextOf(run.period().start_time())},
        {"end", TextOf(run.period().end_time())}}},
      {"file", file.file_name()},
      {"rows", file.rows()},
      {"bytes", file.size_bytes()},
      {"sha256", file.sha256()},
      {"media_type", file.media_type()},
      {"query_sha256", run.query_fingerprint()},
      {"definition", run.definition()},
      {"attempt", run.attempt()},
      {"started", TextOf(run.start_time())},
  };
  return manifest.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

absl::StatusOr<DeliveryOutcome> DeliverOnce(const CallContext& context, LiveRun& live,
                                            const Destinations& destinations,
                                            const std::string& directory, Scheduler& scheduler) {
  const int count = live.stored().run().deliveries_size();
  DeliveryOutcome outcome;
  for (int i = 0; i < count; ++i) {
    const auto open = [&live, i] {
      const stored::StoredRun run = live.stored();
      return !run.run().deliveries(i).delivered() && !run.given_up(i);
    };
    const auto after = [&live, i] { return gateway::ToTime(live.stored().deliver_after(i)); };
    if (open() && after() <= scheduler.Wall()) {
      absl::Status status =
          DeliveryAttempt(live, i, scheduler).Run(context, destinations, directory);
      if (!status.ok()) return status;
    }
    if (!live.stored().run().deliveries(i).delivered()) outcome.all_there = false;
    if (open()) outcome.again = std::min(outcome.again, after());
  }
  return outcome;
}

void CleanUpDeliveries(const CallContext& context, const stored::StoredRun& stored,
                       const Destinations& destinations, const std::string& directory) {
  for (int i = 0; i < stored.run().deliveries_size(); ++i) {
    const v1::DeliveryState& state = stored.run().deliveries(i);
    const auto configured = destinations.find(state.destination());
    if (state.delivered() || state.attempt() == 0 || configured == destinations.end()) continue;
    (void)OneDelivery(stored, i, *configured->second.destination, directory).CleanUp(context);
  }
}

}  // namespace relais::exports

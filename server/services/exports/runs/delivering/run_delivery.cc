#include "server/services/exports/runs/delivering/run_delivery.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/sha256.h"
#include "server/services/exports/format/output_file.h"
#include "server/services/exports/runs/delivering/manifest.h"
#include "server/services/exports/runs/plan.h"

namespace relais::exports {
namespace {

constexpr char kManifestSuffix[] = ".manifest.json";
constexpr std::size_t kIdDigits = 32;

absl::Status WriteWhole(const std::string& path, const std::string& text) {
  unlink(path.c_str());  // of an attempt before
  auto file = OutputFile::Make(path, /*gzip=*/false);
  if (!file.ok()) return file.status();
  (*file)->buffer().append(text);
  return (*file)->Finish();
}

}  // namespace

RunDelivery::RunDelivery(const stored::StoredRun& stored, int index, Destination& destination,
                         const std::string& directory)
    : stored_(stored),
      delivery_(stored.definition().deliveries(index)),
      index_(index),
      destination_(destination),
      folder_(directory, stored.run().name()) {}

template <typename Act>
absl::Status RunDelivery::ForEach(const Act& act) {
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

std::string RunDelivery::IdOf(int i, const char* what) const {
  return Sha256Hex(absl::StrCat(stored_.run().name(), "\n", stored_.generation(), "\n", index_,
                                "\n", i, "\n", what))
      .substr(0, kIdDigits);
}

absl::StatusOr<OutgoingFile> RunDelivery::Outgoing(int i) const {
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

absl::StatusOr<OutgoingFile> RunDelivery::Manifest(const OutgoingFile& of, int i) const {
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

absl::Status RunDelivery::Put(const CallContext& context) {
  return ForEach([&](const OutgoingFile& file) { return destination_.Put(context, file); });
}

absl::Status RunDelivery::CleanUp(const CallContext& context) {
  return ForEach([&](const OutgoingFile& file) { return destination_.CleanUp(context, file); });
}

}  // namespace relais::exports

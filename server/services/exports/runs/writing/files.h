// An attempt that passes files through.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_FILES_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_FILES_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "server/services/exports/runs/writing/writing.h"

namespace relais::exports {

class FileWriting final : public Writing {
 public:
  FileWriting(const gateway::LocalCalls& calls, const BoundQuery& query, WritingOptions options)
      : calls_(calls), query_(query), options_(std::move(options)) {}

  absl::StatusOr<WrittenFiles> Run(const CallContext& context) override;
  // The list of files may be another one by then.
  bool resumable() const override { return false; }

 private:
  absl::StatusOr<bool> WriteNext(const CallContext& context, FileStream& files);
  // The name of the next file: that of the source, told from those before.
  absl::StatusOr<std::string> NameFor(const std::string& given);

  const gateway::LocalCalls& calls_;
  const BoundQuery& query_;
  const WritingOptions options_;
  WrittenFiles written_;
  std::set<std::string> names_;
  std::int64_t bytes_ = 0;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_RUNS_WRITING_FILES_H_

// The files that belong to the items of a list, one after the other.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_FILE_STREAM_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_FILE_STREAM_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/gateway/offers/local_calls.h"
#include "server/services/exports/source/row_stream.h"
#include "server/services/exports/source/source.h"

namespace relais::exports {

struct SourceFile {
  std::string file_name;  // as the source names it
  std::string media_type;
  std::int64_t size_bytes = 0;
  std::string sha256;
};

// Not thread-safe.
class FileStream {
 public:
  // What is given outlives it.
  FileStream(const gateway::LocalCalls& calls, const BoundQuery& query)
      : calls_(calls), query_(query), pages_(calls, query) {}

  // Reads the next file that the pattern lets through: `write` takes its pieces. The result is
  // told only when it has come whole, as its trailer says; false: there are no more files. After an
  // error it may be called again: that file begins anew. Blocks.
  absl::StatusOr<bool> Next(const CallContext& context,
                            absl::FunctionRef<absl::Status(std::string_view piece)> write,
                            SourceFile& file);

 private:
  absl::StatusOr<bool> Download(const CallContext& context, const std::string& name,
                                absl::FunctionRef<absl::Status(std::string_view piece)> write,
                                SourceFile& file);

  const gateway::LocalCalls& calls_;
  const BoundQuery& query_;
  ItemPages pages_;
  std::deque<std::string> names_;  // of files of the page at hand that are to be read
};

// Whether the name is like the pattern, in which `*` stands for any text and `?` for one byte.
bool IsLike(std::string_view name, std::string_view pattern);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_FILE_STREAM_H_

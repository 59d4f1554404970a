// The rows of a source, read once from the first to the last.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_ROW_STREAM_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_ROW_STREAM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/base/call_context.h"
#include "server/gateway/offers/cells.h"
#include "server/gateway/offers/local_calls.h"
#include "server/services/exports/source/source.h"

namespace relais::exports {

// Not thread-safe.
class RowStream {
 public:
  virtual ~RowStream() = default;

  // Reads the next rows, perhaps none, into `rows`, which last until the next call; false: there
  // are no more. After an error it may be called again and goes on behind the rows that it has
  // given. Blocks.
  virtual absl::StatusOr<bool> Next(const CallContext& context, gateway::CellBlock& rows) = 0;

  // Of the rows; known after the first Next that was no error.
  virtual const std::vector<gateway::SourceColumn>& columns() const = 0;

  // Rows in all, as far as the source has told.
  virtual std::optional<std::int64_t> total() const { return std::nullopt; }
};

// `fields` are the columns that are wanted of a list; empty: all that it has. A stream gives the
// columns that it has. INVALID_REQUEST when a list has no such field, at "columns[i].field".
absl::StatusOr<std::unique_ptr<RowStream>> OpenRows(const gateway::LocalCalls& calls,
                                                    const BoundQuery& query,
                                                    const std::vector<std::string>& fields);

// The items of a list, page after page: what rows and files of lists are made of. Not thread-safe.
class ItemPages {
 public:
  ItemPages(const gateway::LocalCalls& calls, const BoundQuery& query);

  // Reads the next page; false: there is none. As RowStream::Next.
  absl::StatusOr<bool> Next(const CallContext& context);
  int size() const;
  const google::protobuf::Message& item(int i) const;
  const google::protobuf::Descriptor& type() const { return *items_->message_type(); }
  std::optional<std::int64_t> total() const { return total_; }

 private:
  const gateway::LocalCalls& calls_;
  const google::protobuf::MethodDescriptor& method_;
  const google::protobuf::FieldDescriptor* const items_;
  std::unique_ptr<google::protobuf::Message> request_;
  std::unique_ptr<google::protobuf::Message> response_;
  std::optional<std::int64_t> total_;
  bool more_ = true;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_ROW_STREAM_H_

// Reads the rows of a plan batch by batch, page by page, and knows where it stands: what
// QueryRecords and StreamRecords have in common.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_CURSOR_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_CURSOR_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "server/core/aip/continuation.h"
#include "server/core/base/call_context.h"
#include "server/services/recordsql/backend/backend.h"
#include "server/services/recordsql/codec/codec.h"
#include "server/services/recordsql/query/query.h"

namespace relais::recordsql {

struct CursorOptions {
  std::int64_t page_size = 1000;  // rows per upstream request
  // Whether an upstream's page that is not full is followed by another request: the upstream's cap
  // may be lower than page_size, and then it cuts silently.
  bool verify_last_page = true;
  std::optional<std::int64_t> limit{};  // rows in all
  Continuation start{};
};

class RecordCursor {
 public:
  // `backend` outlives the cursor.
  RecordCursor(Backend& backend, QueryPlan plan, RowLayout layout, CursorOptions options);

  // The next rows; none when there are no more, or `limit` is reached. At most one upstream request
  // a call. Blocks.
  absl::StatusOr<std::optional<RowBatch>> Next(const CallContext& context);
  // The rows that Next would give, until then; null when there are none. Blocks.
  absl::StatusOr<const RowBatch*> Peek(const CallContext& context);

  // Behind the rows that Next has given.
  const Continuation& position() const { return position_; }
  // True when the upstream has no more rows; false when only `limit` ended the reading.
  bool at_end() const { return at_end_ && batches_.empty(); }
  // Known once Next or Peek has given something.
  const RowLayout& layout() const { return layout_; }
  const std::string& table() const { return table_; }
  // Of the first page.
  const std::string& infos() const { return infos_; }

 private:
  absl::Status ReadPage(const CallContext& context);
  bool by_keyset() const { return !plan_.keyset_field.empty(); }

  Backend& backend_;
  QueryPlan plan_;
  RowLayout layout_;
  const CursorOptions options_;
  DecodeOptions decode_;
  Continuation position_;
  std::int64_t left_;             // of the limit
  std::deque<RowBatch> batches_;  // read, not given yet
  bool started_ = false;
  bool only_overlap_ = false;  // the last page had no new row
  bool at_end_ = false;
  std::string table_;
  std::string infos_;
};

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_BACKEND_CURSOR_H_

// Replies of the RecordSql service: every decoder over the same bytes.

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "server/core/base/error.h"
#include "server/core/net/http_transport.h"
#include "server/json/mend.h"
#include "server/services/recordsql/codec/codec.h"
#include "tests/fuzz/expect.h"

namespace relais::recordsql {
namespace {

void ExpectRefusal(const absl::Status& status) {
  Expect(HasReason(status, Reason::kUpstreamMalformedResponse) ||
             HasReason(status, Reason::kKeysetNotOrdered),
         "a refusal has its reason: " + status.ToString());
}

void CheckReply(const ExecuteReply& reply, const RowLayout& layout) {
  if (reply.head.error != 0) return;
  std::int64_t count = 0;
  for (const RowBatch& batch : reply.batches) {
    v1::StreamRecordsResponse message;
    Expect(message.ParseFromString(batch.rows), "rows are well-formed Protobuf");
    Expect(message.rows_size() == batch.count && batch.count > 0, "a batch has its rows");
    Expect(message.ByteSizeLong() == batch.rows.size(), "rows are in Protobuf's own form");
    for (const v1::Row& row : message.rows()) {
      Expect(row.values_size() == static_cast<int>(layout.columns.size()),
             "a row fits the columns");
      for (const v1::Value& value : row.values()) {
        Expect(value.kind_case() != v1::Value::KIND_NOT_SET, "a value has a kind");
      }
    }
    count += batch.count;
  }
  Expect(count == reply.count, "the batches have all rows");
}

RowLayout TypedLayout(bool fixed) {
  std::vector<Column> columns(4);
  const ValueKind kinds[] = {ValueKind::kText, ValueKind::kInteger, ValueKind::kDateTime,
                             ValueKind::kDecimal};
  const char* names[] = {"DOS", "T116_ID", "USERCRDH", "PRIX"};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].name = names[i];
    columns[i].nature = Nature{kinds[i], 0, 0};
  }
  return RowLayout(std::move(columns), fixed);
}

void DecodeRows(const std::string& body, const DecodeOptions& options, RowLayout layout) {
  const auto reply = DecodeExecute(body, options, layout);
  if (!reply.ok()) return ExpectRefusal(reply.status());
  Expect(nlohmann::json::accept(json::Mended(body)), "an accepted reply is well-formed JSON");
  CheckReply(*reply, layout);
  if (reply->head.error != 0) return;
  const auto again = DecodeExecute(body, options, layout);  // as a second page
  Expect(again.ok() && again->count == reply->count, "the second reading is as the first");
  CheckReply(*again, layout);
}

void Run(const std::string& body) {
  if (const auto reply = DecodeAuth(body); !reply.ok()) ExpectRefusal(reply.status());
  DecodeRows(body, {}, RowLayout({}, false));
  DecodeRows(body, {.batch_bytes = 16}, TypedLayout(false));
  DecodeRows(body, {.batch_bytes = 16, .key_column = "T116_ID", .key_is_number = true},
             TypedLayout(true));
  DecodeRows(body, {.key_column = "REGL"}, TypedLayout(true));
  const auto head = DecodeHead(body);
  if (!head.ok()) return ExpectRefusal(head.status());
  FlattenInfos(head->infos);
}

}  // namespace
}  // namespace relais::recordsql

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string roomy;
  roomy.reserve(size + relais::HttpReply::kBodyPadding);
  roomy.assign(reinterpret_cast<const char*>(bytes), size);
  relais::recordsql::Run(roomy);
  std::string tight = roomy;
  tight.shrink_to_fit();
  relais::recordsql::Run(tight);
  relais::recordsql::FlattenInfos(roomy);
  relais::recordsql::ParseUpstreamTime(roomy);
  return 0;
}

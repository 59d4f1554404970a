// The wire of the RecordSql REST service: JSON to and from what the rest of this folder works with.
// Pure: no I/O, no state.

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_CODEC_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/core/aip/continuation.h"
#include "server/services/recordsql/query/query.h"

namespace relais::recordsql {

inline constexpr std::string_view kAuthPath = "/api/v1/Authent/Auth";
inline constexpr std::string_view kExecutePath = "/api/v1/RecordSql/Execute";

struct AuthRequest {
  std::string domain;
  std::string user;
  std::string password;
  std::string environment;
  std::string infos;
};

// Empty members are left out.
std::string EncodeAuth(const AuthRequest& request);

// Which rows of a plan.
struct PageCut {
  std::int64_t offset = 0;
  std::int64_t count = 1;
  std::string after;      // last keyset value; empty: from the beginning
  bool included = false;  // rows with that very value come again
};

std::string EncodeExecute(const QueryPlan& plan, const PageCut& cut, std::string_view token);

// A request without a query: a special word (`_razcache`), or a RecordSql read for its `infos`
// only.
std::string EncodeSpecial(std::string_view dhoq, std::string_view record_sql,
                          std::string_view infos, std::string_view token);

// What every reply has.
struct ReplyHead {
  std::int64_t error = 0;
  std::string text;   // txterr, normally French
  std::string infos;  // "" or a document of its own
};

struct AuthReply {
  ReplyHead head;
  std::string token;
};

// How rows are laid out: fixed by the fields asked for or by the first record, the same for all
// pages of a read.
struct RowLayout {
  std::vector<Column> columns;
  std::vector<v1::ValueType> types;  // of the columns
  // False until the columns are known; `columns` are then only candidates that tell types.
  bool fixed = false;

  RowLayout(std::vector<Column> expected, bool fixed);
};

// Some rows in wire format and where they end.
struct RowBatch {
  std::string rows;
  std::int64_t count = 0;  // rows in it
  std::string last_key;    // keyset value of its last row
};

struct ExecuteReply {
  ReplyHead head;
  std::string table;
  std::int64_t count = 0;        // rows in all batches
  std::int64_t passed_over = 0;  // rows of the page before
  std::vector<RowBatch> batches;
};

// In a resume token a hash of the columns stands before the key, which takes of its room.
inline constexpr std::size_t kColumnsHashBytes = 16;
inline constexpr std::size_t kMostKeyValueBytes = kMostKeyBytes - kColumnsHashBytes;

struct DecodeOptions {
  std::size_t batch_bytes = 128 << 10;  // a batch ends when it has grown beyond this
  // The column whose values become last_key; empty: none. It need not be in a fixed layout: then it
  // was read for this purpose only and is not part of the rows.
  std::string key_column{};
  // Its value before the first row, and whether its values are numbers, which must then ascend from
  // row to row: FAILED_PRECONDITION / KEYSET_NOT_ORDERED otherwise, as when a value is missing.
  std::string key_before{};
  bool key_is_number = false;
  // The page may begin with the row that has `key_before`; it is passed over. Should a second row
  // have that value, it is found out instead of lost between two pages.
  bool overlaps = false;
};

// INTERNAL / UPSTREAM_MALFORMED_RESPONSE for everything that is not a whole, well-formed reply;
// never part of one. `layout` is completed by the first record. Fastest when `body` has 64 bytes of
// spare capacity.
absl::StatusOr<AuthReply> DecodeAuth(const std::string& body);
absl::StatusOr<ExecuteReply> DecodeExecute(const std::string& body, const DecodeOptions& options,
                                           RowLayout& layout);

// Only what every reply has.
absl::StatusOr<ReplyHead> DecodeHead(const std::string& body);

// The head of a reply that is malformed but tells an error, such as one in the words of an old code
// page; `malformed` when it tells none.
absl::StatusOr<ReplyHead> DecodeRefusal(const std::string& body, const absl::Status& malformed);

// Every leaf of `infos` by its path; empty when it is not well-formed JSON.
std::map<std::string, std::string> FlattenInfos(std::string_view infos);

// YYYYMMDDHHMMSS in UTC; none when it is not one.
std::optional<absl::Time> ParseUpstreamTime(std::string_view text);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_CODEC_CODEC_H_

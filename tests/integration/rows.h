// Rows as tests like to see them: text by column name.

#ifndef RELAIS_TESTS_INTEGRATION_ROWS_H_
#define RELAIS_TESTS_INTEGRATION_ROWS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"
#include "tests/integration/gateway.h"

namespace relais::integration {

// As the upstream writes it; "NULL" for null, "?" when nothing is set.
std::string TextOf(const v1::Value& value);

std::vector<std::string> NamesOf(const google::protobuf::RepeatedPtrField<v1::Column>& columns);
// The values of one column, row by row; fails the test when there is no such column.
std::vector<std::string> ValuesOf(const v1::QueryRecordsResponse& page, const std::string& column);
std::map<std::string, std::string> RowOf(const v1::QueryRecordsResponse& page, int row = 0);

// A stream that was read to its end.
struct Streamed {
  grpc::Status status;
  std::vector<v1::StreamRecordsResponse> messages;

  int rows() const;
  std::vector<std::string> Values(const std::string& column) const;
};

// One StreamRecords call, pulled by hand. Cancelled when it is destroyed unfinished.
class Stream {
 public:
  Stream(Gateway& gateway, const v1::StreamRecordsRequest& request);
  Stream(Stub& stub, const v1::StreamRecordsRequest& request);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool Read(v1::StreamRecordsResponse& message) { return reader_->Read(&message); }
  // Reads whatever is left.
  Streamed Rest();
  grpc::Status Finish();
  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::StreamRecordsResponse>> reader_;
  bool finished_ = false;
};

Streamed ReadAll(Gateway& gateway, const v1::StreamRecordsRequest& request);

// `text` is the rest of the request in text form.
v1::StreamRecordsRequest StreamOf(const v1::Query& query, const std::string& text = "");

// The text form of a filter of one condition of one's own, and of a text as its value.
std::string Custom(const std::string& field, const std::string& op, const std::string& values);
std::string TextValue(const std::string& text);

}  // namespace relais::integration

#endif  // RELAIS_TESTS_INTEGRATION_ROWS_H_

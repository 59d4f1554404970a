// Disturbances a test orders: which requests they hit, and what they do to the reply.

#ifndef RELAIS_SANDBOX_FAULTS_FAULTS_H_
#define RELAIS_SANDBOX_FAULTS_FAULTS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sandbox/http/operation.h"

namespace relais::sandbox {

enum class Cut { kNone, kBeforeReply, kMidBody };

struct ErrorAnswer {
  int code = 0;
  std::string text;
};

struct Truncation {
  size_t bytes = 0;
  bool keep_length = false;  // Content-Length still names the whole body
};

struct RowInsertion {
  std::string table;
  std::map<std::string, std::string> values;
};

// One disturbance. Members left empty do nothing; several may be set at once.
struct Fault {
  Operation operation = Operation::kAny;
  int64_t after = 0;  // matching requests let through first
  int64_t count = 0;  // requests disturbed then; 0 = until removed

  absl::Duration latency{};           // before anything else
  std::optional<int> status{};        // HTTP status instead of the answer
  std::string retry_after{};          // Retry-After header, with or without `status`
  bool html = false;                  // an HTML error page as body
  std::optional<std::string> body{};  // these exact bytes as body
  std::string content_type{};         // of `body`; empty = application/json
  std::optional<Truncation> truncate{};
  Cut cut = Cut::kNone;
  bool lose_answer = false;            // carried out, then the connection is closed without a byte
  absl::Duration hold_answer{};        // carried out, then this wait before the reply
  bool token_expired = false;          // Execute refuses its token
  std::optional<ErrorAnswer> error{};  // `error` and `txterr` of the answer
  std::optional<int> row_cap{};        // instead of the configured cap
  bool malformed_infos = false;
  bool null_records = false;             // `records: null` when there are no rows
  std::optional<RowInsertion> insert{};  // a row added once the request is answered
};

// Holds the faults and counts what they have met. Thread-safe.
class FaultGate {
 public:
  void Set(std::vector<Fault> faults);
  void Add(Fault fault);
  void Clear() { Set({}); }
  std::vector<Fault> List() const;

  // The faults that hit this request, merged: later ones win where both speak.
  Fault Admit(Operation operation);

 private:
  struct Armed {
    Fault fault;
    int64_t seen = 0;
  };
  mutable std::mutex mutex_;
  std::vector<Armed> armed_;  // guarded by mutex_
};

// The operation of a name, where there is one.
using OperationLookup = std::optional<Operation> (*)(std::string_view name);

// The JSON form, `{"faults":[…]}`, as in docs/sandbox.md. Unknown keys and operations are errors.
absl::StatusOr<std::vector<Fault>> FaultsFromJson(std::string_view json, OperationLookup named);
std::string FaultsToJson(const std::vector<Fault>& faults);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_FAULTS_FAULTS_H_

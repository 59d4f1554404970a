// What a service remembers of its own, beyond submissions: documents, each with a version by which
// two writers tell who was first.

#ifndef RELAIS_SERVER_CORE_STATE_DOCUMENT_STORE_H_
#define RELAIS_SERVER_CORE_STATE_DOCUMENT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace relais::state {

struct Document {
  std::string kind;  // unique together with `key`
  std::string key;
  std::int64_t version = 0;  // 1 when it was put first, one more with every change
  // When somebody has to look at it; kept to the microsecond. InfiniteFuture: never.
  absl::Time due = absl::InfiniteFuture();
  std::string body{};  // any bytes

  bool operator==(const Document&) const = default;
};

// Thread-safe. A change is durable when its function returns OK, and has not happened when it
// returns an error. Functions block for the time of a disk's flush. Errors as of StateStore.
class DocumentStore {
 public:
  virtual ~DocumentStore() = default;

  // Makes `document` what is kept under its kind and key, if its version is the one that is kept
  // now; 0: if there is none. Returns whether it did; the kept version is one more then.
  virtual absl::StatusOr<bool> Put(const Document& document) = 0;

  // Removes it if `version` is the one that is kept. Returns whether it did.
  virtual absl::StatusOr<bool> Remove(std::string_view kind, std::string_view key,
                                      std::int64_t version) = 0;

  virtual absl::StatusOr<std::optional<Document>> Find(std::string_view kind,
                                                       std::string_view key) = 0;

  // Those whose keys begin with `prefix` and come after `after`, by their keys, `most` at most.
  virtual absl::StatusOr<std::vector<Document>> List(std::string_view kind, std::string_view prefix,
                                                     std::string_view after, std::int64_t most) = 0;

  // Those that are due at `time`, the longest due first, `most` at most.
  virtual absl::StatusOr<std::vector<Document>> Due(std::string_view kind, absl::Time time,
                                                    std::int64_t most) = 0;
};

}  // namespace relais::state

#endif  // RELAIS_SERVER_CORE_STATE_DOCUMENT_STORE_H_

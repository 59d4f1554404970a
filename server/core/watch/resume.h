// A resume says where a watcher was when its stream ended.

#ifndef RELAIS_SERVER_CORE_WATCH_RESUME_H_
#define RELAIS_SERVER_CORE_WATCH_RESUME_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace relais::watch {

// Of a collection: the version seen, which means something to the hub of that epoch alone. Of one
// item: epoch 0 and a hash of its bytes, which means the same to every hub.
struct Resume {
  std::uint64_t epoch = 0;
  std::uint64_t version = 0;
  auto operator<=>(const Resume&) const = default;
};

// As a resume token, bound to `arguments`: the method and what is watched.
std::string EncodeResume(const Resume& resume, std::string_view arguments);

// Decodes a token that EncodeResume made of the same arguments; an empty one is nothing. Any other
// text is INVALID_ARGUMENT / INVALID_RESUME_TOKEN.
absl::StatusOr<std::optional<Resume>> DecodeResume(std::string_view token,
                                                   std::string_view arguments);

}  // namespace relais::watch

#endif  // RELAIS_SERVER_CORE_WATCH_RESUME_H_

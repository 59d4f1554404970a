// The status page: /status with what it is made of, and its document, /status.json.

#ifndef RELAIS_SERVER_STATUS_PAGES_H_
#define RELAIS_SERVER_STATUS_PAGES_H_

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "server/status/document.h"
#include "server/status/page.h"

namespace relais::status {

// Thread-safe.
class Pages {
 public:
  // The gateway starts now.
  explicit Pages(Sources sources)
      : sources_(std::move(sources)), started_(sources_.scheduler.Now()) {}

  // None: there is no such page here.
  std::optional<Page> At(std::string_view path);

 private:
  // However many look, it is made no more often than this.
  static constexpr absl::Duration kFresh = absl::Milliseconds(500);

  std::string Document();

  const Sources sources_;
  const absl::Time started_;

  std::mutex mu_;
  // Under mu_:
  std::string document_;
  absl::Time made_ = absl::InfinitePast();
};

}  // namespace relais::status

#endif  // RELAIS_SERVER_STATUS_PAGES_H_

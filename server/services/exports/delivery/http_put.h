// A server that takes PUT as a destination.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_HTTP_PUT_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_HTTP_PUT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/core/base/secret.h"
#include "server/core/net/http_transport.h"
#include "server/services/exports/delivery/destination.h"
#include "server/services/exports/delivery/target_path.h"

namespace relais::exports {

struct HttpPutSettings {
  std::string base_url;
  Secret authorization{};  // the header's value; empty: none is sent
  bool webdav_move = false;
  absl::Duration transfer_timeout = absl::Hours(1);
};

// Puts the file under its own name, or with `webdav_move` under a temporary one in the same folder
// and moves it; folders that are missing are then made by MKCOL. Redirects are errors. Every
// request has `Idempotency-Key`.
//
// Without `webdav_move`, that nothing is replaced rests on `If-None-Match: *`, which servers may
// ignore (nginx does).
class HttpPutDestination final : public Destination {
 public:
  // `scheduler` outlives it.
  HttpPutDestination(HttpPutSettings settings, std::unique_ptr<HttpTransport> transport,
                     Scheduler& scheduler);

  absl::Status Put(const CallContext& context, const OutgoingFile& file) override;
  absl::Status CleanUp(const CallContext& context, const OutgoingFile& file) override;

 private:
  HttpRequest RequestFor(const OutgoingFile& file, std::string method, std::string url) const;
  std::string UrlOf(const TargetPath& target, std::string_view name) const;
  absl::StatusOr<HttpReply> Store(const CallContext& context, const OutgoingFile& file,
                                  const std::string& url);
  absl::Status StorePartial(const CallContext& context, const OutgoingFile& file,
                            const TargetPath& target);
  absl::StatusOr<bool> MakeFolders(const CallContext& context, const OutgoingFile& file,
                                   const TargetPath& target);
  absl::Status Move(const CallContext& context, const OutgoingFile& file, const TargetPath& target);
  absl::Status Remove(const CallContext& context, const OutgoingFile& file, const std::string& url);
  absl::Status CheckOccupant(const CallContext& context, const OutgoingFile& file,
                             const std::string& url);

  const HttpPutSettings settings_;
  const std::unique_ptr<HttpTransport> transport_;
  Scheduler& scheduler_;
};

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_HTTP_PUT_H_

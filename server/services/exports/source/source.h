// What an export reads: which offer of which service, and its request for a period.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_SOURCE_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "relais/exports/v1/exports.pb.h"
#include "server/core/base/call_context.h"
#include "server/core/base/violations.h"
#include "server/gateway/offers/local_calls.h"
#include "server/gateway/offers/offers.h"
#include "server/services/exports/binding/placeholders.h"

namespace relais::exports {

// The query of a source for one period.
struct BoundQuery {
  const gateway::RowOffer* offer = nullptr;
  std::shared_ptr<const google::protobuf::Message> request;
  bool files = false;               // files that belong to the rows, not the rows
  std::string file_name_pattern{};  // of files; empty: all
  std::string connection{};         // "recordsql/main": what is read, and what shares its limits
  std::string fingerprint{};        // SHA-256 of the method and the request, in hexadecimal
};

// Constant; thread-safe.
class Sources {
 public:
  // What is given outlives it.
  Sources(const gateway::Offers& offers, const gateway::LocalCalls& calls)
      : offers_(offers), calls_(calls) {}

  // The query with all place-holders replaced, checked by the method itself; else
  // INVALID_ARGUMENT with every problem, at "<path>.…".
  absl::StatusOr<BoundQuery> Bind(const v1::Source& source, std::string_view path,
                                  const PlaceholderValues& values) const;

  // The request as JSON and what is sent upstream, as far as the service tells it.
  absl::StatusOr<std::string> Explain(const CallContext& context, const BoundQuery& query) const;

  const gateway::LocalCalls& calls() const { return calls_; }
  const gateway::Offers& offers() const { return offers_; }

 private:
  const gateway::RowOffer* OfferFor(const google::protobuf::Descriptor& request) const;

  const gateway::Offers& offers_;
  const gateway::LocalCalls& calls_;
};

// "recordsql" of a method of relais.recordsql.v1.
std::string WordOfMethod(const google::protobuf::MethodDescriptor& method);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_SOURCE_SOURCE_H_

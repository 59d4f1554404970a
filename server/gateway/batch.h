// What became of the resources of a batch.

#ifndef RELAIS_SERVER_GATEWAY_BATCH_H_
#define RELAIS_SERVER_GATEWAY_BATCH_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "relais/type/v1/type.pb.h"
#include "server/core/base/error.h"

namespace relais::gateway {

inline type::v1::BatchResult BatchResultOf(std::string name, const absl::Status& status) {
  type::v1::BatchResult result;
  result.set_name(std::move(name));
  result.set_done(status.ok());
  if (status.ok()) return result;
  result.set_reason(std::string(ReasonName(DetailsOf(status).reason)));
  result.set_problem(std::string(status.message()));
  return result;
}

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_BATCH_H_

// Times as Protobuf has them.

#ifndef RELAIS_SERVER_GATEWAY_MESSAGES_TIMESTAMP_H_
#define RELAIS_SERVER_GATEWAY_MESSAGES_TIMESTAMP_H_

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace relais::gateway {

google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time ToTime(const google::protobuf::Timestamp& time);

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_MESSAGES_TIMESTAMP_H_

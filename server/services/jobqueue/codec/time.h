// Times of replies.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_TIME_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_TIME_H_

#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/timestamp.pb.h"
#include "server/json/reader.h"
#include "server/services/jobqueue/codec/words.h"

namespace relais::jobqueue {

// As ParseTime; malformed when it is none.
inline absl::Status ReadTime(std::string_view text, google::protobuf::Timestamp& out) {
  const auto time = ParseTime(text);
  if (!time) return json::Malformed("a date is none");
  out = *time;
  return absl::OkStatus();
}

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_TIME_H_

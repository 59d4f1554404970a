// Times of replies.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_TIME_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_TIME_H_

#include <optional>
#include <string>

#include "server/services/jobqueue/codec/words.h"

namespace relais::jobqueue {

// Sets what `target` gives, a Timestamp*, when the text is a time.
template <typename Mutable>
void SetTime(const std::optional<std::string>& text, Mutable target) {
  const auto time = text ? ParseTime(*text) : std::nullopt;
  if (time) *target() = *time;
}

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_TIME_H_

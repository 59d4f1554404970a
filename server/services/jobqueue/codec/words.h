// The words of the upstream for types and states of jobs, and its way of writing times.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_WORDS_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_WORDS_H_

#include <optional>
#include <string>
#include <string_view>

#include "google/protobuf/timestamp.pb.h"
#include "relais/jobqueue/v1/jobqueue.pb.h"

namespace relais::jobqueue {

// TYPE_OTHER and STATE_OTHER for words that are not known; unspecified for an empty one.
v1::Job::Type TypeOf(std::string_view word);
v1::Job::State StateOf(std::string_view word);

// The reverse; empty for what has no word.
std::string_view WordOf(v1::Job::Type type);
std::string_view WordOf(v1::Job::State state);

// Excel or text, dry runs included: what has an ImportSummary.
bool IsImport(v1::Job::Type type);

// Succeeded, failed or cancelled: it will not change its state any more.
bool HasEnded(v1::Job::State state);

// RFC 3339 with up to 9 fractional digits; without an offset it is UTC. None when it is no time of
// the years 1 to 9999.
std::optional<google::protobuf::Timestamp> ParseTime(std::string_view text);

// RFC 3339 in UTC, with as many of 7 fractional digits as it needs: the upstream knows no more.
std::string FormatTime(const google::protobuf::Timestamp& time);

// Years 1 to 9999, nanoseconds within a second.
bool IsValidTime(const google::protobuf::Timestamp& time);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_WORDS_H_

// The gateway's mark in the description of a job: by it a submission whose answer was lost is found
// again. The mark is the last line, "[relais:XXXXXXXXXXXXXXXX]"; callers do not see it.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_MARKER_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_MARKER_H_

#include <string>
#include <string_view>

namespace relais::jobqueue {

struct MarkedText {
  std::string text;    // without the mark
  std::string marker;  // empty: it had none
};

// 16 characters of [a-z2-7].
bool IsMarker(std::string_view text);

// `text` itself when `marker` is empty.
std::string AddMarker(std::string_view text, std::string_view marker);

// The exact reverse of AddMarker: what AddMarker cannot have made is text.
MarkedText StripMarker(std::string_view description);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_MARKER_H_

// The gateway's mark in the description of a job: by it a submission whose answer was lost is found
// again. The mark is the last line, "[relais:XXXXXXXXXXXXXXXX]", with the caller's request id
// behind a blank where there is one: "[relais:XXXXXXXXXXXXXXXX REQUEST_ID]"; callers do not see it.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_MARKER_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_MARKER_H_

#include <string>
#include <string_view>

namespace relais::jobqueue {

struct Mark {
  std::string marker{};      // empty: there is no mark
  std::string request_id{};  // printable ASCII; empty: none
};

struct MarkedText {
  std::string text;  // without the mark
  Mark mark{};
};

// 16 characters of [a-z2-7].
bool IsMarker(std::string_view text);

// `text` itself when there is no mark.
std::string AddMark(std::string_view text, const Mark& mark);

// The exact reverse of AddMark: what AddMark cannot have made is text.
MarkedText StripMark(std::string_view description);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_MARKER_H_

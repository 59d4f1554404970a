// What a refusal says of itself.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_PROBLEM_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_PROBLEM_H_

#include <string>

namespace relais::jobqueue {

// The `detail`, else the `title`, of a problem document (RFC 7807), or a plain text: its first
// line, at most 500 bytes; empty when the body is neither, such as a page of HTML.
std::string DecodeProblem(const std::string& body);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_CODEC_PROBLEM_H_

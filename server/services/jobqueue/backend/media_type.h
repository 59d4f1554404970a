// Media types by the extension of a file's name.

#ifndef RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_MEDIA_TYPE_H_
#define RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_MEDIA_TYPE_H_

#include <string>
#include <string_view>

namespace relais::jobqueue {

// `application/octet-stream` when the extension says nothing.
std::string MediaTypeOf(std::string_view file_name);

}  // namespace relais::jobqueue

#endif  // RELAIS_SERVER_SERVICES_JOBQUEUE_BACKEND_MEDIA_TYPE_H_

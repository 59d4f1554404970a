// What is answered to a request on the admin port.

#ifndef RELAIS_SERVER_STATUS_PAGE_H_
#define RELAIS_SERVER_STATUS_PAGE_H_

#include <string>
#include <utility>
#include <vector>

namespace relais::status {

struct Page {
  unsigned code = 200;  // of HTTP
  std::string content;
  const char* type = "text/plain";
  std::vector<std::pair<const char*, const char*>> headers{};
};

}  // namespace relais::status

#endif  // RELAIS_SERVER_STATUS_PAGE_H_

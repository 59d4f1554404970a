// A piece of a file as the body of a request, which libcurl asks for as it sends it.

#ifndef RELAIS_SERVER_CORE_NET_CURL_FILE_H_
#define RELAIS_SERVER_CORE_NET_CURL_FILE_H_

#include <curl/curl.h>

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "server/core/net/http_transport.h"

namespace relais {

class CurlFile {
 public:
  // `easy` outlives this object.
  explicit CurlFile(CURL* easy) : easy_(easy) {}
  CurlFile(const CurlFile&) = delete;
  CurlFile& operator=(const CurlFile&) = delete;

  // Makes `body` what is uploaded on `easy`, from its beginning.
  void Set(const FileBody& body);
  void Clear();

  // Why the file could not be read; OK otherwise.
  const absl::Status& failure() const { return failure_; }

 private:
  static std::size_t OnRead(char* into, std::size_t, std::size_t size, void* file);
  static int OnSeek(void* file, curl_off_t offset, int origin);

  CURL* const easy_;
  FileBody body_;
  std::int64_t sent_ = 0;
  absl::Status failure_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_FILE_H_

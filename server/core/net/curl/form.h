// A multipart/form-data body for libcurl, which asks for the content of files as it sends them.

#ifndef RELAIS_SERVER_CORE_NET_CURL_FORM_H_
#define RELAIS_SERVER_CORE_NET_CURL_FORM_H_

#include <curl/curl.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/status/status.h"
#include "server/core/net/http_transport.h"

namespace relais {

class CurlForm {
 public:
  // `easy` outlives the form.
  explicit CurlForm(CURL* easy) : easy_(easy) {}
  ~CurlForm() { Clear(); }
  CurlForm(const CurlForm&) = delete;
  CurlForm& operator=(const CurlForm&) = delete;

  // Makes `parts` the body of the request on `easy`, from their beginning. False: no memory.
  bool Set(const std::vector<FormPart>& parts);
  void Clear();

  // Why a file could not be read; OK otherwise.
  const absl::Status& failure() const { return failure_; }

 private:
  struct Source {
    const SpoolFile* file;
    CurlForm* form;
    std::int64_t offset;
  };

  static std::size_t OnRead(char* into, std::size_t, std::size_t size, void* source);
  static int OnSeek(void* source, curl_off_t offset, int origin);
  bool Add(const FormPart& part);

  CURL* const easy_;
  curl_mime* mime_ = nullptr;
  std::deque<Source> sources_;  // whose elements libcurl points to
  absl::Status failure_;
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_NET_CURL_FORM_H_

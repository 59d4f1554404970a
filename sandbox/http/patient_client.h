// HTTP for tests that judge what is answered and not how soon.

#ifndef RELAIS_SANDBOX_HTTP_PATIENT_CLIENT_H_
#define RELAIS_SANDBOX_HTTP_PATIENT_CLIENT_H_

#include <httplib.h>

#include <string>

namespace relais::sandbox {

// Waits a minute for an answer, not the library's five seconds, which an instrumented server on a
// busy machine may need.
class PatientClient : public httplib::Client {
 public:
  explicit PatientClient(const std::string& url) : httplib::Client(url) { set_read_timeout(60); }
  PatientClient(const std::string& host, int port) : httplib::Client(host, port) {
    set_read_timeout(60);
  }
};

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_HTTP_PATIENT_CLIENT_H_

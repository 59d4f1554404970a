// A caller of a running sandbox's job queue, for its tests: real HTTP, JSON in and out.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_CLIENT_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_CLIENT_H_

#include <httplib.h>

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sandbox/http/patient_client.h"
#include "sandbox/sandbox.h"
#include "sandbox/upstreams/jobqueue/options.h"
#include "sandbox/upstreams/jobqueue/work/workbook.h"

namespace relais::sandbox::jobqueue {

inline constexpr char kApiPath[] = "/mi_servicelayer/proxy/v1.svc/mi/v1alpha";
inline constexpr char kQueuePath[] = "/mi_servicelayer/proxy/v1.svc/mi/v1alpha/job-queue";

// A form of one part; the boundary is "edge".
std::string FormOf(const std::string& disposition, const std::string& content);

// The bytes of a workbook with these rows, or these worksheets.
std::string WorkbookOf(const SheetRows& rows);
std::string WorkbookOfSheets(const std::vector<Worksheet>& sheets);

class QueueClient {
 public:
  explicit QueueClient(const Sandbox& sandbox, const std::string& user = "demo");

  // Paths are below kQueuePath. Null where the reply is no JSON; a lost reply fails the test.
  nlohmann::json Get(const std::string& path);
  nlohmann::json Post(const std::string& path, const nlohmann::json& body);
  nlohmann::json Patch(const std::string& path, const nlohmann::json& body);
  // Just the status.
  int GetStatus(const std::string& path) { return Status(http_.Get(kQueuePath + path)); }
  int PostStatus(const std::string& path, const nlohmann::json& body);
  int PatchStatus(const std::string& path, const nlohmann::json& body);
  int DeleteStatus(const std::string& path) { return Status(http_.Delete(kQueuePath + path)); }

  std::string Upload(const std::string& name, const std::string& content);
  httplib::Result UploadForm(const std::string& form);
  // Uploads and creates; `changes` replace members of the request.
  nlohmann::json Import(const std::string& name, const nlohmann::json& changes);
  nlohmann::json Import(const std::string& name);
  nlohmann::json Await(const nlohmann::json& job);  // until it is finished
  std::vector<std::string> Names(const std::string& query = "");
  std::string Output(const std::string& id, const std::string& encoded_name);

  httplib::Client& http() { return http_; }

 private:
  static int Status(const httplib::Result& result) { return result ? result->status : -1; }
  static nlohmann::json Parsed(const httplib::Result& result);

  PatientClient http_;
};

// Starts a sandbox with these settings of the queue, or fails the test.
std::unique_ptr<Sandbox> StartQueue(Options options = {});

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_QUEUE_CLIENT_H_

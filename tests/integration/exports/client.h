// What tests of exports need: a gateway with a folder for them, and calls that wait for their end.

#ifndef RELAIS_TESTS_INTEGRATION_EXPORTS_CLIENT_H_
#define RELAIS_TESTS_INTEGRATION_EXPORTS_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "relais/exports/v1/exports.grpc.pb.h"
#include "tests/integration/gateway.h"
#include "tests/support/temporary_folder.h"

namespace relais::integration {

namespace ex = ::relais::exports::v1;

// A gateway whose exports are kept in a folder of the test's, with the destination `outbox`.
class ExportsTest : public GatewayTest {
 protected:
  using ExportStub = ex::ExportService::Stub;

  // Before anything else, to change the options.
  void StartWith(GatewayOptions options);
  ExportStub& exports();

  // One unary call; `request` in text form.
  template <typename Request, typename Response>
  Reply<Response> Call(grpc::Status (ExportStub::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                       const std::string& request) {
    Request message;
    ParseText(request, message);
    grpc::ClientContext context;
    SetDeadline(context);
    Reply<Response> reply;
    reply.status = (exports().*method)(&context, message, &reply.message);
    return reply;
  }

  // Creates the export, whose definition is in text form; fails the test when it cannot.
  void Create(const std::string& id, const std::string& definition);
  // Runs it to its end; `request` is the rest of RunExportRequest in text form.
  ex::ExportRun Run(const std::string& id, const std::string& request = "");
  // All states of a run that its watcher is told, until its end.
  std::vector<ex::ExportRun> Watch(const std::string& run);
  // The content of a file of a run; fails the test when it does not come whole.
  std::string Download(const std::string& run, const std::string& file_name = "");

  std::string Outbox() const { return folder_.path() + "/outbox"; }
  std::vector<std::string> Delivered() const;  // below the outbox, sorted
  std::string Content(const std::string& name) const;

 private:
  const TemporaryFolder folder_;
  std::unique_ptr<ExportStub> stub_;
};

}  // namespace relais::integration

#endif  // RELAIS_TESTS_INTEGRATION_EXPORTS_CLIENT_H_

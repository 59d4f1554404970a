#include "server/rpc/reflection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "server/rpc/health.h"
#include "server/rpc/test_host.h"

namespace relais::rpc {
namespace {

using ::grpc::reflection::v1::ServerReflectionRequest;
using ::grpc::reflection::v1::ServerReflectionResponse;
using ::testing::UnorderedElementsAre;
namespace alpha = ::grpc::reflection::v1alpha;

constexpr char kRecordSqlFile[] = "relais/recordsql/v1/recordsql.proto";

class ReflectionService : public testing::Test {
 protected:
  ReflectionService()
      : metrics_(registry_), host_(scheduler_, metrics_, {.access_log = AccessLog::kNone}) {
    health_.AddTo(host_);
    reflection_.AddTo(host_);
    EXPECT_TRUE(host_.Start({}).ok());
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", host_.port()),
                                   grpc::InsecureChannelCredentials());
  }

  // Names of the files in an answer.
  static std::set<std::string> Files(const ServerReflectionResponse& response) {
    std::set<std::string> names;
    for (const auto& bytes : response.file_descriptor_response().file_descriptor_proto()) {
      google::protobuf::FileDescriptorProto file;
      EXPECT_TRUE(file.ParseFromString(bytes));
      EXPECT_TRUE(names.insert(file.name()).second) << file.name() << " comes twice";
    }
    return names;
  }

  ThreadScheduler scheduler_;
  prometheus::Registry registry_;
  ServerMetrics metrics_;
  Health health_;
  Reflection reflection_;
  Host host_;
  std::shared_ptr<grpc::Channel> channel_;
};

template <typename Service, typename Request, typename Response>
std::vector<std::string> ListOver(const std::shared_ptr<grpc::Channel>& channel) {
  const auto stub = Service::NewStub(channel);
  grpc::ClientContext context;
  const auto stream = stub->ServerReflectionInfo(&context);
  std::vector<std::string> names;
  for (int i = 0; i < 2; ++i) {  // a dialogue has more than one question
    Request request;
    request.set_host("any");
    request.set_list_services("*");
    EXPECT_TRUE(stream->Write(request));
    Response response;
    EXPECT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.valid_host(), "any");
    EXPECT_EQ(response.original_request().list_services(), "*");
    names.clear();
    for (const auto& service : response.list_services_response().service()) {
      names.push_back(service.name());
    }
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  return names;
}

TEST_F(ReflectionService, ListsTheServicesInBothVersions) {
  const auto all =
      UnorderedElementsAre("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                           "grpc.reflection.v1alpha.ServerReflection");
  EXPECT_THAT((ListOver<grpc::reflection::v1::ServerReflection, ServerReflectionRequest,
                        ServerReflectionResponse>(channel_)),
              all);
  EXPECT_THAT((ListOver<alpha::ServerReflection, alpha::ServerReflectionRequest,
                        alpha::ServerReflectionResponse>(channel_)),
              all);
}

TEST_F(ReflectionService, GivesAFileWithEverythingItImports) {
  ServerReflectionRequest request;
  request.set_file_by_filename(kRecordSqlFile);
  const std::set<std::string> files = Files(reflection_.Answer(request));
  for (const char* name :
       {kRecordSqlFile, "google/protobuf/struct.proto", "google/type/date.proto"}) {
    EXPECT_TRUE(files.contains(name)) << name;
  }
}

TEST_F(ReflectionService, FindsTheFileOfASymbol) {
  for (const char* symbol :
       {"relais.recordsql.v1.RecordSqlService",
        "relais.recordsql.v1.RecordSqlService.StreamRecords", "relais.recordsql.v1.Erp",
        "relais.recordsql.v1.Erp.Reachability", "relais.recordsql.v1.Erp.name"}) {
    ServerReflectionRequest request;
    request.set_file_containing_symbol(symbol);
    EXPECT_TRUE(Files(reflection_.Answer(request)).contains(kRecordSqlFile)) << symbol;
  }
}

// The descriptors of this program have no extensions of their own; those of Protobuf's tests are
// not linked.
TEST_F(ReflectionService, TellsTheExtensionsOfAType) {
  ServerReflectionRequest request;
  request.set_all_extension_numbers_of_type("google.protobuf.MethodOptions");
  const ServerReflectionResponse response = reflection_.Answer(request);
  EXPECT_EQ(response.all_extension_numbers_response().base_type_name(),
            "google.protobuf.MethodOptions");
  for (const int number : response.all_extension_numbers_response().extension_number()) {
    ServerReflectionRequest one;
    one.mutable_file_containing_extension()->set_containing_type("google.protobuf.MethodOptions");
    one.mutable_file_containing_extension()->set_extension_number(number);
    EXPECT_FALSE(Files(reflection_.Answer(one)).empty()) << number;
  }
}

TEST_F(ReflectionService, AnswersWhatItDoesNotKnowWithAnErrorAndGoesOn) {
  std::vector<ServerReflectionRequest> requests(5);
  requests[0].set_file_by_filename("no/such.proto");
  requests[1].set_file_containing_symbol("no.such.Symbol");
  requests[2].mutable_file_containing_extension()->set_containing_type("no.such.Type");
  requests[3].mutable_file_containing_extension()->set_containing_type("relais.recordsql.v1.Erp");
  requests[3].mutable_file_containing_extension()->set_extension_number(4711);
  requests[4].set_all_extension_numbers_of_type("no.such.Type");
  const auto stub = grpc::reflection::v1::ServerReflection::NewStub(channel_);
  grpc::ClientContext context;
  const auto stream = stub->ServerReflectionInfo(&context);
  for (const auto& request : requests) {
    ASSERT_TRUE(stream->Write(request));
    ServerReflectionResponse response;
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.error_response().error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_FALSE(response.error_response().error_message().empty());
  }
  ASSERT_TRUE(stream->Write(ServerReflectionRequest()));
  ServerReflectionResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.error_response().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ReflectionService, DoesNotHoldUpTheEnd) {
  const auto stub = grpc::reflection::v1::ServerReflection::NewStub(channel_);
  grpc::ClientContext context;
  const auto stream = stub->ServerReflectionInfo(&context);
  ServerReflectionRequest request;
  request.set_list_services("");
  ASSERT_TRUE(stream->Write(request));
  ServerReflectionResponse response;
  ASSERT_TRUE(stream->Read(&response));
  const absl::Time began = absl::Now();
  MustEnd("Host::Shutdown", [&] { host_.Shutdown(absl::Seconds(20)); });
  EXPECT_LT(absl::Now() - began, absl::Seconds(5));
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_FALSE(stream->Finish().ok());
}

}  // namespace
}  // namespace relais::rpc

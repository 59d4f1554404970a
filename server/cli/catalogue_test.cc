#include "server/cli/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"
#include "grpc/health/v1/health.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"

namespace relais::cli {
namespace {

using ::testing::HasSubstr;

class CatalogueTest : public ::testing::Test {
 protected:
  // The services that every gateway has, described by the messages that are compiled in.
  CatalogueTest()
      : files_(*grpc::health::v1::HealthCheckRequest::descriptor()->file()->pool()),
        catalogue_(
            files_,
            {"grpc.health.v1.Health",
             absl::StrCat(
                 grpc::reflection::v1::ServerReflectionRequest::descriptor()->file()->package(),
                 ".ServerReflection"),
             absl::StrCat(grpc::reflection::v1alpha::ServerReflectionRequest::descriptor()
                              ->file()
                              ->package(),
                          ".ServerReflection")}) {}

  std::string Found(const char* name) {
    const auto method = catalogue_.FindMethod(name);
    return method.ok() ? PathOf(**method) : std::string(method.status().message());
  }

  google::protobuf::DescriptorPoolDatabase files_;
  Catalogue catalogue_;
};

TEST_F(CatalogueTest, FindsAMethodByItsNameAndByTheEndOfIt) {
  for (const char* name : {"grpc.health.v1.Health/Check", "grpc.health.v1.Health.Check",
                           "Health/Check", "Health.Check", "Check"}) {
    EXPECT_EQ(Found(name), "grpc.health.v1.Health/Check") << name;
  }
  EXPECT_EQ(Found("v1alpha.ServerReflection/ServerReflectionInfo"),
            "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
}

TEST_F(CatalogueTest, NamesThoseThatANameCanMean) {
  const std::string why = Found("ServerReflectionInfo");
  EXPECT_THAT(why, HasSubstr("can be several methods: "));
  EXPECT_THAT(why, HasSubstr("grpc.reflection.v1.ServerReflection/ServerReflectionInfo"));
  EXPECT_THAT(why, HasSubstr("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"));
}

TEST_F(CatalogueTest, NamesTheNearestOfAMisspeltOne) {
  for (const char* name : {"Chek", "Health/Chek", "grpc.health.v1.Health/Chek",
                           "grpc.health.v1.Health.Chek", "Helth/Check"}) {
    EXPECT_THAT(Found(name), HasSubstr("did you mean \"grpc.health.v1.Health/Check\"?")) << name;
  }
  EXPECT_THAT(Found("Something/Else"), HasSubstr("`relaisd call list` shows what it has"));
  EXPECT_THAT(Found("Something/Else"), HasSubstr("has no method \"Something/Else\""));
}

TEST_F(CatalogueTest, DescribesServicesMethodsAndMessages) {
  EXPECT_THAT(*catalogue_.Describe("Health"), HasSubstr("service Health {"));
  const std::string method = *catalogue_.Describe("Health/Check");
  EXPECT_THAT(method, HasSubstr("rpc Check"));
  EXPECT_THAT(method, HasSubstr("message HealthCheckRequest {"));
  EXPECT_THAT(method, HasSubstr("message HealthCheckResponse {"));
  EXPECT_THAT(*catalogue_.Describe("HealthCheckRequest"), HasSubstr("string service = 1;"));
  EXPECT_THAT(*catalogue_.Describe("google.protobuf.FileDescriptorProto"),
              HasSubstr("message FileDescriptorProto {"));
  EXPECT_THAT(std::string(catalogue_.Describe("HealthCheckRequst").status().message()),
              HasSubstr("did you mean \"grpc.health.v1.HealthCheckRequest\"?"));
}

}  // namespace
}  // namespace relais::cli

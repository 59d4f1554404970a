#include "server/config/forms/address.h"

#include <gtest/gtest.h>
#include <server/config/config.pb.h>

namespace relais::config {
namespace {

TEST(Address, HostAndPortOrUnixSocketAreAccepted) {
  for (const char* address : {"127.0.0.1:50051", "0.0.0.0:0", "localhost:65535", "[::1]:50051",
                              "[::]:1", "gateway.example:443", "unix:/run/relais.sock"}) {
    EXPECT_EQ(CheckAddressForm(address, true), std::nullopt) << address;
  }
}

TEST(Address, EverythingElseIsRefused) {
  for (const char* address : {"127.0.0.1",
                              "127.0.0.1:",
                              "127.0.0.1:65536",
                              "127.0.0.1:-1",
                              "127.0.0.1:5o",
                              ":50051",
                              "::1",
                              "::1:50051",
                              "[::1]",
                              "[::1",
                              "[::1]50051",
                              "[127.0.0.1]:1",
                              "127.0.0:1",
                              "256.0.0.1:1",
                              "a b:1",
                              "http://localhost:1",
                              "unix:",
                              "unix:relative",
                              "*:1",
                              "a:1:2",
                              "127.0.0.1:000001"}) {
    EXPECT_NE(CheckAddressForm(address, true), std::nullopt) << address;
  }
  EXPECT_NE(CheckAddressForm("unix:/" + std::string(107, 'a'), true), std::nullopt);
  EXPECT_NE(CheckAddressForm("unix:/run/x", false), std::nullopt);
}

TEST(Address, BaseUrlsThatNameAPlaceAreAccepted) {
  for (const char* url :
       {"https://erp.example:8443/DhsDivaltoServiceDivaApiRest", "http://127.0.0.1:1", "HTTPS://a",
        "https://api.divaltocloud.com/123456/testing1", "http://[::1]:8080/x", "https://a_b.c/"}) {
    EXPECT_EQ(CheckBaseUrl(url), std::nullopt) << url;
  }
}

TEST(Address, BaseUrlsWithAnythingElseAreRefused) {
  for (const char* url :
       {"erp.example",  "//erp.example",    "ftp://a",      "https://",    "https:///a",
        "https://u@a",  "https://u:p@a/",   "https://a?b",  "https://a#b", "https://a/?b",
        "https://a:0",  "https://a:65536",  "https://a:b",  "https://a:",  "https://a b",
        "https://a\\b", "https://\xC3\xA9", "https://[::1", "https://::1", "https://1.2.3",
        "https:a"}) {
    EXPECT_NE(CheckBaseUrl(url), std::nullopt) << url;
  }
}

TEST(Address, LoopbackIsThisMachineOnly) {
  for (const char* address :
       {"127.0.0.1:1", "127.255.0.3:1", "localhost:1", "LOCALHOST:1", "[::1]:1"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
  for (const char* address : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "128.0.0.1:1",
                              "localhost.example:1", "127.example:1", "127.0.0.1.example:1"}) {
    EXPECT_FALSE(IsLoopback(address)) << address;
  }
}

TEST(Address, PlainTextIsNotedOnlyOverANetwork) {
  EXPECT_TRUE(IsPlainTextOverNetwork("http://erp.example/x"));
  EXPECT_TRUE(IsPlainTextOverNetwork("HTTP://erp.example"));
  EXPECT_FALSE(IsPlainTextOverNetwork("https://erp.example/x"));
  EXPECT_FALSE(IsPlainTextOverNetwork("http://127.0.0.1:8080/x"));
  EXPECT_FALSE(IsPlainTextOverNetwork("http://localhost"));
}

v1::Server ServerAt(const char* listen) {
  v1::Server server;
  server.set_listen(listen);
  return server;
}

TEST(ListenAddress, BeyondThisMachineNeedsMutualTlsOrAProxy) {
  v1::Server server = ServerAt("0.0.0.0:50051");
  EXPECT_FALSE(CheckListenAddress(server).ok());

  server.mutable_tls()->set_certificate_file("/c");
  EXPECT_FALSE(CheckListenAddress(server).ok());
  server.mutable_tls()->set_client_ca_file("/ca");
  EXPECT_TRUE(CheckListenAddress(server).ok());

  server.clear_tls();
  server.set_behind_proxy(true);
  EXPECT_TRUE(CheckListenAddress(server).ok());
}

TEST(ListenAddress, OfOperatorsBeyondThisMachineMustBeMeant) {
  v1::Admin admin;
  for (const char* here : {"127.0.0.1:9464", "localhost:0", "[::1]:1"}) {
    admin.set_listen(here);
    EXPECT_TRUE(CheckAdminAddress(admin).ok()) << here;
  }
  admin.set_listen("0.0.0.0:9464");
  EXPECT_FALSE(CheckAdminAddress(admin).ok());
  admin.set_allow_remote(true);
  EXPECT_TRUE(CheckAdminAddress(admin).ok());
}

TEST(ListenAddress, LoopbackAndUnixSocketsNeedNothing) {
  for (const char* listen : {"127.0.0.1:0", "localhost:1", "[::1]:1", "unix:/run/relais.sock"}) {
    EXPECT_TRUE(CheckListenAddress(ServerAt(listen)).ok()) << listen;
  }
}

}  // namespace
}  // namespace relais::config

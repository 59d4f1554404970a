#include "server/services/campaign/config.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace relais::campaign {
namespace {

using config::v1::Instance;

Instance Usable(Instance::Transport transport = Instance::TRANSPORT_HTTP) {
  Instance instance;
  instance.set_transport(transport);
  instance.set_host("gt.example");
  if (transport == Instance::TRANSPORT_HTTP) instance.set_alias("Math");
  instance.mutable_password()->set_env("PASSWORD");
  return instance;
}

Instance Bridged(Instance::Transport transport = Instance::TRANSPORT_HTTP) {
  Instance instance = Usable(transport);
  instance.set_codec(Instance::CODEC_VENDOR_BRIDGE);
  instance.mutable_bridge()->set_program("bridge.py");
  return instance;
}

std::vector<std::string> WrongKeys(const Instance& instance) {
  std::vector<std::string> keys;
  for (const auto& [key, sentence] : InstanceProblems(instance)) keys.push_back(key);
  return keys;
}

using Keys = std::vector<std::string>;

TEST(ConfigSection, LetsUsableOnesPass) {
  EXPECT_EQ(WrongKeys(Usable()), Keys{});
  EXPECT_EQ(WrongKeys(Usable(Instance::TRANSPORT_TCP)), Keys{});
  EXPECT_EQ(WrongKeys(Bridged()), Keys{});
  EXPECT_EQ(WrongKeys(Bridged(Instance::TRANSPORT_TCP)), Keys{});
}

TEST(ConfigSection, WantsOnePasswordAndTheNameOfAnInstance) {
  Instance instance = Usable();
  instance.mutable_sha1_password()->set_env("SHA1");
  EXPECT_EQ(WrongKeys(instance), Keys{"sha1_password"});
  instance.clear_password();
  EXPECT_EQ(WrongKeys(instance), Keys{});
  instance.clear_sha1_password();
  instance.clear_alias();
  EXPECT_EQ(WrongKeys(instance), (Keys{"password", "alias"}));
  instance = Usable();
  instance.set_host("http://gt.example/x");
  instance.set_alias("a/b");
  EXPECT_EQ(WrongKeys(instance), (Keys{"host", "alias"}));
}

TEST(ConfigSection, TellsWhatTheVendorsLibraryCannotBeGiven) {
  Instance instance = Bridged();
  instance.clear_password();
  instance.mutable_sha1_password()->set_env("SHA1");
  instance.mutable_tls()->set_ca_file("ca.pem");
  instance.mutable_tls()->set_pinned_public_key("sha256//x");
  instance.set_server_name("other.example");
  instance.set_tls13_only(true);
  instance.set_use_tls(true);
  EXPECT_EQ(WrongKeys(instance), (Keys{"sha1_password", "tls.ca_file", "tls.pinned_public_key",
                                       "server_name", "tls13_only", "use_tls"}));
  instance = Bridged(Instance::TRANSPORT_TCP);
  instance.set_use_tls(true);
  EXPECT_EQ(WrongKeys(instance), Keys{}) << "the library has ssl for TCP";
  instance.mutable_bridge()->mutable_http_options()->set_env("OPTIONS");
  EXPECT_EQ(WrongKeys(instance), Keys{"bridge.http_options"});
}

TEST(ConfigSection, ABridgeAndItsCodecGoTogether) {
  Instance instance = Bridged();
  instance.clear_bridge();
  EXPECT_EQ(WrongKeys(instance), Keys{"bridge"});
  instance = Bridged();
  instance.set_codec(Instance::CODEC_REFERENCE_JSON);
  EXPECT_EQ(WrongKeys(instance), Keys{"bridge"});
}

}  // namespace
}  // namespace relais::campaign

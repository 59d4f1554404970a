#include "server/core/net/credentials.h"

#include <gtest/gtest.h>

#include <string>

#include "server/core/base/error.h"

namespace relais {
namespace {

TEST(BasicAuthorization, EncodesNameAndPassword) {
  // The example of RFC 7617.
  EXPECT_EQ(BasicAuthorization("Aladdin", Secret("open sesame"))->Reveal(),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(BasicAuthorization("test", Secret("123£"))->Reveal(), "Basic dGVzdDoxMjPCow==");
  EXPECT_EQ(BasicAuthorization("DOM\\u", Secret("a:b"))->Reveal(), "Basic RE9NXHU6YTpi");
  EXPECT_EQ(BasicAuthorization("", Secret(""))->Reveal(), "Basic Og==");
}

TEST(BasicAuthorization, RefusesWhatItCannotExpressWithoutSayingIt) {
  const std::string nul("pass\0word", 9);
  for (const auto& [user, password] : {std::pair<std::string, std::string>{"us:er", "password"},
                                       {"user\n", "password"},
                                       {"user", "pass\rword"},
                                       {"user", nul}}) {
    const absl::Status status = BasicAuthorization(user, Secret(password)).status();
    EXPECT_TRUE(HasReason(status, Reason::kGatewayInternal)) << status;
    EXPECT_EQ(std::string(status.message()).find("pass"), std::string::npos) << status;
  }
}

}  // namespace
}  // namespace relais

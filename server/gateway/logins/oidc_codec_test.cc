#include "server/gateway/logins/oidc_codec.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/core/base/error.h"

namespace relais::gateway {
namespace {

TEST(DecodeProvider, FindsTheTokenEndpoint) {
  const auto provider = DecodeProvider(
      R"({"issuer":"https://idp","token_endpoint":"https://idp/token","x":[{"y":null}]})");
  ASSERT_TRUE(provider.ok()) << provider.status();
  EXPECT_EQ(provider->token_endpoint, "https://idp/token");
  EXPECT_TRUE(provider->takes_basic);
}

TEST(DecodeProvider, KnowsHowClientsProveTheirIdentity) {
  const auto takes_basic = [](const std::string& methods) {
    return DecodeProvider(R"({"token_endpoint":"http://i/t",)"
                          R"("token_endpoint_auth_methods_supported":)" +
                          methods + "}")
        ->takes_basic;
  };
  EXPECT_FALSE(takes_basic(R"(["client_secret_post","private_key_jwt"])"));
  EXPECT_TRUE(takes_basic(R"(["client_secret_post","client_secret_basic"])"));
  EXPECT_TRUE(takes_basic(R"([])"));
  EXPECT_TRUE(takes_basic(R"(null)"));
}

TEST(DecodeProvider, RefusesWhatIsNone) {
  for (const std::string body :
       {"", "null", "[]", "{}", "<html></html>", R"({"token_endpoint":null})",
        R"({"token_endpoint":1})", R"({"token_endpoint":""})",
        R"({"token_endpoint":"ftp://idp/token"})", R"({"token_endpoint":"/token"})",
        R"({"token_endpoint":"https://idp/a b"})", R"({"token_endpoint":"https://idp/a\nb"})",
        R"({"token_endpoint":"https://a","token_endpoint":"https://b"})",
        R"({"token_endpoint":"https://idp/token"} x)",
        R"({"token_endpoint":"https://idp/t","token_endpoint_auth_methods_supported":"x"})"}) {
    const absl::Status status = DecodeProvider(body).status();
    EXPECT_TRUE(HasReason(status, Reason::kUpstreamMalformedResponse)) << body << status;
  }
}

TEST(DecodeToken, TakesTokenLifeAndRefreshToken) {
  const auto token = DecodeToken(R"({"access_token":"abc.d-e_f~+/=","token_type":"bearer",)"
                                 R"("expires_in":3600,"refresh_token":"next","scope":"x"})");
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->access_token.Reveal(), "abc.d-e_f~+/=");
  EXPECT_EQ(token->life, absl::Hours(1));
  EXPECT_EQ(token->refresh_token.Reveal(), "next");
}

TEST(DecodeToken, TakesALifeThatIsWrittenAsAFraction) {
  const auto token = DecodeToken(R"({"access_token":"t","expires_in":3600.0})");
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->life, absl::Hours(1));
}

TEST(DecodeToken, KnowsWhatIsLeftOut) {
  const auto token = DecodeToken(R"({"access_token":"abc"})");
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->life, absl::Minutes(5));
  EXPECT_TRUE(token->refresh_token.empty());
  EXPECT_EQ(DecodeToken(R"({"access_token":"a","expires_in":"60"})")->life, absl::Minutes(1));
  EXPECT_EQ(DecodeToken(R"({"access_token":"a","expires_in":null})")->life, absl::Minutes(5));
  EXPECT_LT(DecodeToken(R"({"access_token":"a","expires_in":9000000000000000000})")->life,
            absl::Hours(24 * 400));
}

TEST(DecodeToken, RefusesWhatIsNoneAndShowsNothingOfIt) {
  const std::vector<std::string> bodies = {
      "",
      "null",
      "{}",
      R"({"access_token":""})",
      R"({"access_token":null})",
      R"({"access_token":["hush"]})",
      R"({"access_token":"hush hush"})",
      R"({"access_token":"hush\r\nX-Other: x"})",
      R"({"access_token":"hush\u0000"})",
      R"({"access_token":"h\u00e9"})",
      R"({"access_token":"hush","token_type":"mac"})",
      R"({"access_token":"hush","token_type":7})",
      R"({"access_token":"hush","expires_in":0})",
      R"({"access_token":"hush","expires_in":-5})",
      R"({"access_token":"hush","expires_in":1.5})",
      R"({"access_token":"hush","expires_in":"soon"})",
      R"({"access_token":"hush","expires_in":""})",
      R"({"access_token":"hush","refresh_token":{}})",
      R"({"access_token":"hush","access_token":"hush"})",
      R"({"access_token":"hush"}hush)",
      R"({"access_token":")" + std::string(100'000, 'h') + R"("})",
  };
  for (const std::string& body : bodies) {
    const absl::Status status = DecodeToken(body).status();
    EXPECT_TRUE(HasReason(status, Reason::kUpstreamMalformedResponse)) << body.substr(0, 80);
    EXPECT_EQ(status.ToString().find("hush"), std::string::npos) << status;
  }
  const std::string whole = R"({"access_token":"hush","token_type":"Bearer","expires_in":60})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(DecodeToken(whole.substr(0, size)).ok()) << size;
  }
}

TEST(DecodeTokenError, ShowsOnlyWhatTheProtocolNames) {
  EXPECT_EQ(DecodeTokenError(R"({"error":"invalid_client","error_description":"hush"})"),
            "invalid_client");
  for (const std::string body : {R"({"error":"hush"})", R"({"error":1})", "{}", "", "hush"}) {
    EXPECT_EQ(DecodeTokenError(body), "") << body;
  }
}

}  // namespace
}  // namespace relais::gateway

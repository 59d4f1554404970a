// Lists in pages.
#include <gtest/gtest.h>

#include <limits>

#include "tests/conformance/conformance.h"

namespace relais::conformance {
namespace {

constexpr std::size_t kMostItems = 1000;

bool IsPaged(const Method& method) { return method.paged(); }

class Paging : public Conformance {
 protected:
  void SetUp() override { Start({}, subject().second); }

  AnyMessage Page(const Method& method, Requests requests, std::int32_t size,
                  const std::string& token = "") {
    SetNumber(*requests.front(), "page_size", size);
    SetText(*requests.front(), "page_token", token);
    return Ask(method, requests);
  }
  static std::string TokenOf(const AnyMessage& page) { return GetText(*page, "next_page_token"); }

  testing::AssertionResult Refuses(const Method& method, Requests requests,
                                   const std::string& token) {
    SetText(*requests.front(), "page_token", token);
    return Fails(Call(method, requests).status, grpc::INVALID_ARGUMENT, "INVALID_PAGE_TOKEN");
  }
};
INSTANTIATE_TEST_SUITE_P(Conformance, Paging, ::testing::ValuesIn(SubjectsWith(IsPaged)), WordOf);

TEST_P(Paging, OneByOneGivesTheSameAsAllAtOnce) {
  for (const Method& method : methods(IsPaged)) {
    const Requests requests = method.Valid(gateway());
    const AnyMessage all = Page(method, requests, 0);
    EXPECT_EQ(TokenOf(all), "") << method.name();
    std::vector<AnyMessage> items;
    std::string token;
    do {
      const AnyMessage page = Page(method, requests, 1, token);
      for (AnyMessage& item : method.Items(*page)) items.push_back(std::move(item));
      ASSERT_LE(method.Items(*page).size(), 1) << method.name();
      token = TokenOf(page);
    } while (!token.empty() && !HasFailure());
    EXPECT_GE(items.size(), 2) << method.name() << ": too few to be cut into pages";
    EXPECT_TRUE(items == method.Items(*all)) << method.name();
  }
}

TEST_P(Paging, MoreThanTheMaximumIsTakenAsTheMaximum) {
  for (const Method& method : methods(IsPaged)) {
    const bool plenty = method.entry().plenty != nullptr;
    const Requests requests = plenty ? method.Plenty(gateway()) : method.Valid(gateway());
    const AnyMessage page = Page(method, requests, std::numeric_limits<std::int32_t>::max());
    if (!plenty) {
      EXPECT_EQ(TokenOf(page), "") << method.name();
      continue;
    }
    EXPECT_EQ(method.Items(*page).size(), kMostItems) << method.name();
    EXPECT_NE(TokenOf(page), "") << method.name();
  }
}

TEST_P(Paging, ANegativeSizeIsRefused) {
  for (const Method& method : methods(IsPaged)) {
    Requests requests = method.Valid(gateway());
    for (const std::int32_t size : {-1, std::numeric_limits<std::int32_t>::min()}) {
      SetNumber(*requests.front(), "page_size", size);
      EXPECT_TRUE(Violates(Call(method, requests).status, "page_size")) << method.name();
    }
  }
}

TEST_P(Paging, AnythingElseIsNoToken) {
  for (const Method& method : methods(IsPaged)) {
    const Requests requests = method.Valid(gateway());
    std::string token = TokenOf(Page(method, requests, 1));
    ASSERT_NE(token, "") << method.name();
    EXPECT_TRUE(Refuses(method, requests, "nonsense")) << method.name();
    EXPECT_TRUE(Refuses(method, requests, token + "A")) << method.name();
    EXPECT_TRUE(Refuses(method, requests, token.substr(1))) << method.name();
    EXPECT_TRUE(Refuses(method, requests, std::string(5000, 'A'))) << method.name();
  }
}

TEST_P(Paging, ATokenGoesWithItsMethodAndArguments) {
  for (const Method& method : methods(IsPaged)) {
    const Requests requests = method.Valid(gateway());
    const std::string token = TokenOf(Page(method, requests, 1));
    if (const auto other = method.Other(gateway(), requests)) {
      EXPECT_TRUE(Refuses(method, *other, token)) << method.name() << " with other arguments";
    }
    for (const Method& wrong : methods(IsPaged)) {
      if (wrong.name() == method.name()) continue;
      EXPECT_TRUE(Refuses(wrong, wrong.Valid(gateway()), token))
          << wrong.name() << " with a token of " << method.name();
    }
  }
}

TEST_P(Paging, TheSizeMayChangeFromPageToPage) {
  for (const Method& method : methods(IsPaged)) {
    const Requests requests = method.Valid(gateway());
    const AnyMessage first = Page(method, requests, 1);
    std::vector<AnyMessage> items = method.Items(*first);
    for (AnyMessage& item : method.Items(*Page(method, requests, 1000, TokenOf(first))))
      items.push_back(std::move(item));
    EXPECT_TRUE(items == method.Items(*Page(method, requests, 0))) << method.name();
  }
}

}  // namespace
}  // namespace relais::conformance

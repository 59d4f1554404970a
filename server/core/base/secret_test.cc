#include "server/core/base/secret.h"

#include <gtest/gtest.h>

#include <array>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace relais {
namespace {

template <typename T>
concept Streamable = requires(std::ostream& stream, const T& value) {
  stream << value;
};
template <typename T>
concept Comparable = requires(const T& a, const T& b) {
  a == b;
};
template <typename T>
concept Printable = requires(const T& value) {
  absl::StrCat(value);
};

static_assert(Streamable<std::string> && !Streamable<Secret>);
static_assert(Comparable<std::string> && !Comparable<Secret>);
static_assert(Printable<std::string> && !Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);

// Short texts lie within the object, which is destroyed here but whose bytes can still be seen.
TEST(Secret, LeavesNothingBehind) {
  alignas(Secret) std::array<char, sizeof(Secret)> bytes{};
  const auto seen = [&bytes] {
    return std::string_view(bytes.data(), bytes.size()).find("s3cret") != std::string_view::npos;
  };
  auto* secret = new (bytes.data()) Secret("s3cret");
  EXPECT_TRUE(seen());
  const Secret taken = std::move(*secret);
  EXPECT_FALSE(seen()) << "moved from";
  *secret = taken;
  EXPECT_TRUE(seen());
  secret->~Secret();
  EXPECT_FALSE(seen()) << "destroyed";
  EXPECT_EQ(taken.Reveal(), "s3cret");
}

TEST(Secret, GivesItsTextOnlyWhenAskedByName) {
  EXPECT_EQ(Secret("s3cret").Reveal(), "s3cret");
  EXPECT_TRUE(Secret().empty());
}

}  // namespace
}  // namespace relais

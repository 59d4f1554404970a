#include "server/core/base/secret.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <type_traits>

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

TEST(Secret, GivesItsTextOnlyWhenAskedByName) {
  EXPECT_EQ(Secret("s3cret").Reveal(), "s3cret");
  EXPECT_TRUE(Secret().empty());
}

}  // namespace
}  // namespace relais

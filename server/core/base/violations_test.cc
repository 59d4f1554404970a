#include "server/core/base/violations.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"

namespace relais {
namespace {

// "field: description" of every violation.
std::vector<std::string> Listed(const absl::Status& status) {
  std::vector<std::string> out;
  for (const Violation& one : DetailsOf(status).violations)
    out.push_back(one.field + ": " + one.description);
  return out;
}

Violations Many(std::size_t count) {
  Violations violations;
  for (std::size_t i = 0; i < count; ++i) violations.Add(absl::StrCat("names[", i, "]"), "is bad");
  return violations;
}

TEST(Violations, AreAnInvalidRequestUnlessThereAreNone) {
  Violations violations;
  EXPECT_TRUE(violations.empty());
  EXPECT_TRUE(violations.ToStatus().ok());
  violations.Add("page_size", "must not be negative");
  violations.Add([] { return std::string("names[0]"); }, [] { return "is required"; });
  EXPECT_EQ(violations.size(), 2u);
  const absl::Status status = violations.ToStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(HasReason(status, Reason::kInvalidRequest));
  EXPECT_EQ(status.message(), "page_size: must not be negative (and 1 more)");
  EXPECT_EQ(Listed(status),
            (std::vector<std::string>{"page_size: must not be negative", "names[0]: is required"}));
}

TEST(Violations, AreOnlyCountedPastTheLimit) {
  Violations violations = Many(Violations::kMostKept - 1);
  EXPECT_FALSE(violations.full());
  violations.Add("last", "is kept");
  EXPECT_TRUE(violations.full());
  for (int i = 0; i < 1000; ++i) violations.Add("more", "is counted");
  EXPECT_EQ(violations.size(), Violations::kMostKept + 1000);
  const absl::Status status = violations.ToStatus();
  EXPECT_EQ(status.message(), "names[0]: is bad (and 1049 more)");
  EXPECT_EQ(Listed(status).size(), Violations::kMostKept);
  EXPECT_EQ(Listed(status).back(), "last: is kept");
  EXPECT_EQ(DetailsOf(status).more_violations, 1000u);
}

TEST(Violations, MakeNoTextThatNobodyWillRead) {
  Violations violations = Many(Violations::kMostKept);
  int made = 0;
  const auto text = [&] {
    ++made;
    return "text";
  };
  violations.Add(text, text);
  EXPECT_EQ(made, 0);
  EXPECT_EQ(violations.size(), Violations::kMostKept + 1);
}

TEST(Violations, TakeOverThoseOfAnotherCheck) {
  Violations violations;
  violations.AddAll(absl::OkStatus());
  violations.AddAll(absl::InternalError("carries none"));
  EXPECT_TRUE(violations.empty());
  violations.AddAll(InvalidRequest({{"filter", "is too long"}}));
  violations.AddAll(InvalidRequest({{"name", "is required"}}), "start.");
  EXPECT_EQ(Listed(violations.ToStatus()),
            (std::vector<std::string>{"filter: is too long", "start.name: is required"}));
  violations.AddAll(Many(Violations::kMostKept + 7).ToStatus());
  EXPECT_EQ(violations.size(), Violations::kMostKept + 9);
  EXPECT_EQ(Listed(violations.ToStatus()).size(), Violations::kMostKept);
}

TEST(Violations, AreWorthASuggestionWhileTheyAreFew) {
  EXPECT_TRUE(Violations().WorthASuggestion());
  EXPECT_TRUE(Many(Violations::kMostSuggested - 1).WorthASuggestion());
  EXPECT_FALSE(Many(Violations::kMostSuggested).WorthASuggestion());
}

TEST(Violations, KnowWhichFieldsTheyAreAbout) {
  Violations violations;
  violations.Add("name", "must be a name");
  EXPECT_TRUE(violations.Has("name"));
  EXPECT_FALSE(violations.Has("names"));
}

}  // namespace
}  // namespace relais

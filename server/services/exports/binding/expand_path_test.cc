#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/core/base/error.h"
#include "server/core/base/text/text.h"
#include "server/services/exports/binding/placeholders.h"
#include "server/services/exports/schedule/test_plan.h"
#include "simdjson.h"

namespace relais::exports {
namespace {

using ::testing::HasSubstr;

PlaceholderValues ValuesWithFile(const std::string& file) {
  return {.period = {"2024-03-31", InstantFrom("2024-03-31 00:00:00"),
                     InstantFrom("2024-04-01 00:00:00")},
          .zone = absl::UTCTimeZone(),
          .texts = {{"export", "e"}, {"extension", ".csv"}, {"file", file}, {"empty", ""}}};
}

absl::StatusOr<std::string> PathFor(const std::string& text, const std::string& file = "f") {
  return ExpandPath(text, ValuesWithFile(file));
}

TEST(ExpandPath, MakesFoldersOfWhatTheTemplateSays) {
  EXPECT_EQ(
      PathFor("${period.start:%Y}/${period.start:%m}/${export}_${period}${extension}").value(),
      "2024/03/e_2024-03-31.csv");
  EXPECT_EQ(PathFor("a b/c..d/${file}", "Étude 2024.pdf").value(), "a b/c..d/Étude 2024.pdf");
  EXPECT_EQ(PathFor("${file}", "CON").value(), "CON");
}

TEST(ExpandPath, MakesNoFolderOfWhatAPlaceholderStandsFor) {
  EXPECT_EQ(PathFor("x/${file}", "../../etc/passwd").value(), "x/_._.._etc_passwd");
  EXPECT_EQ(PathFor("x/${period.start:%Y/%m}").value(), "x/2024_03");
  EXPECT_EQ(PathFor("${file}", "..").value(), "__");
  EXPECT_EQ(PathFor("${file}", ".").value(), "_");
  EXPECT_EQ(PathFor("${file}", ".profile").value(), "_profile");
  EXPECT_EQ(PathFor("${export}${file}", "..").value(), "e._");
  EXPECT_EQ(PathFor("${file}", std::string("a\0b\r\n", 5)).value(), "a_b__");
  EXPECT_EQ(PathFor("${file}", "a\xff\xc3z").value(), "a__z");
  EXPECT_EQ(PathFor("${file}",
                    "\xe2\x80\xae"
                    "fdp.exe")
                .value(),
            "_fdp.exe");
  EXPECT_EQ(PathFor("${file}", "C:\\x").value(), "C__x");
  EXPECT_EQ(PathFor("${file}", "%2e%2e%2fx").value(), "_2e_2e_2fx");
  EXPECT_EQ(PathFor("${file}", "a. ").value(), "a._");
}

TEST(ExpandPath, SaysWhyItRefusesAPath) {
  EXPECT_THAT(std::string(PathFor("/x").status().message()), HasSubstr("empty part"));
  EXPECT_THAT(std::string(PathFor("x/.hidden").status().message()),
              HasSubstr("begins with a point"));
  EXPECT_THAT(std::string(PathFor("x.Manifest.JSON").status().message()), HasSubstr("manifests"));
  EXPECT_THAT(std::string(PathFor("x\\y").status().message()), HasSubstr("backslash"));
  EXPECT_THAT(std::string(PathFor("c:x").status().message()), HasSubstr("drive"));
  EXPECT_TRUE(HasReason(PathFor("/x").status(), Reason::kInvalidRequest));
}

// Whether a path names something below a folder, whoever reads it.
bool StaysWithin(const std::string& path) {
  const std::filesystem::path target = "/exports/target";
  const auto joined = (target / path).lexically_normal().string();
  if (!absl::StartsWith(joined, "/exports/target/") || path.size() > 500 || HasControl(path) ||
      absl::StrContains(path, "\\")) {
    return false;
  }
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(path, '/'))) {
    if (part.empty() || part.size() > 255 || part.front() == '.' || part.back() == '.' ||
        part.front() == ' ' || part.back() == ' ' ||
        absl::EndsWithIgnoreCase(part, ".manifest.json")) {
      return false;
    }
  }
  return true;
}

TEST(HostilePaths, NeverLeaveTheTarget) {
  const std::vector<std::string> hostile = {"",
                                            ".",
                                            "..",
                                            "...",
                                            "/",
                                            "//",
                                            "\\",
                                            "\\\\server\\share",
                                            "../",
                                            "../x",
                                            "..\\x",
                                            "/etc/passwd",
                                            "x/../..",
                                            "./x",
                                            "x/.",
                                            "x/..",
                                            "x//y",
                                            "x/",
                                            " ",
                                            " x",
                                            "x ",
                                            "x.",
                                            ". .",
                                            ".. ",
                                            " ..",
                                            "..x",
                                            std::string("\0", 1),
                                            std::string("x\0y", 3),
                                            std::string("..\0", 3),
                                            "\n",
                                            "x\ny",
                                            "\t..",
                                            "\x7f",
                                            "\x1b[2J",
                                            "C:",
                                            "C:\\x",
                                            "c:/x",
                                            "\\\\?\\C:\\x",
                                            "NUL",
                                            "con.txt",
                                            "AUX",
                                            "LPT1:",
                                            "x:stream",
                                            "%2e%2e",
                                            "%2e%2e%2f",
                                            "..%2f",
                                            "..%5c",
                                            "%00",
                                            "\xc0\xae\xc0\xae",
                                            "\xc0\xae\xc0\xae/",
                                            "\xe0\x80\xae",
                                            "\xc0\xaf",
                                            "\xff\xfe",
                                            "\xed\xa0\x80",
                                            "\u2024\u2024",
                                            "\uff0e\uff0e",
                                            "\uff0e\uff0e\uff0f",
                                            "\u2025",
                                            "x\u2215y",
                                            "x\u2044y",
                                            "\uff3c",
                                            "\u202e..",
                                            "\ufeff..",
                                            "\u200b..",
                                            "\u200b",
                                            "\u0085",
                                            "x\u2028y",
                                            "~",
                                            "~root",
                                            "$HOME",
                                            "`id`",
                                            "$(id)",
                                            "x;y",
                                            "x|y",
                                            "-rf",
                                            "*",
                                            "?",
                                            "<",
                                            ">",
                                            "\"",
                                            ".htaccess",
                                            ".manifest.json",
                                            "x.manifest.json",
                                            "X.MANIFEST.JSON",
                                            "x.manifest.json.",
                                            ".tmp",
                                            "..csv",
                                            std::string(255, 'x'),
                                            std::string(256, 'x'),
                                            std::string(600, 'x'),
                                            std::string(200, '/'),
                                            std::string(300, '.'),
                                            std::string(100, 'x') + "/" + std::string(100, 'y'),
                                            std::string("../") + std::string(250, 'z')};
  int paths = 0;
  int refused = 0;
  for (const std::string& text : hostile) {
    const bool plain = simdjson::validate_utf8(text.data(), text.size());
    // The value is hostile, with several templates; then the template itself.
    for (const char* around :
         {"${file}", "x/${file}", "${file}/x", ".${file}", "${file}.", "${file}${file}",
          "x${file}y", "${empty}${file}", "${file}.csv", "${file}${extension}"}) {
      const auto path = PathFor(around, text);
      ++paths;
      refused += path.ok() ? 0 : 1;
      EXPECT_TRUE(!path.ok() || StaysWithin(*path)) << around << " with " << text << ": " << *path;
    }
    for (const std::string& around :
         {text, "x/" + text, text + "/x", "x" + text, text + "${extension}", text + "${empty}/x",
          "${empty}" + text}) {
      const auto path = PathFor(around);
      ++paths;
      refused += path.ok() ? 0 : 1;
      EXPECT_TRUE(!path.ok() || (plain && StaysWithin(*path))) << around << ": " << *path;
    }
  }
  EXPECT_GT(paths, 1000);
  EXPECT_GT(refused, 400);
}

}  // namespace
}  // namespace relais::exports

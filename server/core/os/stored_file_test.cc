#include "server/core/os/stored_file.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/core/base/error.h"
#include "server/core/base/sha256.h"
#include "tests/support/temporary_folder.h"

namespace relais {
namespace {

class AStoredFile : public testing::Test {
 protected:
  void Keep(const std::string& content) { std::ofstream(path_, std::ios::binary) << content; }

  TemporaryFolder folder_;
  const std::string path_ = folder_.path() + "/file";
};

TEST_F(AStoredFile, IsReadWhereItIsAskedFor) {
  Keep("0123456789");
  const auto file = StoredFile::Open(path_, 10);
  ASSERT_TRUE(file.ok()) << file.status();
  std::filesystem::remove(path_);  // it stays readable
  std::array<char, 4> bytes{};
  ASSERT_TRUE((*file)->Read(3, bytes.data(), bytes.size()).ok());
  EXPECT_EQ(std::string(bytes.data(), bytes.size()), "3456");
  EXPECT_TRUE(HasReason((*file)->Read(8, bytes.data(), bytes.size()), Reason::kGatewayInternal));
}

TEST_F(AStoredFile, HasADigestOfAnyPiece) {
  const std::string content(700'000, 'x');
  Keep("ab" + content);
  const auto file = StoredFile::Open(path_, 700'002);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(*(*file)->Sha256Hex(2, 700'000), Sha256Hex(content));
  EXPECT_EQ(*(*file)->Sha256Hex(1, 1), Sha256Hex("b"));
  EXPECT_EQ(*(*file)->Sha256Hex(700'002, 0), Sha256Hex(""));
  EXPECT_FALSE((*file)->Sha256Hex(2, 700'001).ok());
}

TEST_F(AStoredFile, IsRefusedWhenItIsNotWhatWasWritten) {
  EXPECT_TRUE(HasReason(StoredFile::Open(path_, 0).status(), Reason::kGatewayInternal));
  Keep("four");
  EXPECT_FALSE(StoredFile::Open(path_, 5).ok());
  EXPECT_FALSE(StoredFile::Open(folder_.path(), 0).ok());
  const auto file = StoredFile::Open(path_, 4);
  ASSERT_TRUE(file.ok());
  std::filesystem::resize_file(path_, 1);
  std::array<char, 4> bytes{};
  EXPECT_FALSE((*file)->Read(0, bytes.data(), bytes.size()).ok());
}

}  // namespace
}  // namespace relais

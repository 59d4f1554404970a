#include "server/core/os/spool_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <string>

#include "server/core/base/error.h"

namespace relais {
namespace {

class SpoolFileTest : public testing::Test {
 protected:
  SpoolFileTest() {
    std::array<char, 32> name = {"/tmp/relais-spool-XXXXXX"};
    folder_ = mkdtemp(name.data());
  }
  ~SpoolFileTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<SpoolFile> Make(std::int64_t max_bytes = 1 << 20) {
    auto file = SpoolFile::Make(folder_, max_bytes);
    EXPECT_TRUE(file.ok()) << file.status();
    return *std::move(file);
  }
  static std::string ReadAll(const SpoolFile& file) {
    std::string bytes(static_cast<std::size_t>(file.size()) + 1, '\0');
    const auto size = file.Read(0, bytes.data(), bytes.size());
    EXPECT_TRUE(size.ok()) << size.status();
    bytes.resize(*size);
    return bytes;
  }

  std::string folder_;
};

TEST_F(SpoolFileTest, GivesBackWhatWasAppended) {
  const auto file = Make();
  EXPECT_EQ(ReadAll(*file), "");
  ASSERT_TRUE(file->Append("hello ").ok());
  ASSERT_TRUE(file->Append("").ok());
  ASSERT_TRUE(file->Append(std::string("wor\0ld", 6)).ok());
  EXPECT_EQ(file->size(), 12);
  EXPECT_EQ(ReadAll(*file), std::string("hello wor\0ld", 12));
  std::array<char, 4> part{};
  EXPECT_EQ(*file->Read(1, part.data(), 4), 4u);
  EXPECT_EQ(std::string(part.data(), 4), "ello");
  EXPECT_EQ(*file->Read(10, part.data(), 4), 2u);
  EXPECT_EQ(*file->Read(100, part.data(), 4), 0u);
}

TEST_F(SpoolFileTest, KnowsItsDigest) {
  const auto empty = Make();
  EXPECT_EQ(empty->Sha256Hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const auto file = Make();
  ASSERT_TRUE(file->Append("a").ok());
  ASSERT_TRUE(file->Append("bc").ok());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(file->Sha256Hex(),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}

TEST_F(SpoolFileTest, LeavesNoNameInItsFolder) {
  const auto file = Make();
  ASSERT_TRUE(file->Append("content").ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(SpoolFileTest, TakesNoMoreThanItsLimit) {
  const auto file = Make(5);
  ASSERT_TRUE(file->Append("12345").ok());
  for (const std::string bytes : {"6", ""}) {  // the failure stays
    const absl::Status status = file->Append(bytes);
    EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
    EXPECT_TRUE(HasReason(status, Reason::kRequestOutOfRange)) << status;
  }
  EXPECT_EQ(file->size(), 5);
}

TEST_F(SpoolFileTest, SaysThatTheStorageIsFull) {
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit tight = {.rlim_cur = 1000, .rlim_max = limit.rlim_max};
  const auto file = Make();
  setrlimit(RLIMIT_FSIZE, &tight);
  const absl::Status status = file->Append(std::string(2000, 'x'));
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, previous);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(HasReason(status, Reason::kGatewayStorageFull)) << status;
  EXPECT_EQ(file->Append("x"), status);  // there is a gap: the file is of no use any more
}

TEST_F(SpoolFileTest, TakesNoMoreThanAllFilesTogetherMayHave) {
  Ceiling all("spool_bytes", 10);
  const auto make = [&] { return *SpoolFile::Make("/tmp", 100, &all); };
  auto first = make();
  ASSERT_TRUE(first->Append("123456").ok());
  const auto second = make();
  ASSERT_TRUE(second->Append("7890").ok());
  EXPECT_EQ(all.used(), 10);
  const absl::Status status = second->Append("1");
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(HasReason(status, Reason::kGatewayLimitReached)) << status;
  first.reset();
  EXPECT_EQ(all.used(), 4);
  EXPECT_TRUE(make()->Append("123456").ok());
}

TEST_F(SpoolFileTest, SaysThatItsFolderCannotBeUsed) {
  for (const std::string folder : {"/nowhere/at/all", "/dev/null", ""}) {
    const absl::Status status = SpoolFile::Make(folder, 1).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << folder;
    EXPECT_TRUE(HasReason(status, Reason::kGatewayInternal)) << status;
  }
}

}  // namespace
}  // namespace relais

#include "server/core/os/child_process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace relais {
namespace {

std::unique_ptr<ChildProcess> Shell(const std::string& script,
                                    const std::vector<std::string>& environment = {}) {
  auto child = ChildProcess::Start({"/bin/sh", "-c", script}, environment);
  EXPECT_TRUE(child.ok()) << child.status();
  return child.ok() ? *std::move(child) : nullptr;
}

// All that comes until the end.
std::string ReadAll(int descriptor) {
  std::string all;
  std::array<char, 512> part{};
  for (ssize_t got = 0; (got = read(descriptor, part.data(), part.size())) > 0;)
    all.append(part.data(), static_cast<std::size_t>(got));
  return all;
}

TEST(ChildProcess, HasThreeStreams) {
  const auto child = Shell("read line; echo \"got $line\"; echo trouble >&2; exit 3");
  EXPECT_TRUE(child->Write("a line\n"));
  EXPECT_EQ(ReadAll(child->output()), "got a line\n");
  EXPECT_EQ(ReadAll(child->errors()), "trouble\n");
  EXPECT_EQ(child->End(absl::Seconds(10)), "exit status 3");
}

TEST(ChildProcess, HearsTheEndOfItsInput) {
  const auto child = Shell("cat >/dev/null; exit 4");
  child->CloseInput();
  EXPECT_EQ(child->End(absl::Seconds(10)), "exit status 4");
}

TEST(ChildProcess, InheritsNothingElse) {
  setenv("RELAIS_TEST_SECRET", "s3cret", 1);
  const int open = dup(2);  // without close-on-exec
  const auto child = Shell("env; ls /proc/$$/fd | tr '\\n' ' '", {"PATH=/usr/bin:/bin"});
  const std::string said = ReadAll(child->output());
  close(open);
  EXPECT_EQ(said.find("s3cret"), std::string::npos);
  EXPECT_NE(said.find("PATH=/usr/bin:/bin"), std::string::npos);
  EXPECT_NE(said.find("0 1 2 "), std::string::npos);
  EXPECT_EQ(said.find(" " + std::to_string(open) + " "), std::string::npos) << said;
}

TEST(ChildProcess, IsKilledWithAllThatItHasStarted) {
  auto child = Shell("sleep 600 & echo $!; trap '' TERM; cat >/dev/null; sleep 600");
  std::array<char, 32> pid{};
  ASSERT_GT(read(child->output(), pid.data(), pid.size()), 0);
  EXPECT_EQ(child->End(absl::ZeroDuration()), "signal 9");
  const int descriptor = dup(child->output());
  child.reset();
  EXPECT_EQ(ReadAll(descriptor), "") << "its own child holds the stream while it lives";
  close(descriptor);
}

TEST(ChildProcess, WritingToOneThatHasEndedIsNoSignal) {
  const auto child = Shell("exit 0");
  EXPECT_EQ(child->End(absl::Seconds(10)), "exit status 0");
  EXPECT_FALSE(child->Write("too late"));
}

TEST(ChildProcess, TellsWhatCannotBeStarted) {
  const auto child = ChildProcess::Start({"/nowhere/program"}, {});
  EXPECT_EQ(child.status().message(), "cannot start /nowhere/program: No such file or directory");
}

}  // namespace
}  // namespace relais

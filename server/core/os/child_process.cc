#include "server/core/os/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "server/core/base/clock.h"

namespace relais {
namespace {

// The end for this process, and that for the child.
struct Ends {
  int ours = -1;
  int theirs = -1;
};

// Sockets rather than pipes: what is written to one whose reader has gone is an error, not a
// signal.
bool Open(std::array<Ends, 3>& streams) {
  for (Ends& stream : streams) {
    std::array<int, 2> pair{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) return false;
    stream = {pair[0], pair[1]};
  }
  return true;
}

void Close(int descriptor) {
  if (descriptor >= 0) close(descriptor);
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// How posix_spawn has to go about it.
struct Plan {
  Plan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~Plan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

int Spawn(const std::array<Ends, 3>& streams, const std::vector<std::string>& command,
          const std::vector<std::string>& environment, pid_t& pid) {
  Plan plan;
  for (int i = 0; i < 3; ++i)
    posix_spawn_file_actions_adddup2(&plan.actions, streams[static_cast<std::size_t>(i)].theirs, i);
  posix_spawn_file_actions_addclosefrom_np(&plan.actions, 3);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setsigdefault(&plan.attributes, &all);
  posix_spawnattr_setpgroup(&plan.attributes, 0);
  posix_spawnattr_setflags(&plan.attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  return posix_spawnp(&pid, command.front().c_str(), &plan.actions, &plan.attributes,
                      Pointers(command).data(), Pointers(environment).data());
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    const std::vector<std::string>& command, const std::vector<std::string>& environment) {
  std::array<Ends, 3> streams;
  pid_t pid = -1;
  const int error = Open(streams) ? Spawn(streams, command, environment, pid) : errno;
  for (const Ends& stream : streams) Close(stream.theirs);
  if (error != 0) {
    for (const Ends& stream : streams) Close(stream.ours);
    return absl::UnavailableError(
        absl::StrCat("cannot start ", command.front(), ": ", std::strerror(error)));
  }
  return std::unique_ptr<ChildProcess>(
      new ChildProcess(pid, streams[0].ours, streams[1].ours, streams[2].ours));
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) End(absl::ZeroDuration());
  CloseInput();
  Close(output_);
  Close(errors_);
}

bool ChildProcess::Write(absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = send(input_, text.data(), text.size(), MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void ChildProcess::CloseInput() {
  Close(input_);
  input_ = -1;
}

std::string ChildProcess::End(absl::Duration patience) {
  const absl::Time limit = SteadyNow() + patience;
  std::array<char, 1024> ignored{};
  while (true) {
    pollfd polled = {.fd = output_, .events = POLLIN, .revents = 0};
    const auto wait = absl::ToInt64Milliseconds(limit - SteadyNow());
    if (wait <= 0 || poll(&polled, 1, static_cast<int>(wait)) == 0) break;
    if (polled.revents != 0 && read(output_, ignored.data(), ignored.size()) <= 0) break;
  }
  kill(-pid_, SIGKILL);  // the child itself may have ended; then this is for what it has left
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFSIGNALED(status) ? absl::StrCat("signal ", WTERMSIG(status))
                             : absl::StrCat("exit status ", WEXITSTATUS(status));
}

}  // namespace relais

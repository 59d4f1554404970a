#include "server/core/os/init_process.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace relais {
namespace {

constexpr int kCannotRun = 126;  // as shells have it

int ExitCodeOf(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

int RunBelowInit(char** arguments) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &before);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  const int error = posix_spawn(&child, "/proc/self/exe", nullptr, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    std::fprintf(stderr, "%s: cannot run: %s\n", arguments[0], std::strerror(error));
    return kCannotRun;
  }
  return SuperviseAsInit(child);
}

int SuperviseAsInit(pid_t child) {
  sigset_t all;
  sigfillset(&all);
  while (true) {
    siginfo_t signal{};
    if (sigwaitinfo(&all, &signal) < 0) continue;
    // What comes from the terminal has gone to the child as well.
    if (signal.si_signo != SIGCHLD && signal.si_code != SI_KERNEL) kill(child, signal.si_signo);
    int status = 0;
    for (pid_t ended = 0; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended == child) return ExitCodeOf(status);
    }
  }
}

}  // namespace relais

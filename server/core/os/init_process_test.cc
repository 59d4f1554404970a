#include "server/core/os/init_process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace relais {
namespace {

// Runs a shell's script below a process that gets its orphans, which ends with 100 when one of them
// is left and else as SuperviseAsInit says; `signal` is sent to that process, 0: none.
int Supervised(const std::string& script, int signal = 0) {
  int ready[2];
  EXPECT_EQ(pipe(ready), 0);
  const pid_t init = fork();
  if (init == 0) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    const pid_t child = fork();
    if (child == 0) {
      sigprocmask(SIG_SETMASK, &before, nullptr);
      dup2(ready[1], STDOUT_FILENO);
      execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
      _exit(99);
    }
    const int code = SuperviseAsInit(child);
    const bool none_left = waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD;
    _exit(none_left ? code : 100);
  }
  close(ready[1]);
  char byte = 0;
  EXPECT_EQ(read(ready[0], &byte, 1), 1) << "the script begins by writing a line";
  close(ready[0]);
  if (signal != 0) kill(init, signal);
  int status = 0;
  EXPECT_EQ(waitpid(init, &status, 0), init);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(InitProcess, EndsAsItsChildDoes) {
  EXPECT_EQ(Supervised("echo; exit 7"), 7);
  EXPECT_EQ(Supervised("echo; kill -9 $$"), 128 + SIGKILL);
}

TEST(InitProcess, WaitsForOrphansThatEnd) {
  // The orphan has ended before the child does: a pipe tells.
  EXPECT_EQ(Supervised("echo; (sh -c 'exit 3' & echo $!) | { read p; "
                       "while kill -0 $p 2>/dev/null; do :; done; exit 5; }"),
            5);
}

TEST(InitProcess, HandsSignalsOn) {
  EXPECT_EQ(Supervised("trap 'exit 8' TERM; echo; while :; do :; done", SIGTERM), 8);
}

}  // namespace
}  // namespace relais

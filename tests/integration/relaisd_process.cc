#include "tests/integration/relaisd_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

extern char** environ;

namespace relais::integration {
namespace {

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  std::abort();
}

// Null-terminated, as exec wants it; points into `texts`.
std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentWith(const std::map<std::string, std::string>& added) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    if (variable.substr(0, 7) != "RELAIS_") variables.emplace_back(variable);
  }
  for (const auto& [name, value] : added) variables.push_back(name + "=" + value);
  return variables;
}

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) Die("pipe2");
  }
  std::array<int, 2> ends{};  // to read, to write
};

}  // namespace

RelaisdProcess::RelaisdProcess(const std::vector<std::string>& arguments,
                               const std::map<std::string, std::string>& environment,
                               const std::string& limits) {
  const char* const binary = std::getenv("RELAISD");
  if (binary == nullptr) Die("the environment variable RELAISD");
  std::vector<std::string> words = {binary};
  if (!limits.empty())
    words = {"/bin/sh", "-c", "ulimit " + limits + " && exec \"$0\" \"$@\"", binary};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = EnvironmentWith(environment);
  const Pipe out;
  const Pipe err;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.ends[1], STDERR_FILENO);
  if (posix_spawn(&pid_, words.front().c_str(), &actions, nullptr, Pointers(words).data(),
                  Pointers(variables).data()) != 0) {
    Die(binary);
  }
  posix_spawn_file_actions_destroy(&actions);
  close(out.ends[1]);
  close(err.ends[1]);
  out_.reader = std::thread([this, fd = out.ends[0]] { ReadAll(fd, out_); });
  err_.reader = std::thread([this, fd = err.ends[0]] { ReadAll(fd, err_); });
}

RelaisdProcess::~RelaisdProcess() {
  if (ended_) return;
  Signal(SIGKILL);
  Wait();
}

void RelaisdProcess::Signal(int signal) const { kill(pid_, signal); }

int RelaisdProcess::Wait() {
  if (ended_) return exit_code_;
  {
    // Its output ends when it does.
    std::unique_lock lock(mu_);
    const auto closed = [this] { return out_.closed && err_.closed; };
    if (!more_.wait_for(lock, std::chrono::seconds(60), closed)) kill(pid_, SIGKILL);
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  out_.reader.join();
  err_.reader.join();
  ended_ = true;
  if (WIFEXITED(status)) exit_code_ = WEXITSTATUS(status);
  return exit_code_;
}

void RelaisdProcess::ReadAll(int descriptor, Stream& stream) {
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t size = read(descriptor, buffer.data(), buffer.size());
    const std::lock_guard lock(mu_);
    if (size > 0) stream.text.append(buffer.data(), static_cast<std::size_t>(size));
    stream.closed = size <= 0;
    more_.notify_all();
    if (stream.closed) break;
  }
  close(descriptor);
}

bool RelaisdProcess::Await(Stream& stream, std::string_view text) {
  std::unique_lock lock(mu_);
  const auto seen = [&] { return stream.text.find(text) != std::string::npos; };
  more_.wait_for(lock, std::chrono::seconds(60), [&] { return seen() || stream.closed; });
  return seen();
}

std::string RelaisdProcess::TextOf(const Stream& stream) const {
  const std::lock_guard lock(mu_);
  return stream.text;
}

std::string RelaisdProcess::Proc(const std::string& file) const {
  std::ifstream stream("/proc/" + std::to_string(pid_) + "/" + file);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

bool RelaisdProcess::ProcBelongsToRoot() const {
  struct stat status {};
  return stat(("/proc/" + std::to_string(pid_) + "/environ").c_str(), &status) == 0 &&
         status.st_uid == 0;
}

std::int64_t RelaisdProcess::ResidentBytes() const {
  std::istringstream status(Proc("status"));
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::stoll(line.substr(6)) * 1024;
  }
  return -1;
}

}  // namespace relais::integration

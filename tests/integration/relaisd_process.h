// The relaisd binary as a child process, its output read as it comes.

#ifndef RELAIS_TESTS_INTEGRATION_RELAISD_PROCESS_H_
#define RELAIS_TESTS_INTEGRATION_RELAISD_PROCESS_H_

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace relais::integration {

class RelaisdProcess {
 public:
  // Starts the binary that the environment variable RELAISD names. `environment` is added to that
  // of this process, from which RELAIS_… is removed. `limits` are options of the shell's ulimit.
  explicit RelaisdProcess(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment = {},
                          const std::string& limits = "");
  ~RelaisdProcess();  // kills it if it still runs
  RelaisdProcess(const RelaisdProcess&) = delete;
  RelaisdProcess& operator=(const RelaisdProcess&) = delete;

  void Signal(int signal) const;
  // Waits for its end, at most 60 s; the exit code, or -1 when it was killed or did not end.
  int Wait();

  // What /proc says of it in that file.
  std::string Proc(const std::string& file) const;
  // Whether that is hidden from its own user, because it is not dumpable.
  bool ProcBelongsToRoot() const;
  // Memory that it occupies now, in bytes.
  std::int64_t ResidentBytes() const;

  // Blocks until the text is on standard output or error; false: it ended without.
  bool AwaitOut(std::string_view text) { return Await(out_, text); }
  bool AwaitErr(std::string_view text) { return Await(err_, text); }
  // What was written so far; all of it after Wait.
  std::string Out() const { return TextOf(out_); }
  std::string Err() const { return TextOf(err_); }

 private:
  struct Stream {
    std::string text;     // under mu_
    bool closed = false;  // under mu_
    std::thread reader;
  };

  void ReadAll(int descriptor, Stream& stream);
  bool Await(Stream& stream, std::string_view text);
  std::string TextOf(const Stream& stream) const;

  pid_t pid_ = -1;
  bool ended_ = false;
  int exit_code_ = -1;
  mutable std::mutex mu_;
  std::condition_variable more_;
  Stream out_;
  Stream err_;
};

}  // namespace relais::integration

#endif  // RELAIS_TESTS_INTEGRATION_RELAISD_PROCESS_H_

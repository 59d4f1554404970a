#include "server/services/campaign/bridge/bridge.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/clock.h"
#include "server/core/base/error.h"
#include "server/core/base/log/log.h"
#include "server/core/net/stop_event.h"
#include "server/core/net/tcp_dialer.h"

namespace relais::campaign {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(2);  // from the end of its input to its own
constexpr std::size_t kLongestLine = 500;
constexpr char kReady[] = "ready\n";

// What the program and the vendor's library may need; the gateway's own secrets are not among it.
constexpr std::array kPassedOn = {
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "PYTHONPATH",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
};

std::vector<std::string> Environment() {
  std::vector<std::string> environment = {"PYTHONDONTWRITEBYTECODE=1"};
  for (const char* name : kPassedOn) {
    if (const char* value = std::getenv(name))
      environment.push_back(absl::StrCat(name, "=", value));
  }
  return environment;
}

// What is there; false: the end.
bool ReadSome(int descriptor, std::string& text) {
  std::array<char, 4096> bytes{};
  const ssize_t got = read(descriptor, bytes.data(), bytes.size());
  if (got <= 0) return false;
  text.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

void LogLines(const std::string& name, std::string& text) {
  std::size_t end = 0;
  while ((end = text.find('\n')) != std::string::npos || text.size() > kLongestLine) {
    end = std::min(end, kLongestLine);
    Log(LogLevel::kInfo, "bridge", {{"connection", name}, {"says", text.substr(0, end)}});
    text.erase(0, text[end] == '\n' ? end + 1 : end);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Bridge>> Bridge::Start(BridgeOptions options) {
  constexpr std::size_t kLongestSocket = 107;
  std::error_code error;
  std::string folder = (std::filesystem::temp_directory_path(error) / "relais-XXXXXX").string();
  if (error || mkdtemp(folder.data()) == nullptr)  // for its owner alone
    return absl::InvalidArgumentError("cannot make a folder for the bridge's socket, see TMPDIR");
  std::unique_ptr<Bridge> bridge(new Bridge(std::move(options), std::move(folder)));
  if (bridge->socket().size() > kLongestSocket)
    return absl::InvalidArgumentError("TMPDIR is too long for the bridge's socket");
  bridge->thread_ =
      std::jthread([raw = bridge.get()](const std::stop_token& stop) { raw->Run(stop); });
  return bridge;
}

Bridge::Bridge(BridgeOptions options, std::string folder)
    : options_(std::move(options)), folder_(std::move(folder)) {}

Bridge::~Bridge() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

absl::Status Bridge::AwaitReady(const CallContext& context, absl::Duration timeout) {
  const absl::Time limit = std::min(SteadyNow() + timeout, context.deadline());
  std::unique_lock lock(mu_);
  if (changed_.wait_until(lock, context.stop(), absl::ToChronoTime(limit),
                          [this] { return ready_; }))
    return absl::OkStatus();
  if (absl::Status ended = context.Check(SteadyNow()); !ended.ok()) return ended;
  return Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
         << "The bridge to the vendor's library is not ready; the gateway's log tells why.";
}

void Bridge::SetReady(bool ready) {
  {
    const std::lock_guard lock(mu_);
    ready_ = ready;
  }
  changed_.notify_all();
}

void Bridge::Run(const std::stop_token& stop) {
  std::optional<Backoff> backoff(options_.restart);
  while (!stop.stop_requested()) {
    const absl::Time started = SteadyNow();
    if (RunOnce(stop)) backoff.emplace(options_.restart);
    // Never more often than once in half of the first wait.
    const absl::Time next =
        std::max(SteadyNow() + backoff->Next(), started + options_.restart.first / 2);
    std::unique_lock lock(mu_);
    changed_.wait_until(lock, stop, absl::ToChronoTime(next), [] { return false; });
  }
}

bool Bridge::RunOnce(const std::stop_token& stop) {
  std::error_code ignored;
  std::filesystem::remove(socket(), ignored);
  std::vector<std::string> command = options_.command;
  command.insert(command.end(), {"--socket", socket()});
  const auto child = ChildProcess::Start(command, Environment());
  if (!child.ok()) {
    Log(LogLevel::kError, "bridge not started",
        {{"connection", options_.name}, {"cause", std::string(child.status().message())}});
    return false;
  }
  bool ready = (*child)->Write(absl::StrCat(options_.settings.Reveal(), "\n"));
  ready = ready && Attend(**child, stop);
  SetReady(false);
  (void)(*child)->Write("end\n");  // it need not tidy up for us
  (*child)->CloseInput();
  const std::string end = (*child)->End(ready ? kGrace : absl::ZeroDuration());
  if (!stop.stop_requested()) {
    Log(LogLevel::kWarning, ready ? "bridge ended" : "bridge did not get ready",
        {{"connection", options_.name}, {"end", end}});
  }
  return ready;
}

// Until the child ends, or has to. True: it has been ready.
bool Bridge::Attend(ChildProcess& child, const std::stop_token& stop) {
  const absl::Time limit = SteadyNow() + options_.patience;
  const StopEvent stopped(stop);
  std::string said;
  std::string lines;
  bool ready = false;
  std::array<pollfd, 3> polled = {{{.fd = child.output(), .events = POLLIN, .revents = 0},
                                   {.fd = child.errors(), .events = POLLIN, .revents = 0},
                                   {.fd = stopped.descriptor(), .events = POLLIN, .revents = 0}}};
  while (!stop.stop_requested()) {
    const auto left = absl::ToInt64Milliseconds(limit - SteadyNow());
    if (!ready && left <= 0) break;
    if (poll(polled.data(), polled.size(), ready ? -1 : static_cast<int>(left)) < 0 &&
        errno != EINTR)
      break;
    if (polled[1].revents != 0) {
      if (!ReadSome(child.errors(), lines)) polled[1].fd = -1;
      LogLines(options_.name, lines);
    }
    if (polled[0].revents != 0) {
      if (!ReadSome(child.output(), said)) break;
      if (!ready && said == kReady) {
        Log(LogLevel::kInfo, "bridge ready", {{"connection", options_.name}});
        SetReady(ready = true);
      }
      if (said.size() > sizeof kReady) said.clear();  // whatever it is
    }
  }
  return ready;
}

BridgeDialer::BridgeDialer(Bridge& bridge)
    : bridge_(bridge),
      dialer_(std::make_unique<TcpDialer>(
          TcpOptions{.host = "localhost", .port = 1, .unix_socket = bridge.socket()})) {}

absl::StatusOr<std::unique_ptr<ByteStream>> BridgeDialer::Dial(const CallContext& context,
                                                               absl::Duration timeout) {
  const absl::Time limit = SteadyNow() + timeout;
  if (absl::Status ready = bridge_.AwaitReady(context, timeout); !ready.ok()) return ready;
  return dialer_->Dial(context, std::max(limit - SteadyNow(), absl::Milliseconds(1)));
}

}  // namespace relais::campaign

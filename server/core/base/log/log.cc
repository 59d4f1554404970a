#include "server/core/base/log/log.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/core/base/clock.h"
#include "server/core/base/text/view.h"
#include "spdlog/async.h"
#include "spdlog/sinks/base_sink.h"
#include "spdlog/spdlog.h"

namespace relais {
namespace {

LogFormat current_format = LogFormat::kText;  // written once by ConfigureLog, before threads start

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

// Writes to standard error and counts.
class ErrorSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::uint64_t written() const { return written_.load(std::memory_order_acquire); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line(message.payload.data(), message.payload.size());
    line.push_back('\n');
    std::string_view left = line;
    while (!left.empty()) {
      const ssize_t count = write(STDERR_FILENO, left.data(), left.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) break;  // nobody will ever read it
      left.remove_prefix(static_cast<std::size_t>(count));
    }
    written_.fetch_add(1, std::memory_order_release);
  }
  void flush_() override {}

 private:
  std::atomic<std::uint64_t> written_ = 0;
};

// The log of the process. Never destroyed: its thread may be waiting for a reader that has gone.
struct Writer {
  static constexpr std::size_t kMostLines = 512;

  Writer()
      : sink(std::make_shared<ErrorSink>()),
        pool(std::make_shared<spdlog::details::thread_pool>(kMostLines, 1)),
        logger(std::make_shared<spdlog::async_logger>(
            "relais", sink, pool, spdlog::async_overflow_policy::overrun_oldest)) {
    std::atexit(FlushLog);
  }

  static Writer& Get() {
    static Writer* const writer = new Writer;
    return *writer;
  }

  void Write(spdlog::level::level_enum level, const std::string& line) {
    posted.fetch_add(1, std::memory_order_relaxed);
    logger->log(level, spdlog::string_view_t(line));
  }

  void Flush() const {
    constexpr absl::Duration kLongest = absl::Seconds(1);
    const absl::Time limit = SteadyNow() + kLongest;
    while (sink->written() + pool->overrun_counter() < posted.load() && SteadyNow() < limit)
      absl::SleepFor(absl::Milliseconds(1));
  }

  const std::shared_ptr<ErrorSink> sink;
  const std::shared_ptr<spdlog::details::thread_pool> pool;
  const std::shared_ptr<spdlog::async_logger> logger;
  std::atomic<std::uint64_t> posted = 0;
};

// The length of the well-formed UTF-8 sequence that `text` (not empty) starts with; 0 if there is
// none.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second > 0x9f;
  const bool beyond = lead == 0xf4 && second > 0x8f;
  return overlong || surrogate || beyond ? 0 : length;
}

// Of a well-formed sequence.
unsigned CodePointOf(std::string_view sequence) {
  const std::size_t size = sequence.size();
  unsigned code =
      static_cast<unsigned char>(sequence[0]) & (size == 1 ? 0x7fU : 0xffU >> (size + 1));
  for (const char c : sequence.substr(1))
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3fU);
  return code;
}

// Whether a terminal or an editor may take the character for more than its picture: controls, line
// and paragraph separators, marks and overrides of the direction of writing.
bool Deceives(unsigned code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200e || code == 0x200f ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

// Quotes as JSON does, so that no input can forge a line; what is not UTF-8 becomes U+FFFD, so that
// every line can be read back.
void AppendQuoted(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (length == 0) {
      out.append("\\ufffd");
    } else if (byte == '"' || byte == '\\') {
      out.push_back('\\');
      out.push_back(text.front());
    } else if (const unsigned code = CodePointOf(text.substr(0, length)); Deceives(code)) {
      absl::StrAppend(&out, "\\u", absl::Hex(code, absl::kZeroPad4));
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out.push_back('"');
}

}  // namespace

void ConfigureLog(LogLevel least, LogFormat format) {
  current_format = format;
  Writer::Get().logger->set_level(ToSpdlog(least));
}

bool LogEnabled(LogLevel level) { return Writer::Get().logger->should_log(ToSpdlog(level)); }

void FlushLog() { Writer::Get().Flush(); }

std::uint64_t DroppedLogLines() { return Writer::Get().pool->overrun_counter(); }

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!LogEnabled(level)) return;
  const std::string time = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", WallNow(), absl::UTCTimeZone());
  Writer::Get().Write(ToSpdlog(level), FormatLogLine(current_format, level, time, event, fields));
}

std::string FormatLogLine(LogFormat format, LogLevel level, std::string_view time,
                          std::string_view event, std::initializer_list<LogField> fields) {
  std::string line;
  if (format == LogFormat::kText) {
    absl::StrAppend(&line, View(time), " ", View(LevelName(level)), " ", View(event));
    for (const auto& [key, value] : fields) {
      absl::StrAppend(&line, " ", View(key), "=");
      AppendQuoted(line, value);
    }
    return line;
  }
  absl::StrAppend(&line, "{\"time\":\"", View(time), "\",\"level\":\"", View(LevelName(level)),
                  "\",\"event\":");
  AppendQuoted(line, event);
  for (const auto& [key, value] : fields) {
    line.push_back(',');
    AppendQuoted(line, key);
    line.push_back(':');
    AppendQuoted(line, value);
  }
  line.push_back('}');
  return line;
}

}  // namespace relais

#include "server/core/base/log.h"

#include <algorithm>
#include <cstddef>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/core/base/view.h"
#include "spdlog/sinks/stdout_sinks.h"
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

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("relais",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

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
    } else if (byte < 0x20 || byte == 0x7f) {
      absl::StrAppend(&out, "\\u", absl::Hex(byte, absl::kZeroPad4));
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
  Logger().set_level(ToSpdlog(least));
}

bool LogEnabled(LogLevel level) { return Logger().should_log(ToSpdlog(level)); }

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!LogEnabled(level)) return;
  const std::string time =
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone());
  Logger().log(ToSpdlog(level), "{}", FormatLogLine(current_format, level, time, event, fields));
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

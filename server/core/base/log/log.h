// The gateway's log: lines with fields, as text for people or as one JSON object each. Never a
// credential, never an upstream's body.
//
//   Log(LogLevel::kInfo, "listening", {{"address", "127.0.0.1:50051"}});

#ifndef RELAIS_SERVER_CORE_BASE_LOG_LOG_H_
#define RELAIS_SERVER_CORE_BASE_LOG_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace relais {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kText, kJson };

using LogField = std::pair<std::string_view, std::string>;

// Once, at the start of the process; until then lines of kInfo and above go to standard error as
// text.
void ConfigureLog(LogLevel least, LogFormat format);

bool LogEnabled(LogLevel level);

// Thread-safe. `event` is a short constant text; values go into fields. Does not wait for whoever
// reads standard error: a thread of its own writes the lines, and when too many have piled up the
// oldest of them are dropped. At the end of the process FlushLog is called.
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

// Waits until all lines are written, a second at most.
void FlushLog();

// How many lines were dropped so far.
std::uint64_t DroppedLogLines();

// One line without its end, as Log writes it in `format`; `time` is RFC 3339.
std::string FormatLogLine(LogFormat format, LogLevel level, std::string_view time,
                          std::string_view event, std::initializer_list<LogField> fields);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_LOG_LOG_H_

// What takes its time: actions, pollings, and pieces of files.
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "server/services/campaign/codec/codec.h"
#include "server/services/campaign/codec/read.h"
#include "server/services/campaign/codec/words.h"

namespace relais::campaign {
namespace {

using json::Malformed;

constexpr std::size_t kSha256Digits = 64;

struct WireRun {
  std::optional<std::int64_t> id;
  WireText name, state, error;
  WireTexts extra;
};
constexpr json::Member<WireRun> kRun[] = {
    {"action_id", json::Into<&WireRun::id>}, {"name", json::Optional<&WireRun::name>},
    {"state", json::Into<&WireRun::state>},  {"error", json::Optional<&WireRun::error>},
    {"extra", IntoTexts<&WireRun::extra>},
};

struct WireLog {
  WireText log;
};
constexpr json::Member<WireLog> kLog[] = {{"log", json::Into<&WireLog::log>}};

struct WirePolling {
  std::optional<bool> running;
  std::optional<std::int64_t> last_id;
  WireText word;
};
constexpr json::Member<WirePolling> kPolling[] = {
    {"is_polling", json::Into<&WirePolling::running>},
    {"last_poll_id", json::Into<&WirePolling::last_id>},
    {"last_status", json::Optional<&WirePolling::word>},
};

struct WirePiece {
  WireText file_name, sha256, content;
  std::optional<std::int64_t> size;
};
constexpr json::Member<WirePiece> kPiece[] = {
    {"file_name", json::Optional<&WirePiece::file_name>},
    {"size", json::Into<&WirePiece::size>},
    {"sha256", json::Into<&WirePiece::sha256>},
    {"content", json::Into<&WirePiece::content>},
};

// A name, whatever the upstream makes of it: what stands behind the last slash of either kind.
std::string BareName(const std::string& path) {
  const std::size_t slash = path.find_last_of("/\\");
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  return name == "." || name == ".." ? "" : name;
}

}  // namespace

absl::StatusOr<v1::ActionRun> DecodeActionRun(const std::string& body, std::string_view instance) {
  WireRun wire;
  if (absl::Status status = DecodeRecord(body, kRun, wire); !status.ok()) return status;
  if (!wire.id || *wire.id <= 0) return Malformed("a run has no \"action_id\"");
  v1::ActionRun run;
  run.set_name(FormatActionRunName(instance, *wire.id));
  run.set_action(std::move(wire.name).value_or(""));
  run.set_raw_state(std::move(wire.state).value_or(""));
  run.set_state(ActionStateOf(run.raw_state()));
  run.set_ended(HasEnded(run.state()));
  run.set_succeeded(run.state() == v1::ActionRun::STATE_SUCCEEDED ||
                    run.state() == v1::ActionRun::STATE_SUCCEEDED_WITH_WARNINGS);
  run.set_error(std::move(wire.error).value_or(""));
  SetTexts(wire.extra, *run.mutable_extra());
  return run;
}

absl::StatusOr<std::string> DecodeLog(const std::string& body) {
  WireLog wire;
  if (absl::Status status = DecodeRecord(body, kLog, wire); !status.ok()) return status;
  if (!wire.log) return Malformed("it has no \"log\"");
  return *std::move(wire.log);
}

absl::StatusOr<PollingStatus> DecodePollingStatus(const std::string& body) {
  WirePolling wire;
  if (absl::Status status = DecodeRecord(body, kPolling, wire); !status.ok()) return status;
  if (!wire.running) return Malformed("it has no \"is_polling\"");
  const std::int64_t id = wire.last_id.value_or(0);
  return PollingStatus{*wire.running, id > 0 ? id : 0, std::move(wire.word).value_or("")};
}

absl::StatusOr<FilePiece> DecodeFilePiece(const std::string& body) {
  WirePiece wire;
  if (absl::Status status = DecodeRecord(body, kPiece, wire); !status.ok()) return status;
  if (!wire.size || *wire.size < 0) return Malformed("a file has no \"size\"");
  if (!wire.content) return Malformed("a file has no \"content\"");
  FilePiece piece;
  if (!absl::Base64Unescape(*wire.content, &piece.content))
    return Malformed("the content of a file is no base64");
  piece.file_name = BareName(std::move(wire.file_name).value_or(""));
  piece.size = *wire.size;
  piece.sha256 = absl::AsciiStrToLower(std::move(wire.sha256).value_or(""));
  if (!piece.sha256.empty() &&
      (piece.sha256.size() != kSha256Digits ||
       piece.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)) {
    return Malformed("the \"sha256\" of a file is none");
  }
  return piece;
}

}  // namespace relais::campaign

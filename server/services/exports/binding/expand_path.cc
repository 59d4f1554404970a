#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/core/base/error.h"
#include "server/core/base/text/view.h"
#include "server/services/exports/binding/placeholders.h"
#include "simdjson.h"

namespace relais::exports {
namespace {

constexpr std::size_t kMostOfExpandedPath = 500;
constexpr std::size_t kMostOfPathPart = 255;
constexpr std::string_view kReservedManifestEnd = ".manifest.json";

// Characters of several bytes that a value must not bring: further controls, marks that hide or
// turn text around, and what some systems take for "/", "\" or a point.
constexpr std::string_view kUnwelcomeInPaths[] = {
    "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a",
    "\u202b", "\u202c", "\u202d", "\u202e", "\u2060", "\u2066", "\u2067", "\u2068",
    "\u2069", "\ufeff", "\u2024", "\u2025", "\u2026", "\uff0e", "\u2044", "\u2215",
    "\uff0f", "\uff3c", "\u29f5", "\ufe68", "\u2216", "\ufe52"};

// U+0080 to U+009F.
bool IsLaterControl(std::string_view character) {
  return character.size() == 2 && character[0] == '\xc2' &&
         static_cast<unsigned char>(character[1]) < 0xa0;
}

bool IsUnwelcomeInPaths(std::string_view character) {
  if (character.size() == 1) {
    const auto c = static_cast<unsigned char>(character.front());
    return absl::ascii_iscntrl(c) ||
           std::string_view("/\\:*?\"<>|%").find(c) != std::string_view::npos;
  }
  return IsLaterControl(character) ||
         std::find(std::begin(kUnwelcomeInPaths), std::end(kUnwelcomeInPaths), character) !=
             std::end(kUnwelcomeInPaths);
}

// The valid character at the beginning of `text`, or, empty, none.
std::string_view FirstPathCharacter(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const std::string_view character = text.substr(0, size);
  const bool valid = simdjson::validate_utf8(character.data(), character.size());
  return valid ? character : std::string_view();
}

// What a value becomes within a path; `begins`: it is the beginning of a part.
std::string TamedForPath(std::string_view value, bool begins) {
  std::string tamed;
  for (std::size_t at = 0; at < value.size();) {
    const std::string_view character = FirstPathCharacter(value.substr(at));
    at += std::max<std::size_t>(character.size(), 1);
    if (character.empty() || IsUnwelcomeInPaths(character)) {
      tamed += '_';
    } else {
      tamed += character;
    }
  }
  if (tamed.empty()) return tamed;
  if (begins && (tamed.front() == '.' || tamed.front() == ' ')) tamed.front() = '_';
  if (tamed.back() == '.' || tamed.back() == ' ') tamed.back() = '_';
  return tamed;
}

Error RefusedPath() { return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidRequest); }

absl::Status CheckPathLiteral(std::string_view literal) {
  for (std::size_t at = 0; at < literal.size();) {
    const std::string_view character = FirstPathCharacter(literal.substr(at));
    at += std::max<std::size_t>(character.size(), 1);
    const bool refused =
        character.size() == 1
            ? character == "\\" || absl::ascii_iscntrl(static_cast<unsigned char>(character[0]))
            : IsUnwelcomeInPaths(character);
    if (refused) {
      return RefusedPath()
             << "The path has a backslash, a control character, or one that looks like "
                "another; folders are parted by \"/\".";
    }
  }
  return absl::OkStatus();
}

absl::Status CheckPathPart(std::string_view part) {
  if (part.empty()) {
    return RefusedPath() << "The path has an empty part; it begins and ends with a name, and one "
                            "\"/\" stands between two.";
  }
  if (part.front() == '.') {
    return RefusedPath() << "A part of the path begins with a point; such names are reserved.";
  }
  if (part.front() == ' ' || part.back() == ' ' || part.back() == '.') {
    return RefusedPath() << "A part of the path begins or ends with a space, or ends with a point.";
  }
  if (absl::EndsWithIgnoreCase(View(part), View(kReservedManifestEnd))) {
    return RefusedPath() << "A part of the path ends with \"" << kReservedManifestEnd
                         << "\"; such names are those of manifests.";
  }
  if (part.size() > kMostOfPathPart) {
    return RefusedPath() << "A part of the path has " << part.size() << " bytes; "
                         << kMostOfPathPart << " are allowed.";
  }
  return absl::OkStatus();
}

absl::Status CheckExpandedPath(std::string_view path) {
  if (path.size() > kMostOfExpandedPath) {
    return RefusedPath() << "The path has " << path.size() << " bytes; " << kMostOfExpandedPath
                         << " are allowed.";
  }
  if (path.size() >= 2 && path[1] == ':' &&
      absl::ascii_isalpha(static_cast<unsigned char>(path[0]))) {
    return RefusedPath() << "The path begins with a drive; it must be relative.";
  }
  for (const absl::string_view part : absl::StrSplit(View(path), '/')) {
    if (absl::Status status = CheckPathPart(ToView(part)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ExpandPath(std::string_view text, const PlaceholderValues& values) {
  const auto pieces = ExpandPieces(text, values);
  if (!pieces.ok()) return pieces.status();
  std::string path;
  for (const ExpandedPiece& piece : *pieces) {
    if (piece.literal) {
      if (absl::Status status = CheckPathLiteral(piece.text); !status.ok()) return status;
      path += piece.text;
    } else {
      path += TamedForPath(piece.text, path.empty() || path.back() == '/');
    }
  }
  if (absl::Status status = CheckExpandedPath(path); !status.ok()) return status;
  return path;
}

}  // namespace relais::exports

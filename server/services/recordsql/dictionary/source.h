// The lexical layer under the dictionary language and the data dictionary: text in any of the
// encodings these files come in, cut into sections (a <Tag attr=value> and the tokens that follow
// it).
//
// Errors here are INVALID_ARGUMENT "LINE: what is wrong"; callers prefix the file (see InFile).

#ifndef RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_SOURCE_H_
#define RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_SOURCE_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace relais::recordsql {

enum class TokenKind { kWord, kNumber, kString, kLabel, kSymbol };

struct Token {
  TokenKind kind = TokenKind::kSymbol;
  std::string text;  // as written; quotes removed and doubled quotes undone for kString and kLabel
  int line = 0;
  bool starts_line = false;

  bool IsWord(std::string_view word) const;  // case-insensitive
  bool IsSymbol(std::string_view symbol) const {
    return kind == TokenKind::kSymbol && text == symbol;
  }
};

struct Attribute {
  std::string name;
  std::string value;  // empty for a bare name such as NoActivate
};

struct Section {
  std::string tag;  // as written, without brackets
  std::vector<Attribute> attributes;
  std::vector<Token> tokens;
  int line = 0;

  const Attribute* Find(std::string_view name) const;
  std::string Value(std::string_view name) const;  // empty when absent
};

// The text as UTF-8: kept when it already is, else read as ISO-8859-1.
std::string ToUtf8(std::string_view text);

// Cuts a whole file. Closing tags are accepted and dropped. Refuses files above 8 MiB.
absl::StatusOr<std::vector<Section>> ReadSections(std::string_view text);

// Appends the tokens of one line. In a file `;` outside quotes starts a comment; in a condition
// that comes from elsewhere it is refused.
enum class Semicolon { kComment, kRefused };
absl::Status LexLine(std::string_view line, int number, Semicolon semicolon,
                     std::vector<Token>& tokens);

// Joins pieces of text: absl::StrCat does not take std::string_view where Abseil keeps its own.
std::string Concat(std::initializer_list<std::string_view> parts);

absl::Status LineError(int line, std::string_view message);
absl::Status InFile(std::string_view file, const absl::Status& status);

}  // namespace relais::recordsql

#endif  // RELAIS_SERVER_SERVICES_RECORDSQL_DICTIONARY_SOURCE_H_

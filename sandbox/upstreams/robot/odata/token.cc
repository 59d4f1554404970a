#include "sandbox/upstreams/robot/odata/token.h"

#include <cctype>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace relais::sandbox::robot {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// What may stand in a name, a number, a date or a GUID.
bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || byte >= 0x80 || c == '_' || c == '.' || c == '/' || c == '-' ||
         c == ':' || c == '+' || c == '@' || c == '$';
}

// The text between quotes; a doubled quote is one.
std::string TakeText(std::string_view& rest) {
  std::string text;
  rest.remove_prefix(1);
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c != '\'') {
      text.push_back(c);
    } else if (!rest.empty() && rest.front() == '\'') {
      text.push_back('\'');
      rest.remove_prefix(1);
    } else {
      return text;
    }
  }
  throw ODataError("There is an unterminated string literal in the filter.");
}

bool ReadNumber(const std::string& word, Value& value) {
  std::string digits = word;
  if (digits.back() == 'L' || digits.back() == 'l') digits.pop_back();
  std::int64_t whole = 0;
  if (absl::SimpleAtoi(digits, &whole)) {
    value = whole;
    return true;
  }
  double real = 0;
  if (!absl::SimpleAtod(word, &real)) return false;
  value = real;
  return true;
}

Token TokenOf(std::string word) {
  Token token{.kind = Token::Kind::kLiteral};
  const auto first = static_cast<unsigned char>(word.front());
  absl::Time time;
  if (word == "null") {
    token.value = Null();
  } else if (word == "true" || word == "false") {
    token.value = word == "true";
  } else if (IsGuid(word)) {
    token.value = Guid{absl::AsciiStrToLower(word)};
  } else if (ParseDateTime(word, time)) {
    token.value = time;
  } else if (std::isalpha(first) != 0 || first == '_' || first == '$') {
    token.kind = Token::Kind::kWord;
    token.word = std::move(word);
  } else if (!ReadNumber(word, token.value)) {
    throw ODataError(absl::StrCat("Syntax error: '", word, "' is neither a name nor a literal."));
  }
  return token;
}

// A literal behind its type: an enumeration's with its namespace, or one of OData 3.
Token TypedLiteral(const std::string& type, std::string text) {
  Token token{.kind = Token::Kind::kLiteral};
  absl::Time time;
  if (type == "guid" && IsGuid(text)) {
    token.value = Guid{absl::AsciiStrToLower(text)};
  } else if (type == "datetime" && ParseDateTime(text, time)) {
    token.value = time;
  } else if (absl::StartsWith(type, "UiPath.") || absl::StartsWith(type, "System.")) {
    token.value = std::move(text);
  } else {
    throw ODataError(
        absl::StrCat("Syntax error: '", text, "' is no literal of type '", type, "'."));
  }
  return token;
}

}  // namespace

bool IsGuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0)
      return false;
  }
  return true;
}

bool ParseDateTime(std::string_view text, absl::Time& out) {
  if (text.size() < 16 || text[4] != '-' || text[10] != 'T') return false;
  std::string problem;
  return absl::ParseTime(absl::RFC3339_full, std::string(text), &out, &problem);
}

Token NextToken(std::string_view& rest) {
  while (!rest.empty() && IsBlank(rest.front())) rest.remove_prefix(1);
  if (rest.empty()) return {};
  const char first = rest.front();
  if (first == '\'') return {.kind = Token::Kind::kLiteral, .value = TakeText(rest)};
  const auto take = [&rest](Token::Kind kind) {
    rest.remove_prefix(1);
    return Token{.kind = kind};
  };
  if (first == '(') return take(Token::Kind::kOpen);
  if (first == ')') return take(Token::Kind::kClose);
  if (first == ',') return take(Token::Kind::kComma);
  std::size_t size = 0;
  while (size < rest.size() && IsWordByte(rest[size])) ++size;
  if (size == 0) {
    throw ODataError(absl::StrCat("Syntax error: the character '", std::string(1, first),
                                  "' is not valid in the filter."));
  }
  std::string word(rest.substr(0, size));
  rest.remove_prefix(size);
  if (!rest.empty() && rest.front() == '\'') return TypedLiteral(word, TakeText(rest));
  return TokenOf(std::move(word));
}

}  // namespace relais::sandbox::robot

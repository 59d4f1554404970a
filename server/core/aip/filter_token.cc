#include "server/core/aip/filter_token.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"

namespace relais {
namespace {

using Kind = FilterToken::Kind;

bool IsInWord(char c) {
  return absl::ascii_isalnum(c) || c == '_' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

bool IsInValue(char c) {
  return IsInWord(c) || std::string_view(":-+*/@").find(c) != std::string_view::npos;
}

std::size_t RunLength(std::string_view text, bool (*is_in)(char)) {
  return std::find_if_not(text.begin(), text.end(), is_in) - text.begin();
}

std::optional<char> Unescape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '\\':
    case '"':
    case '\'':
      return c;
    default:
      return std::nullopt;
  }
}

std::size_t SizeOfCharacter(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return size;
}

}  // namespace

FilterToken FilterLexer::Next() {
  FilterToken token = Begin();
  const std::string_view rest = text_.substr(at_);
  if (rest.empty()) return token;
  switch (rest[0]) {
    case '(':
      return Take(token, Kind::kOpen, 1);
    case ')':
      return Take(token, Kind::kClose, 1);
    case '-':
      return Take(token, Kind::kMinus, 1);
    case '=':
    case ':':
      return Take(token, Kind::kComparator, 1);
    case '<':
    case '>':
      return Take(token, Kind::kComparator, rest.substr(1, 1) == "=" ? 2 : 1);
    case '!':
      if (rest.substr(1, 1) == "=") return Take(token, Kind::kComparator, 2);
      return Take(token, Kind::kOther, 1);
    case '"':
    case '\'':
      return Quoted(token);
    default:
      break;
  }
  if (const std::size_t size = RunLength(rest, IsInWord); size > 0) {
    return Take(token, Kind::kWord, size);
  }
  return Take(token, Kind::kOther, 1);
}

FilterToken FilterLexer::NextValue() {
  FilterToken token = Begin();
  const std::string_view rest = text_.substr(at_);
  if (const std::size_t size = RunLength(rest, IsInValue); size > 0) {
    return Take(token, Kind::kWord, size);
  }
  return Next();
}

FilterToken FilterLexer::Begin() {
  while (at_ < text_.size() && absl::ascii_isspace(text_[at_])) {
    ++at_;
    ++characters_;
  }
  return {.position = characters_ + 1};
}

FilterToken FilterLexer::Take(FilterToken token, Kind kind, std::size_t size) {
  token.kind = kind;
  token.text = text_.substr(at_, size);
  for (const std::size_t end = at_ + size; at_ < end; ++characters_) {
    at_ += SizeOfCharacter(text_.substr(at_));
  }
  return token;
}

FilterToken FilterLexer::Quoted(FilterToken token) {
  const std::string_view rest = text_.substr(at_);
  std::string content;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == rest[0]) {
      token = Take(token, Kind::kQuoted, i + 1);
      token.text = std::move(content);
      return token;
    }
    if (rest[i] != '\\') {
      content += rest[i];
      continue;
    }
    const std::optional<char> meant = ++i < rest.size() ? Unescape(rest[i]) : std::nullopt;
    if (!meant) {
      token = Take(token, Kind::kOther, 1);
      token.problem = R"(has a "\" in quotes that is not followed by one of \ " ' n r t)";
      return token;
    }
    content += *meant;
  }
  token = Take(token, Kind::kOther, 1);
  token.problem = "opens a quote that is not closed";
  return token;
}

}  // namespace relais

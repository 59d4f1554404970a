#include "server/services/recordsql/dictionary/source.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/services/recordsql/dictionary/dictionary.h"

namespace relais::recordsql {
namespace {

constexpr size_t kMaxFileBytes = 8 << 20;

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }

// Bytes above ASCII are letters here: names in these files carry accents.
bool IsWordByte(char c) {
  return IsLetter(c) || IsDigit(c) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

// The length of the UTF-8 sequence starting at `i`, 0 when malformed.
size_t Utf8Length(std::string_view text, size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || i + length > text.size()) return 0;
  for (size_t k = 1; k < length; ++k) {
    if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return 0;
  }
  const auto second = static_cast<unsigned char>(text[i + 1]);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = Utf8Length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

// Reads lines and tags from one text, keeping the line number.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  absl::StatusOr<std::vector<Section>> Read() {
    while (pos_ < text_.size()) {
      absl::Status status = AtTag() ? ReadTag() : ReadContent();
      if (!status.ok()) return status;
    }
    return std::move(sections_);
  }

 private:
  // A tag is the first thing on its line, or follows another tag; elsewhere `<` is an operator.
  bool AtTag() {
    while (pos_ < text_.size() && IsBlank(text_[pos_])) ++pos_;
    if (pos_ + 1 >= text_.size() || text_[pos_] != '<') return false;
    return IsLetter(text_[pos_ + 1]) || text_[pos_ + 1] == '/';
  }

  absl::Status ReadContent() {
    size_t end = text_.find('\n', pos_);
    if (end == std::string_view::npos) end = text_.size();
    std::string_view line = text_.substr(pos_, end - pos_);
    while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const int number = line_;
    pos_ = end < text_.size() ? end + 1 : end;
    ++line_;
    std::vector<Token> outside;
    std::vector<Token>& tokens = sections_.empty() ? outside : sections_.back().tokens;
    if (absl::Status status = LexLine(line, number, Semicolon::kComment, tokens); !status.ok())
      return status;
    if (!outside.empty()) {
      return LineError(number, Concat({"'", outside[0].text, "' stands before the first tag"}));
    }
    return absl::OkStatus();
  }

  absl::Status ReadTag() {
    Section section;
    section.line = line_;
    ++pos_;
    const bool closing = text_[pos_] == '/';
    if (closing) ++pos_;
    section.tag = Word();
    if (section.tag.empty()) return LineError(line_, "a tag needs a name");
    for (;;) {
      SkipBlanks();
      if (pos_ >= text_.size()) {
        return LineError(section.line, Concat({"<", section.tag, "> is never closed by '>'"}));
      }
      if (text_[pos_] == '>') break;
      if (absl::Status status = ReadAttribute(section); !status.ok()) return status;
    }
    ++pos_;
    if (!closing) sections_.push_back(std::move(section));
    return absl::OkStatus();
  }

  absl::Status ReadAttribute(Section& section) {
    Attribute attribute;
    attribute.name = Word();
    if (attribute.name.empty()) {
      return LineError(line_, Concat({"unexpected character in <", section.tag, ">"}));
    }
    SkipBlanks();
    if (pos_ < text_.size() && text_[pos_] == '=') {
      ++pos_;
      SkipBlanks();
      std::optional<std::string> value = Value();
      if (!value) {
        return LineError(line_, Concat({"the value of ", attribute.name, " is not closed"}));
      }
      attribute.value = *std::move(value);
    }
    section.attributes.push_back(std::move(attribute));
    return absl::OkStatus();
  }

  std::optional<std::string> Value() {
    if (pos_ >= text_.size()) return std::nullopt;
    const char quote = text_[pos_];
    if (quote == '"' || quote == '\'') {
      const size_t end = text_.find(quote, pos_ + 1);
      if (end == std::string_view::npos) return std::nullopt;
      std::string value(text_.substr(pos_ + 1, end - pos_ - 1));
      line_ += static_cast<int>(std::count(value.begin(), value.end(), '\n'));
      pos_ = end + 1;
      return value;
    }
    const size_t start = pos_;
    while (pos_ < text_.size() && !IsBlank(text_[pos_]) && text_[pos_] != '>' &&
           text_[pos_] != '\r' && text_[pos_] != '\n') {
      ++pos_;
    }
    return std::string(text_.substr(start, pos_ - start));
  }

  std::string Word() {
    const size_t start = pos_;
    while (pos_ < text_.size() && IsWordByte(text_[pos_])) ++pos_;
    return std::string(text_.substr(start, pos_ - start));
  }

  void SkipBlanks() {
    while (pos_ < text_.size() &&
           (IsBlank(text_[pos_]) || text_[pos_] == '\r' || text_[pos_] == '\n')) {
      if (text_[pos_] == '\n') ++line_;
      ++pos_;
    }
  }

  std::string_view text_;
  size_t pos_ = 0;
  int line_ = 1;
  std::vector<Section> sections_;
};

// The end of a quoted text starting at `start`, doubled quotes undone into `out`.
std::optional<size_t> Unquote(std::string_view line, size_t start, std::string& out) {
  const char quote = line[start];
  for (size_t i = start + 1; i < line.size(); ++i) {
    if (line[i] != quote) {
      out.push_back(line[i]);
    } else if (i + 1 < line.size() && line[i + 1] == quote) {
      out.push_back(quote);
      ++i;
    } else {
      return i + 1;
    }
  }
  return std::nullopt;
}

size_t NumberEnd(std::string_view line, size_t i) {
  while (i < line.size() && IsDigit(line[i])) ++i;
  if (i + 1 < line.size() && line[i] == '.' && IsDigit(line[i + 1])) {
    ++i;
    while (i < line.size() && IsDigit(line[i])) ++i;
  }
  return i;
}

size_t WordEnd(std::string_view line, size_t i) {
  while (i < line.size() && IsWordByte(line[i])) ++i;
  return i;
}

size_t SymbolLength(std::string_view line, size_t i) {
  const std::string_view two = line.substr(i, 2);
  if (two == "<>" || two == "!=" || two == "<=" || two == ">=") return 2;
  return std::string_view(".,()=<>*+-/:").find(line[i]) == std::string_view::npos ? 0 : 1;
}

}  // namespace

bool Token::IsWord(std::string_view word) const {
  return kind == TokenKind::kWord && SameName(text, word);
}

const Attribute* Section::Find(std::string_view name) const {
  for (const Attribute& attribute : attributes) {
    if (SameName(attribute.name, name)) return &attribute;
  }
  return nullptr;
}

std::string Section::Value(std::string_view name) const {
  const Attribute* attribute = Find(name);
  return attribute == nullptr ? std::string() : attribute->value;
}

std::string ToUtf8(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (IsUtf8(text)) return std::string(text);
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xC0 | (byte >> 6)));
      out.push_back(static_cast<char>(0x80 | (byte & 0x3F)));
    }
  }
  return out;
}

absl::Status LexLine(std::string_view line, int number, Semicolon semicolon,
                     std::vector<Token>& tokens) {
  const size_t first = tokens.size();
  for (size_t i = 0; i < line.size();) {
    const char c = line[i];
    if (c == ';' && semicolon == Semicolon::kComment) break;
    if (IsBlank(c) || c == '\r' || c == '\n') {
      ++i;
      continue;
    }
    Token token{TokenKind::kSymbol, "", number, tokens.size() == first};
    size_t end = i;
    if (c == '\'' || c == '"') {
      token.kind = c == '"' ? TokenKind::kLabel : TokenKind::kString;
      const std::optional<size_t> close = Unquote(line, i, token.text);
      if (!close) return LineError(number, Concat({"a quote ", line.substr(i, 1), " is open"}));
      end = *close;
    } else {
      const size_t number_end = IsDigit(c) ? NumberEnd(line, i) : i;
      const size_t word_end = WordEnd(line, i);
      const bool is_number = number_end > i && number_end >= word_end;
      token.kind = is_number      ? TokenKind::kNumber
                   : word_end > i ? TokenKind::kWord
                                  : TokenKind::kSymbol;
      end = is_number ? number_end : word_end > i ? word_end : i + SymbolLength(line, i);
      if (end == i) {
        return LineError(number, Concat({"unexpected character '", line.substr(i, 1), "'"}));
      }
      token.text = std::string(line.substr(i, end - i));
    }
    tokens.push_back(std::move(token));
    i = end;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Section>> ReadSections(std::string_view text) {
  if (text.size() > kMaxFileBytes) return LineError(1, "the file is larger than 8 MiB");
  const std::string utf8 = ToUtf8(text);
  return Reader(utf8).Read();
}

std::string Concat(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out.append(part);
  return out;
}

absl::Status LineError(int line, std::string_view message) {
  return absl::InvalidArgumentError(Concat({std::to_string(line), ": ", message}));
}

absl::Status InFile(std::string_view file, const absl::Status& status) {
  const std::string message(status.message());
  return absl::Status(status.code(), Concat({file, ":", message}));
}

}  // namespace relais::recordsql

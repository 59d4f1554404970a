#include "sandbox/upstreams/recordsql/sql/collation.h"

#include <cstddef>

namespace relais::sandbox::recordsql {
namespace {

// Letters À to Þ are the bytes C3 80 to C3 9E, and their small forms 0x20 above; C3 97 is the sign
// ×.
unsigned char Fold(std::string_view text, size_t i) {
  const auto byte = static_cast<unsigned char>(text[i]);
  if (byte >= 'A' && byte <= 'Z') return byte + 0x20;
  const bool capital = byte >= 0x80 && byte <= 0x9E && byte != 0x97;
  if (capital && i > 0 && static_cast<unsigned char>(text[i - 1]) == 0xC3) return byte + 0x20;
  return byte;
}

std::string_view WithoutTrailingBlanks(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

size_t NextCharacter(std::string_view text, size_t i) {
  ++i;
  while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) ++i;
  return i;
}

}  // namespace

int CompareText(std::string_view a, std::string_view b) {
  a = WithoutTrailingBlanks(a);
  b = WithoutTrailingBlanks(b);
  if (a == b) return 0;  // the usual case in an index on the dossier
  const size_t shared = a.size() < b.size() ? a.size() : b.size();
  for (size_t i = 0; i < shared; ++i) {
    const int difference = static_cast<int>(Fold(a, i)) - static_cast<int>(Fold(b, i));
    if (difference != 0) return difference;
  }
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

bool MatchesLike(std::string_view text, std::string_view pattern) {
  text = WithoutTrailingBlanks(text);
  size_t t = 0;
  size_t p = 0;
  size_t star = std::string_view::npos;  // the last %, and where its run in `text` ends so far
  size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == '_') {
      t = NextCharacter(text, t);
      ++p;
    } else if (p < pattern.size() && Fold(text, t) == Fold(pattern, p)) {
      ++t;
      ++p;
    } else if (star != std::string_view::npos) {
      resume = NextCharacter(text, resume);
      t = resume;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && (pattern[p] == '%' || pattern[p] == ' ')) ++p;
  return p == pattern.size();
}

}  // namespace relais::sandbox::recordsql

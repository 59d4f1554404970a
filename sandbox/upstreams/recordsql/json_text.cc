#include "sandbox/upstreams/recordsql/json_text.h"

namespace relais::sandbox::recordsql {
namespace {

bool IsPlain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

void AppendEscape(char c, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
    case '\\':
      out.push_back('\\');
      out.push_back(c);
      break;
    case '\n':
      out.append("\\n");
      break;
    case '\r':
      out.append("\\r");
      break;
    case '\t':
      out.append("\\t");
      break;
    default:
      out.append("\\u00");
      out.push_back(kHex[(c >> 4) & 0xF]);
      out.push_back(kHex[c & 0xF]);
  }
}

}  // namespace

void AppendEscaped(std::string_view text, std::string& out) {
  size_t start = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsPlain(text[i])) continue;
    out.append(text.substr(start, i - start));
    AppendEscape(text[i], out);
    start = i + 1;
  }
  out.append(text.substr(start));
}

void AppendQuoted(std::string_view text, std::string& out) {
  out.push_back('"');
  AppendEscaped(text, out);
  out.push_back('"');
}

void AppendMember(std::string_view key, std::string_view value, std::string& out) {
  if (!out.empty() && out.back() != '{' && out.back() != '[') out.push_back(',');
  AppendQuoted(key, out);
  out.push_back(':');
  AppendQuoted(value, out);
}

}  // namespace relais::sandbox::recordsql

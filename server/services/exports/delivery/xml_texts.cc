#include "server/services/exports/delivery/xml_texts.h"

#include <expat.h>

#include <cstddef>
#include <memory>
#include <utility>

namespace relais::exports {
namespace {

constexpr std::size_t kDeepestElement = 16;

struct ElementReader {
  XML_Parser parser;
  std::vector<XmlText> open;  // outermost first
  std::vector<XmlText> ended;

  static void OnStart(void* reader, const char* name, const char**) {
    auto* const self = static_cast<ElementReader*>(reader);
    if (self->open.size() == kDeepestElement) {
      XML_StopParser(self->parser, XML_FALSE);
      return;
    }
    std::string path = self->open.empty() ? "" : self->open.back().path + "/";
    self->open.push_back({.path = path + name, .text = ""});
  }
  static void OnEnd(void* reader, const char*) {
    auto* const self = static_cast<ElementReader*>(reader);
    self->ended.push_back(std::move(self->open.back()));
    self->open.pop_back();
  }
  static void OnText(void* reader, const char* text, int size) {
    auto* const self = static_cast<ElementReader*>(reader);
    self->open.back().text.append(text, static_cast<std::size_t>(size));
  }
  static void OnEntity(void* reader, const char*, int, const char*, int, const char*, const char*,
                       const char*, const char*) {
    XML_StopParser(static_cast<ElementReader*>(reader)->parser, XML_FALSE);
  }
};

struct FreeParser {
  using pointer = XML_Parser;
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

}  // namespace

std::optional<std::vector<XmlText>> XmlTextsOf(std::string_view document) {
  const std::unique_ptr<XML_Parser, FreeParser> parser(XML_ParserCreate(nullptr));
  if (parser == nullptr) return std::nullopt;
  ElementReader reader{.parser = parser.get(), .open = {}, .ended = {}};
  XML_SetUserData(parser.get(), &reader);
  XML_SetElementHandler(parser.get(), &ElementReader::OnStart, &ElementReader::OnEnd);
  XML_SetCharacterDataHandler(parser.get(), &ElementReader::OnText);
  XML_SetEntityDeclHandler(parser.get(), &ElementReader::OnEntity);
  const XML_Status status =
      XML_Parse(parser.get(), document.data(), static_cast<int>(document.size()), XML_TRUE);
  if (status != XML_STATUS_OK) return std::nullopt;
  return std::move(reader.ended);
}

std::string_view TextAt(const std::vector<XmlText>& texts, std::string_view path) {
  for (const XmlText& element : texts) {
    if (element.path == path) return element.text;
  }
  return "";
}

std::string EscapeXmlText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace relais::exports

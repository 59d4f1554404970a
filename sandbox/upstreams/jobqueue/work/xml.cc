#include "sandbox/upstreams/jobqueue/work/xml.h"

#include <expat.h>

namespace relais::sandbox::jobqueue {
namespace {

std::string_view LocalName(std::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

const XmlReader& ReaderOf(void* user) { return *static_cast<const XmlReader*>(user); }

void XMLCALL OnStart(void* user, const XML_Char* name, const XML_Char** pairs) {
  if (!ReaderOf(user).start) return;
  XmlAttributes attributes;
  for (; *pairs != nullptr; pairs += 2) attributes.emplace(LocalName(pairs[0]), pairs[1]);
  ReaderOf(user).start(LocalName(name), attributes);
}

void XMLCALL OnEnd(void* user, const XML_Char* name) {
  if (ReaderOf(user).end) ReaderOf(user).end(LocalName(name));
}

void XMLCALL OnText(void* user, const XML_Char* text, int size) {
  if (ReaderOf(user).text) ReaderOf(user).text({text, static_cast<size_t>(size)});
}

}  // namespace

XmlParser::XmlParser(XmlReader reader)
    : reader_(std::move(reader)), parser_(XML_ParserCreate(nullptr)) {
  XML_SetUserData(parser_, const_cast<XmlReader*>(&reader_));
  XML_SetElementHandler(parser_, OnStart, OnEnd);
  XML_SetCharacterDataHandler(parser_, OnText);
}

XmlParser::~XmlParser() { XML_ParserFree(parser_); }

bool XmlParser::Feed(std::string_view bytes) {
  return XML_Parse(parser_, bytes.data(), static_cast<int>(bytes.size()), 0) == XML_STATUS_OK;
}

bool XmlParser::Finish() { return XML_Parse(parser_, "", 0, 1) == XML_STATUS_OK; }

}  // namespace relais::sandbox::jobqueue

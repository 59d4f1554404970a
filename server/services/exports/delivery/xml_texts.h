// Small XML documents, as S3 answers with.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_XML_TEXTS_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_XML_TEXTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::exports {

// One element and the text that stands directly in it.
struct XmlText {
  std::string path;  // names from the root on, without prefixes of their own: "Error/Code"
  std::string text;
};

// Every element in the order in which they end. None: the document is not well-formed, or deeper
// than 16. A document that declares entities is refused.
std::optional<std::vector<XmlText>> XmlTextsOf(std::string_view document);

// The first text at `path`; empty: there is none.
std::string_view TextAt(const std::vector<XmlText>& texts, std::string_view path);

// `text` as the content of an element.
std::string EscapeXmlText(std::string_view text);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_DELIVERY_XML_TEXTS_H_

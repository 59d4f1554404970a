// XML read as a sequence of elements and text.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_XML_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_XML_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>

struct XML_ParserStruct;

namespace relais::sandbox::jobqueue {

using XmlAttributes = std::map<std::string, std::string>;

// Element names without their namespace prefix. Members may be empty.
struct XmlReader {
  std::function<void(std::string_view name, const XmlAttributes& attributes)> start;
  std::function<void(std::string_view name)> end;
  std::function<void(std::string_view piece)> text;  // one text may come in many pieces
};

class XmlParser {
 public:
  explicit XmlParser(XmlReader reader);
  ~XmlParser();
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;

  // False as soon as the document is not well-formed.
  bool Feed(std::string_view bytes);
  bool Finish();

 private:
  const XmlReader reader_;
  XML_ParserStruct* const parser_;
};

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WORK_XML_H_

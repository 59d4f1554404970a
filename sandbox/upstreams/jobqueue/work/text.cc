#include <algorithm>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sandbox/upstreams/jobqueue/work/work.h"
#include "sandbox/upstreams/jobqueue/work/xml.h"

namespace relais::sandbox::jobqueue {
namespace {

struct Template {
  std::string marker;  // begins the lines that are records; empty: all are
  std::string name_title;
  std::vector<std::string> folders;
};

// "\n\$" means a line that begins with "$": the delimiter's escapes resolved, without line ends.
std::string MarkerOf(const std::string& delimiter) {
  std::string marker;
  for (size_t i = 0; i < delimiter.size(); ++i) {
    if (delimiter[i] != '\\' || i + 1 == delimiter.size()) {
      marker.push_back(delimiter[i]);
      continue;
    }
    const char escaped = delimiter[++i];
    if (escaped == 't') marker.push_back('\t');
    if (!absl::ascii_isalpha(static_cast<unsigned char>(escaped))) marker.push_back(escaped);
  }
  return marker;
}

// False when the file is no import template.
bool ReadTemplate(const std::string& path, Template& out) {
  std::vector<std::string> open;
  bool is_template = false;
  std::string text;
  XmlReader reader;
  reader.start = [&](std::string_view name, const XmlAttributes&) {
    if (open.empty()) is_template = name == "Template";
    open.emplace_back(name);
    text.clear();
  };
  reader.text = [&](std::string_view piece) { text += piece; };
  reader.end = [&](std::string_view name) {
    open.pop_back();
    const std::string value(absl::StripAsciiWhitespace(text));
    text.clear();
    if (value.empty()) return;
    if (name == "SpecimenDelimiter") out.marker = MarkerOf(value);
    if (name == "TreeLevel") out.folders.push_back(value);
    if (name == "Item" && !open.empty() && open.back() == "FullName") out.name_title = value;
  };
  XmlParser parser(std::move(reader));
  std::ifstream in(path, std::ios::binary);
  std::string chunk(16 << 10, '\0');
  bool good = in.good();
  while (good && in) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    good = parser.Feed({chunk.data(), static_cast<size_t>(in.gcount())});
  }
  return good && parser.Finish() && is_template;
}

std::vector<std::string> Fields(const std::string& line, char separator) {
  return absl::StrSplit(line, separator);
}

class DataFile {
 public:
  DataFile(const InputFile& file, const Template& layout)
      : name_(file.role.path), in_(file.stored_at, std::ios::binary), layout_(layout) {}

  void Import(ImportResult& out) {
    std::string line;
    if (!Next(line)) return;
    const size_t found = line.find_first_of("\t;,");
    const char separator = found == std::string::npos ? ',' : line[found];
    const std::vector<std::string> titles = Fields(line, separator);
    const auto title = std::find(titles.begin(), titles.end(), layout_.name_title);
    const size_t column = title == titles.end() ? 0 : static_cast<size_t>(title - titles.begin());
    while (Next(line)) {
      if (line.empty() || line.compare(0, layout_.marker.size(), layout_.marker) != 0) continue;
      const std::vector<std::string> fields = Fields(line, separator);
      if (column < fields.size() && !fields[column].empty()) {
        out.records.push_back({fields[column], layout_.folders});
        continue;
      }
      ++out.not_imported;
      out.errors.push_back(
          absl::StrCat("Line ", line_number_, " of '", name_, "' has no record name."));
    }
  }

 private:
  bool Next(std::string& line) {
    ++line_number_;
    if (!std::getline(in_, line)) return false;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return true;
  }

  const std::string name_;
  std::ifstream in_;
  const Template& layout_;
  int64_t line_number_ = 0;
};

}  // namespace

ImportResult ImportText(const std::vector<InputFile>& files) {
  ImportResult out;
  Template layout;
  int templates = 0;
  const auto fail = [&out](std::string why) {
    out.successful = false;
    out.errors.push_back(std::move(why));
  };
  for (const InputFile& file : files) {
    if (file.role.type != "Template") continue;
    ++templates;
    if (!ReadTemplate(file.stored_at, layout)) {
      fail(absl::StrCat("'", file.role.path, "' is not a text import template."));
    }
  }
  for (const InputFile& file : files) {
    if (file.role.type == "Combined") fail("A text import takes no combined files.");
    if (file.role.type != "Data") continue;
    ++out.tasks;
    out.log.push_back({"INFO", absl::StrCat("Importing '", file.role.path, "'")});
    if (out.successful) DataFile(file, layout).Import(out);
  }
  if (templates != 1 || out.tasks == 0) fail("A text import takes one template and data files.");
  if (!out.successful) out.records.clear();
  return out;
}

}  // namespace relais::sandbox::jobqueue

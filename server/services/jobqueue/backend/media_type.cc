#include "server/services/jobqueue/backend/media_type.h"

#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/core/base/text/view.h"

namespace relais::jobqueue {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

// What imports, templates and attachments are made of.
constexpr std::array kMediaTypes = {
    Entry{"bmp", "image/bmp"},
    Entry{"csv", "text/csv"},
    Entry{"gif", "image/gif"},
    Entry{"jpeg", "image/jpeg"},
    Entry{"jpg", "image/jpeg"},
    Entry{"json", "application/json"},
    Entry{"pdf", "application/pdf"},
    Entry{"png", "image/png"},
    Entry{"svg", "image/svg+xml"},
    Entry{"txt", "text/plain"},
    Entry{"xls", "application/vnd.ms-excel"},
    Entry{"xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12"},
    Entry{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    Entry{"xml", "application/xml"},
    Entry{"zip", "application/zip"},
};

}  // namespace

std::string MediaTypeOf(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  const std::string extension =
      dot == std::string_view::npos ? "" : absl::AsciiStrToLower(View(file_name.substr(dot + 1)));
  for (const auto& [known, type] : kMediaTypes) {
    if (known == extension) return std::string(type);
  }
  return "application/octet-stream";
}

}  // namespace relais::jobqueue

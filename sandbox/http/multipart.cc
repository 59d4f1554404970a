#include "sandbox/http/multipart.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace relais::sandbox {
namespace {

constexpr size_t kMaxHeaderBytes = 16 << 10;
constexpr size_t kMaxParts = 100;

// The value of `name=` in a header, quoted or not. Browsers and the like write a quote within as
// %22 or \"; what is escaped stays so, but for \" and \\.
std::string Parameter(const std::string& header, std::string_view name) {
  const std::string lower = absl::AsciiStrToLower(header);
  size_t at = 0;
  while ((at = lower.find(name, at)) != std::string::npos) {
    const bool begins = at > 0 && (lower[at - 1] == ' ' || lower[at - 1] == ';');
    at += name.size();
    if (begins && at < lower.size() && lower[at] == '=') break;
  }
  if (at == std::string::npos) return "";
  if (++at >= header.size() || header[at] != '"') {
    return header.substr(std::min(at, header.size()), header.find_first_of("; ", at) - at);
  }
  std::string value;
  while (++at < header.size() && header[at] != '"') {
    const char next = at + 1 < header.size() ? header[at + 1] : '\0';
    if (header[at] == '\\' && (next == '"' || next == '\\')) ++at;
    value.push_back(header[at]);
  }
  return value;
}

FormPart DescribePart(std::string_view headers) {
  FormPart part;
  while (!headers.empty()) {
    const std::string line(headers.substr(0, headers.find("\r\n")));
    headers.remove_prefix(std::min(headers.size(), line.size() + 2));
    const size_t colon = std::min(line.find(':'), line.size());
    const std::string name = absl::AsciiStrToLower(line.substr(0, colon));
    if (name == "content-type") {
      part.content_type = std::string(absl::StripAsciiWhitespace(line.substr(colon + 1)));
    }
    if (name != "content-disposition") continue;
    part.name = Parameter(line, "name");
    part.file_name = Parameter(line, "filename");
  }
  return part;
}

}  // namespace

std::optional<std::string> BoundaryOf(const std::string& content_type) {
  if (absl::AsciiStrToLower(content_type).rfind("multipart/form-data", 0) != 0) return std::nullopt;
  return Parameter(content_type, "boundary");
}

bool MultipartReader::SkipPreamble() {
  const size_t found = buffer_.find(delimiter_);
  if (found == std::string::npos) {
    failed_ = buffer_.size() > kMaxHeaderBytes;
    return false;
  }
  buffer_.erase(0, found + delimiter_.size());
  state_ = State::kAfterDelimiter;
  return true;
}

bool MultipartReader::ReadAfterDelimiter() {
  if (buffer_.size() < 2) return false;
  const std::string next = buffer_.substr(0, 2);
  if (next == "--") {
    state_ = State::kEnd;
  } else if (next == "\r\n") {
    state_ = State::kHeaders;  // the line end stays: a part without headers has none other
  } else {
    failed_ = true;
  }
  return !failed_;
}

bool MultipartReader::ReadHeaders() {
  const size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) {
    failed_ = buffer_.size() > kMaxHeaderBytes;
    return false;
  }
  const std::string_view headers =
      end < 2 ? std::string_view() : std::string_view(buffer_).substr(2, end - 2);
  parts_.push_back(DescribePart(headers));
  parts_.back().content = SpooledFile::Create();
  failed_ = parts_.back().content == nullptr || parts_.size() > kMaxParts;
  buffer_.erase(0, end + 4);
  state_ = State::kContent;
  return !failed_;
}

bool MultipartReader::ReadContent() {
  const size_t found = buffer_.find(delimiter_);
  // The buffer's end may be the beginning of a delimiter.
  const size_t kept = std::min(buffer_.size(), delimiter_.size() - 1);
  const size_t taken = found == std::string::npos ? buffer_.size() - kept : found;
  failed_ = !parts_.back().content->Append(buffer_.data(), taken);
  if (found == std::string::npos) {
    buffer_.erase(0, taken);
    return false;
  }
  buffer_.erase(0, found + delimiter_.size());
  state_ = State::kAfterDelimiter;
  return !failed_;
}

bool MultipartReader::Feed(std::string_view bytes) {
  if (state_ == State::kEnd) return true;  // an epilogue
  buffer_.append(bytes);
  bool more = true;
  while (more && !failed_ && state_ != State::kEnd) {
    switch (state_) {
      case State::kPreamble:
        more = SkipPreamble();
        break;
      case State::kAfterDelimiter:
        more = ReadAfterDelimiter();
        break;
      case State::kHeaders:
        more = ReadHeaders();
        break;
      case State::kContent:
        more = ReadContent();
        break;
      case State::kEnd:
        break;
    }
  }
  return !failed_;
}

}  // namespace relais::sandbox

// multipart/form-data read as it comes, the parts' contents straight to disk.

#ifndef RELAIS_SANDBOX_HTTP_MULTIPART_H_
#define RELAIS_SANDBOX_HTTP_MULTIPART_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/http/message.h"

namespace relais::sandbox {

// Used by one thread.
class MultipartReader {
 public:
  explicit MultipartReader(const std::string& boundary) : delimiter_("\r\n--" + boundary) {}

  // False when it is not multipart/form-data, or a part cannot be written.
  bool Feed(std::string_view bytes);
  // True when the body has ended as it should.
  bool Finished() const { return state_ == State::kEnd; }
  std::vector<FormPart> TakeParts() { return std::move(parts_); }

 private:
  enum class State { kPreamble, kAfterDelimiter, kHeaders, kContent, kEnd };
  // Each takes what it can from the front of buffer_; false when more bytes are needed.
  bool SkipPreamble();
  bool ReadAfterDelimiter();
  bool ReadHeaders();
  bool ReadContent();

  const std::string delimiter_;
  State state_ = State::kPreamble;
  bool failed_ = false;
  std::string buffer_ = "\r\n";  // so that the first delimiter looks like the others
  std::vector<FormPart> parts_;
};

// The boundary of a Content-Type header; nothing when it is not multipart/form-data.
std::optional<std::string> BoundaryOf(const std::string& content_type);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_HTTP_MULTIPART_H_

#include "server/net/curl_reply.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace relais {
namespace {

// Of the whole head; no upstream comes near it.
constexpr std::size_t kMaxHeadBytes = 256 << 10;

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

void CurlReply::Start(std::int64_t max_body_bytes, bool has_body) {
  *this = CurlReply();
  max_body_bytes_ = max_body_bytes;
  has_body_ = has_body;
}

bool CurlReply::AddHeadLine(std::string_view line) {
  head_bytes_ += line.size();
  if (head_bytes_ > kMaxHeadBytes) {
    too_large_ = true;
    return false;
  }
  if (line.starts_with("HTTP/")) {
    // A new head: the one before was informational (1xx).
    reply_.headers.clear();
    content_length_ = 0;
    head_complete_ = false;
    return true;
  }
  if (line == "\r\n" || line == "\n") return EndHead();
  if (!head_complete_) AddHeader(line);  // else a trailer, which nobody asks for
  return true;
}

bool CurlReply::EndHead() {
  head_complete_ = true;
  too_large_ = has_body_ && content_length_ > max_body_bytes_;
  return !too_large_;
}

void CurlReply::AddHeader(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  std::string name(Trim(line.substr(0, colon)));
  std::transform(name.begin(), name.end(), name.begin(), ToLower);
  const std::string_view value = Trim(line.substr(colon + 1));
  if (name == "content-length") {
    std::from_chars(value.data(), value.data() + value.size(), content_length_);
  }
  reply_.headers.emplace_back(std::move(name), std::string(value));
}

bool CurlReply::AddBody(std::string_view part) {
  std::string& body = reply_.body;
  const std::size_t size = body.size() + part.size();
  if (size > static_cast<std::size_t>(max_body_bytes_)) {
    too_large_ = true;
    return false;
  }
  const std::size_t needed = size + HttpReply::kBodyPadding;
  if (body.capacity() < needed) {
    const std::size_t announced =
        static_cast<std::size_t>(std::max<std::int64_t>(content_length_, 0)) +
        HttpReply::kBodyPadding;
    body.reserve(std::max({needed, announced, 2 * body.size()}));
  }
  body.append(part);
  return true;
}

HttpReply CurlReply::Finish(int status) && {
  reply_.status = status;
  if (reply_.body.empty()) reply_.body.reserve(HttpReply::kBodyPadding);
  return std::move(reply_);
}

}  // namespace relais

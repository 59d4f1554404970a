#include "server/core/net/curl/reply.h"

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

void CurlReply::StartStream(std::int64_t max_body_bytes, bool has_body) {
  Start(max_body_bytes, has_body);
  stream_ = true;
}

bool CurlReply::AddHeadLine(std::string_view line) {
  head_bytes_ += line.size();
  if (head_bytes_ > kMaxHeadBytes) {
    too_large_ = true;
    return false;
  }
  if (line.starts_with("HTTP/")) return BeginHead(line);
  if (line == "\r\n" || line == "\n") return EndHead();
  if (!head_complete_) AddHeader(line);  // else a trailer, which nobody asks for
  return true;
}

// A head before this one was informational (1xx), or a step of a login.
bool CurlReply::BeginHead(std::string_view status_line) {
  reply_.headers.clear();
  reply_.status = 0;
  content_length_ = 0;
  head_complete_ = false;
  // libcurl has checked the line.
  status_line.remove_prefix(std::min(status_line.find(' '), status_line.size()));
  const std::string_view status = Trim(status_line);
  std::from_chars(status.data(), status.data() + status.size(), reply_.status);
  return true;
}

bool CurlReply::EndHead() {
  head_complete_ = true;
  too_large_ = has_body_ && !streaming() && content_length_ > max_body_bytes_;
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
  if (!streaming() && size > static_cast<std::size_t>(max_body_bytes_)) {
    too_large_ = true;
    return false;
  }
  if (body.capacity() < size + HttpReply::kBodyPadding) body.reserve(RoomFor(size));
  body.append(part);
  return true;
}

std::size_t CurlReply::RoomFor(std::size_t size) const {
  std::size_t announced = static_cast<std::size_t>(std::max<std::int64_t>(content_length_, 0));
  if (streaming()) announced = announced == 0 ? expected_ : std::min(announced, expected_);
  return std::max({size, announced, 2 * reply_.body.size()}) + HttpReply::kBodyPadding;
}

std::string CurlReply::TakeBody(std::size_t most) {
  std::string& body = reply_.body;
  if (body.size() <= most) return std::exchange(body, {});
  std::string first = body.substr(0, most);
  body.erase(0, most);
  return first;
}

HttpReply CurlReply::Finish() && {
  if (reply_.body.empty()) reply_.body.reserve(HttpReply::kBodyPadding);
  return std::move(reply_);
}

HttpReply CurlReply::TakeHead() {
  HttpReply head{.status = reply_.status, .headers = std::exchange(reply_.headers, {})};
  head.end_is_marked = head.Header("content-length") || head.Header("transfer-encoding") ||
                       head.status == 204;  // which has no body
  head.body.reserve(HttpReply::kBodyPadding);
  return head;
}

}  // namespace relais

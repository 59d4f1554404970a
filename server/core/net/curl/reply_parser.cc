#include "server/core/net/curl/reply_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/core/net/curl/error.h"
#include "server/core/net/curl/inflate.h"

namespace relais {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

constexpr std::string_view kBeginning = "HTTP/";

std::string LowerCase(boost::beast::string_view text) {
  std::string lower(text.data(), text.size());
  absl::AsciiStrToLower(&lower);
  return lower;
}

}  // namespace

class ReplyParser::Parser final : public http::basic_parser<false> {
  using Text = boost::beast::string_view;

 public:
  explicit Parser(std::size_t max_body_bytes) : max_body_bytes_(max_body_bytes) {
    body_limit(max_body_bytes);
    header_limit(kMaxHeadBytes);
    eager(true);
  }

  const absl::Status& failure() const { return failure_; }
  bool informational() const { return reply_.status >= 100 && reply_.status <= 199; }

  absl::Status End() {
    if (inflater_ != nullptr && !inflater_->complete() && had_body_) return CompressedReply();
    return absl::OkStatus();
  }

  HttpReply Take() {
    if (reply_.body.capacity() < reply_.body.size() + HttpReply::kBodyPadding)
      reply_.body.reserve(reply_.body.size() + HttpReply::kBodyPadding);
    return std::move(reply_);
  }

 private:
  void on_request_impl(http::verb, Text, Text, int, error_code&) override {}
  void on_response_impl(int code, Text, int, error_code&) override { reply_.status = code; }

  void on_field_impl(http::field field, Text name, Text value, error_code&) override {
    if (is_header_done()) return;  // of a trailer, which nobody asks for
    if (field == http::field::content_encoding && LowerCase(value) != "identity") {
      inflater_ = Inflater::For(LowerCase(value));
      // Only a reply with a body is in vain.
      unreadable_ = inflater_ == nullptr;
    }
    reply_.headers.emplace_back(LowerCase(name), value);
  }

  void on_header_impl(error_code&) override {}

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) Reserve(std::min<std::size_t>(*length, max_body_bytes_));
  }

  std::size_t on_body_impl(Text part, error_code& error) override {
    AddBody({part.data(), part.size()}, error);
    return part.size();
  }
  void on_chunk_header_impl(std::uint64_t, Text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text part, error_code& error) override {
    AddBody({part.data(), part.size()}, error);
    return part.size();
  }
  void on_finish_impl(error_code&) override {}

  void Reserve(std::size_t size) { reply_.body.reserve(size + HttpReply::kBodyPadding); }

  void AddBody(std::string_view part, error_code& error) {
    if (part.empty()) return;
    had_body_ = true;
    std::string& body = reply_.body;
    if (unreadable_) {
      failure_ = CompressedReply();
    } else if (inflater_ != nullptr) {
      const Inflater::Result result = inflater_->Add(part, max_body_bytes_, body);
      if (result == Inflater::Result::kBroken) failure_ = CompressedReply();
      if (result == Inflater::Result::kTooLarge) failure_ = ReplyTooLarge();
    } else {
      const std::size_t size = body.size() + part.size();
      if (body.capacity() < size + HttpReply::kBodyPadding)
        Reserve(std::max(size, 2 * body.size()));
      body.append(part);
    }
    if (!failure_.ok()) error = http::error::bad_value;
  }

  const std::size_t max_body_bytes_;
  HttpReply reply_;
  std::unique_ptr<Inflater> inflater_;  // null: the body comes as it is
  bool unreadable_ = false;
  bool had_body_ = false;
  absl::Status failure_;
};

ReplyParser::ReplyParser(std::int64_t max_body_bytes, bool has_body)
    : max_body_bytes_(max_body_bytes), has_body_(has_body) {
  Begin();
}

ReplyParser::~ReplyParser() = default;

void ReplyParser::Begin() {
  parser_ = std::make_unique<Parser>(static_cast<std::size_t>(max_body_bytes_));
  if (!has_body_) parser_->skip(true);
}

absl::StatusOr<std::size_t> ReplyParser::Add(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const std::string_view left = bytes.substr(taken);
    if (!parser_->got_some() &&
        left.substr(0, kBeginning.size()) != kBeginning.substr(0, left.size())) {
      return MalformedReply();
    }
    error_code error;
    taken += parser_->put(boost::asio::const_buffer(left.data(), left.size()), error);
    if (!parser_->failure().ok()) return parser_->failure();
    if (error == http::error::need_more) break;
    if (error == http::error::body_limit || error == http::error::header_limit) {
      return ReplyTooLarge();
    }
    if (error) return MalformedReply();
    if (complete()) {
      if (absl::Status whole = parser_->End(); !whole.ok()) return whole;
      break;
    }
    if (parser_->is_done()) Begin();  // that was an informational one
  }
  return taken;
}

absl::Status ReplyParser::End(std::string_view left) {
  if (!parser_->got_some() && left.empty()) return NoReply();
  if (!parser_->is_header_done()) return ReplyCutShort();
  error_code error;
  parser_->put_eof(error);
  if (error) return ReplyCutShort();
  return parser_->End();
}

bool ReplyParser::complete() const { return parser_->is_done() && !parser_->informational(); }

bool ReplyParser::keeps_alive() const { return complete() && parser_->keep_alive(); }

HttpReply ReplyParser::Take() { return parser_->Take(); }

}  // namespace relais

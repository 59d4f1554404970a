#include "server/core/net/curl/request.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/net/curl/error.h"
#include "server/core/net/curl/request_head.h"

namespace relais {
namespace {

bool HasCharacter(std::string_view text, char c) { return text.find(c) != std::string_view::npos; }

bool HasNul(std::string_view text) { return HasCharacter(text, '\0'); }

// What is given goes onto the wire as it stands.
bool FitsOneLine(std::string_view text) {
  return !HasCharacter(text, '\r') && !HasCharacter(text, '\n') && !HasNul(text);
}

bool FormFits(const HttpRequest& request) {
  for (const FormPart& part : request.form) {
    // libcurl quotes line breaks in names, but its texts end at a NUL.
    if (HasNul(part.name) || HasNul(part.file_name) || !FitsOneLine(part.content_type)) {
      return false;
    }
  }
  return request.form.empty() || request.body.empty();
}

bool IsDots(std::string_view segment) {
  std::size_t dots = 0;
  while (!segment.empty()) {
    if (segment.starts_with('.')) {
      segment.remove_prefix(1);
    } else if (segment.starts_with("%2E") || segment.starts_with("%2e")) {
      segment.remove_prefix(3);
    } else {
      return false;
    }
    ++dots;
  }
  return dots == 1 || dots == 2;
}

// libcurl or the peer would remove such segments, and others with them.
bool HasDotSegment(std::string_view url) {
  const std::size_t host = url.find("://") + 3;
  std::string_view path = url.substr(host);
  path = path.substr(0, std::min(path.find('?'), path.find('#')));
  while (true) {
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
    if (IsDots(path.substr(0, path.find('/')))) return true;
  }
}

}  // namespace

absl::Status CheckRequest(const HttpRequest& request) {
  if (!request.url.starts_with("http://") && !request.url.starts_with("https://")) {
    return Unusable("The upstream's address is neither an http nor an https URL.");
  }
  if (HasDotSegment(request.url)) {
    return Unusable("The path of the request to the upstream has a segment \".\" or \"..\".");
  }
  bool fits = FitsOneLine(request.method) && FitsOneLine(request.url) && FormFits(request);
  for (const auto& [name, value] : request.headers) {
    fits = fits && !name.empty() && FitsOneLine(name) && FitsOneLine(value);
  }
  if (!fits) {
    return Unusable(
        "The request to the upstream has a line break or NUL in its method, URL or headers.");
  }
  if (request.login != nullptr && !SupportsLogin(request.login->scheme)) {
    return Unusable("The installed libcurl cannot log in by the configured scheme.");
  }
  return absl::OkStatus();
}

bool CurlRequest::Set(const HttpRequest& request) {
  curl_easy_setopt(easy_, CURLOPT_URL, request.url.c_str());
  // libcurl sends again by itself what it sent on a reused connection that was dead; never on a
  // fresh one.
  curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, request.repeatable ? 0L : 1L);
  if (!SetMethod(request)) return false;
  SetHeaders(request);
  return SetLogin(request);
}

bool CurlRequest::SetMethod(const HttpRequest& request) {
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, nullptr);
  if (request.method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
    return true;
  }
  curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);  // undoes NOBODY and POST
  if (!request.form.empty()) {
    if (!form_.Set(request.form)) return false;
    if (request.method == "POST") return true;
  } else if (request.file.file != nullptr) {
    file_.Set(request.file);
    if (request.method == "PUT") return true;
  } else if (SendsBody(request)) {
    curl_easy_setopt(easy_, CURLOPT_POST, 1L);
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request.body.data());
    if (request.method == "POST") return true;
  } else if (request.method == "GET") {
    return true;
  }
  return curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request.method.c_str()) == CURLE_OK;
}

// libcurl reads the list and keeps no copy, so its nodes may live in our own memory from call to
// call.
void CurlRequest::SetHeaders(const HttpRequest& request) {
  header_lines_.clear();
  std::size_t bytes = sizeof("Expect:") + sizeof("Content-Type:");
  for (const auto& [name, value] : request.headers) bytes += name.size() + value.size() + 3;
  header_lines_.reserve(bytes);  // no line may move after the first is linked
  headers_.clear();
  const auto link = [this](std::string_view name, std::string_view mark, std::string_view value) {
    headers_.push_back({header_lines_.data() + header_lines_.size(), nullptr});
    header_lines_.append(name).append(mark).append(value).push_back('\0');
  };
  // libcurl 7.88 would sign what it is told to leave out.
  if (SendsBody(request) && request.signature == nullptr) {
    // Else a large upload waits up to 1 s for "100 Continue" …
    link("Expect", ":", "");
    // … and libcurl calls the body a form. A type that is given below is sent all the same.
    if (request.form.empty()) link("Content-Type", ":", "");
  }
  for (const auto& [name, value] : request.headers) {
    link(name, value.empty() ? ";" : ": ", value);  // "Name:" alone would remove it
  }
  for (std::size_t i = 0; i + 1 < headers_.size(); ++i) headers_[i].next = &headers_[i + 1];
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_.empty() ? nullptr : headers_.data());
}

bool CurlRequest::SetLogin(const HttpRequest& request) {
  const bool needed = request.login != nullptr || request.signature != nullptr;
  if (!needed && !has_login_) return true;
  has_login_ = needed;
  curl_easy_setopt(easy_, CURLOPT_AWS_SIGV4, nullptr);
  if (request.signature != nullptr) return SetSignature(*request.signature);
  if (!needed) {
    curl_easy_setopt(easy_, CURLOPT_USERNAME, nullptr);
    curl_easy_setopt(easy_, CURLOPT_PASSWORD, nullptr);
    curl_easy_setopt(easy_, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    return true;
  }
  const ConnectionLogin& login = *request.login;
  const bool ntlm = login.scheme == ConnectionLogin::Scheme::kNtlm;
  curl_easy_setopt(easy_, CURLOPT_HTTPAUTH, ntlm ? CURLAUTH_NTLM : CURLAUTH_NEGOTIATE);
  curl_easy_setopt(easy_, CURLOPT_USERNAME, login.user.c_str());
  curl_easy_setopt(easy_, CURLOPT_PASSWORD, login.password.Reveal().c_str());
  return true;
}

bool CurlRequest::SetSignature(const AwsSignature& signature) {
  const std::string scheme = absl::StrCat("aws:amz:", signature.region, ":", signature.service);
  // Copies the text, and sets HTTPAUTH. Were that not so, the secret would go out as HTTP Basic.
  if (curl_easy_setopt(easy_, CURLOPT_AWS_SIGV4, scheme.c_str()) != CURLE_OK) return false;
  curl_easy_setopt(easy_, CURLOPT_USERNAME, signature.access_key_id.c_str());
  curl_easy_setopt(easy_, CURLOPT_PASSWORD, signature.secret_access_key.Reveal().c_str());
  return true;
}

}  // namespace relais

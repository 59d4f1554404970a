#include "server/core/net/curl/file.h"

#include <algorithm>
#include <cstdio>

namespace relais {
namespace {

constexpr long kFileBufferBytes = 256 << 10;

}  // namespace

std::size_t CurlFile::OnRead(char* into, std::size_t, std::size_t size, void* file) {
  auto* const self = static_cast<CurlFile*>(file);
  const std::size_t next = std::min(size, static_cast<std::size_t>(self->body_.size - self->sent_));
  self->failure_ = self->body_.file->Read(self->body_.offset + self->sent_, into, next);
  if (!self->failure_.ok()) return CURL_READFUNC_ABORT;
  self->sent_ += static_cast<std::int64_t>(next);
  return next;
}

// libcurl goes back to the beginning when it must send again.
int CurlFile::OnSeek(void* file, curl_off_t offset, int origin) {
  auto* const self = static_cast<CurlFile*>(file);
  if (origin != SEEK_SET || offset < 0 || offset > self->body_.size) return CURL_SEEKFUNC_CANTSEEK;
  self->sent_ = offset;
  return CURL_SEEKFUNC_OK;
}

void CurlFile::Set(const FileBody& body) {
  body_ = body;
  sent_ = 0;
  failure_ = absl::OkStatus();
  curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body_.size));
  curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &OnRead);
  curl_easy_setopt(easy_, CURLOPT_READDATA, this);
  curl_easy_setopt(easy_, CURLOPT_SEEKFUNCTION, &OnSeek);
  curl_easy_setopt(easy_, CURLOPT_SEEKDATA, this);
  curl_easy_setopt(easy_, CURLOPT_UPLOAD_BUFFERSIZE, kFileBufferBytes);
}

void CurlFile::Clear() {
  body_ = {};
  failure_ = absl::OkStatus();
}

}  // namespace relais

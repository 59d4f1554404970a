#include "server/core/net/curl/form.h"

#include <cstdio>

namespace relais {
namespace {

constexpr long kUploadBufferBytes = 256 << 10;

}  // namespace

std::size_t CurlForm::OnRead(char* into, std::size_t, std::size_t size, void* source) {
  auto* const from = static_cast<Source*>(source);
  const absl::StatusOr<std::size_t> read = from->file->Read(from->offset, into, size);
  if (!read.ok()) {
    from->form->failure_ = read.status();
    return CURL_READFUNC_ABORT;
  }
  from->offset += static_cast<std::int64_t>(*read);
  return *read;
}

// libcurl goes back to the beginning when it must send again.
int CurlForm::OnSeek(void* source, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Source*>(source)->offset = offset;
  return CURL_SEEKFUNC_OK;
}

bool CurlForm::Set(const std::vector<FormPart>& parts) {
  Clear();
  mime_ = curl_mime_init(easy_);
  if (mime_ == nullptr) return false;
  for (const FormPart& part : parts) {
    if (!Add(part)) return false;
  }
  curl_easy_setopt(easy_, CURLOPT_UPLOAD_BUFFERSIZE, kUploadBufferBytes);
  return curl_easy_setopt(easy_, CURLOPT_MIMEPOST, mime_) == CURLE_OK;
}

bool CurlForm::Add(const FormPart& part) {
  curl_mimepart* const made = curl_mime_addpart(mime_);
  if (made == nullptr || curl_mime_name(made, part.name.c_str()) != CURLE_OK) return false;
  if (!part.file_name.empty() && curl_mime_filename(made, part.file_name.c_str()) != CURLE_OK) {
    return false;
  }
  if (!part.content_type.empty() && curl_mime_type(made, part.content_type.c_str()) != CURLE_OK) {
    return false;
  }
  if (part.file == nullptr) {
    return curl_mime_data(made, part.text.data(), part.text.size()) == CURLE_OK;
  }
  sources_.push_back({.file = part.file.get(), .form = this, .offset = 0});
  return curl_mime_data_cb(made, part.file->size(), &OnRead, &OnSeek, nullptr, &sources_.back()) ==
         CURLE_OK;
}

void CurlForm::Clear() {
  curl_mime_free(mime_);
  mime_ = nullptr;
  sources_.clear();
  failure_ = absl::OkStatus();
}

}  // namespace relais

// The peer without a gateway: libcurl straight to the upstream, with the gateway's own options.
// bench_curl get|download|upload ADDRESS COUNT: COUNT requests for a job, or one file of COUNT
// bytes. One JSON object as result.

#include <curl/curl.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/programs/job_id.h"

namespace relais::bench {
namespace {

constexpr long kBufferBytes = 256 << 10;

std::size_t Keep(char* bytes, std::size_t size, std::size_t count, void* into) {
  static_cast<std::string*>(into)->assign(bytes, size * count);
  return size * count;
}

std::size_t Drop(char*, std::size_t size, std::size_t count, void* total) {
  *static_cast<long*>(total) += static_cast<long>(size * count);
  return size * count;
}

std::size_t Give(char* into, std::size_t size, std::size_t count, void* left) {
  auto& bytes = *static_cast<long*>(left);
  const auto given = std::min(static_cast<long>(size * count), bytes);
  std::memset(into, 'x', static_cast<std::size_t>(given));
  bytes -= given;
  return static_cast<std::size_t>(given);
}

bool Get(CURL* easy, const std::string& api, long count) {
  const std::string url = absl::StrCat(api, "/jobs/", JobId(0));
  std::string body;
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, Keep);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
  for (long i = 0; i < count; ++i) {
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    if (curl_easy_perform(easy) != CURLE_OK || body.size() < 800) return false;
  }
  return true;
}

bool Download(CURL* easy, const std::string& api, long count) {
  const std::string url = absl::StrCat(api, "/jobs/", JobId(0), "/outputs:export?fileName=", count);
  long total = 0;
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, Drop);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &total);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  return curl_easy_perform(easy) == CURLE_OK && total == count;
}

bool Upload(CURL* easy, const std::string& api, long count) {
  const std::string url = api + "/files";
  std::string body;
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, Keep);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_mime* const form = curl_mime_init(easy);
  curl_mimepart* const part = curl_mime_addpart(form);
  long left = count;
  curl_mime_name(part, "file");
  curl_mime_filename(part, "bench.bin");
  curl_mime_data_cb(part, count, Give, nullptr, nullptr, &left);
  curl_slist* const headers = curl_slist_append(nullptr, "Expect:");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_MIMEPOST, form);
  const bool sent = curl_easy_perform(easy) == CURLE_OK && left == 0;
  curl_mime_free(form);
  curl_slist_free_all(headers);
  return sent;
}

int Run(std::string_view what, const std::string& address, long count) {
  const std::string api =
      absl::StrCat("http://", address, "/mi_servicelayer/proxy/v1.svc/mi/v1alpha/job-queue");
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* const easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kBufferBytes);
  curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, kBufferBytes);
  const absl::Time began = absl::Now();
  const bool done = what == "get"        ? Get(easy, api, count)
                    : what == "download" ? Download(easy, api, count)
                                         : Upload(easy, api, count);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - began);
  curl_easy_cleanup(easy);
  if (!done) return 1;
  std::printf("{\"count\":%ld,\"seconds\":%.3f,\"mb_per_second\":%.0f}\n", count, seconds,
              static_cast<double>(count) / seconds / 1e6);
  return 0;
}

}  // namespace
}  // namespace relais::bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: bench_curl get|download|upload HOST:PORT COUNT\n");
    return 1;
  }
  return relais::bench::Run(argv[1], argv[2], std::atol(argv[3]));
}

#include "relais/client/files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <istream>
#include <memory>
#include <set>
#include <streambuf>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "openssl/evp.h"
#include "relais/client/call.h"

namespace relais::client {
inline namespace v1 {
namespace {

constexpr int kPart = 256 * 1024;
constexpr int kDownloads = 3;  // attempts at a file that comes damaged

absl::Status FileError(const std::string& what, const std::string& path) {
  return absl::ErrnoToStatus(errno == 0 ? EIO : errno,
                             absl::StrCat("the file ", path, " cannot be ", what));
}

}  // namespace

absl::Status Source::Read(absl::FunctionRef<bool(std::string)> take) const {
  if (const auto* bytes = std::get_if<std::string>(&content_)) {
    for (size_t at = 0; at < bytes->size() && take(bytes->substr(at, kPart)); at += kPart) {
    }
    return absl::OkStatus();
  }
  const auto* file = std::get_if<File>(&content_);
  std::ifstream opened;
  errno = 0;
  if (file != nullptr) opened.open(file->path, std::ios::binary);
  std::istream& in = file != nullptr ? opened : *std::get<std::istream*>(content_);
  const std::string name = file != nullptr ? file->path : "(stream)";
  while (in) {
    std::string part(kPart, '\0');
    in.read(part.data(), kPart);
    part.resize(in.gcount());
    if (!part.empty() && !take(std::move(part))) return absl::OkStatus();
  }
  return in.eof() && !in.bad() ? absl::OkStatus() : FileError("read", name);
}

namespace internal {

Sha256::Sha256()
    : context_(EVP_MD_CTX_new(), [](void* c) { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(c)); }) {
  EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_.get()), EVP_sha256(), nullptr);
}

void Sha256::Add(const std::string& part) {
  EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), part.data(), part.size());
}

std::string Sha256::Hex() {
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_.get()),
                     reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return absl::BytesToHexString(digest);
}

std::string SafeName(const std::string& file_name, std::set<std::string>* taken) {
  std::string name = file_name.substr(file_name.find_last_of("/\\") + 1);
  const auto refused = [](unsigned char c) {
    return c < ' ' || std::string_view("<>:\"|?*\x7f").find(c) != std::string_view::npos;
  };
  std::replace_if(name.begin(), name.end(), refused, '_');
  name.erase(name.find_last_not_of(". ") + 1);
  const size_t dot = std::min(name.find('.', 1), name.size());
  std::string stem = name.substr(0, dot);
  const std::string extension = name.substr(std::min(dot, name.size()));
  static const auto* reserved = new std::set<std::string>{"con", "prn", "aux", "nul", ""};
  const std::string lower = absl::AsciiStrToLower(stem);
  const bool numbered = lower.size() == 4 &&
                        (lower.compare(0, 3, "com") == 0 || lower.compare(0, 3, "lpt") == 0) &&
                        absl::ascii_isdigit(lower[3]);
  if (reserved->count(lower) > 0 || numbered) stem += "_";
  name = stem + extension;
  for (int n = 2; !taken->insert(absl::AsciiStrToLower(name)).second; ++n) {
    name = absl::StrCat(stem, " (", n, ")", extension);
  }
  return name;
}

Sink::~Sink() {
  if (part_.empty()) return;
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
}

bool Sink::Take(const type::v1::FileMetadata& metadata) {
  saved_.media_type = metadata.media_type();
  if (to_.stream != nullptr) return true;
  if (auto* taken = std::exchange(to_.taken, nullptr)) {
    to_.path = (std::filesystem::path(to_.path) / SafeName(metadata.file_name(), taken)).string();
  }
  saved_.path = to_.path;
  part_ = absl::StrCat(saved_.path, ".", NewId(), ".part");
  errno = 0;
  file_.open(part_, std::ios::binary | std::ios::trunc);
  if (!file_) problem_ = FileError("written", saved_.path);
  return problem_.ok();
}

bool Sink::Take(const std::string& chunk) {
  saved_.bytes += static_cast<int64_t>(chunk.size());
  sha256_.Add(chunk);
  std::ostream& out = to_.stream != nullptr ? *to_.stream : file_;
  errno = 0;
  if (!out.write(chunk.data(), static_cast<std::streamsize>(chunk.size())))
    problem_ = FileError("written", saved_.path);
  return problem_.ok();
}

absl::StatusOr<Saved> Sink::Finish() {
  saved_.sha256 = sha256_.Hex();
  if (trailer_.sha256().empty()) return absl::DataLossError("the file ended before its end");
  if (trailer_.sha256() != saved_.sha256)
    return absl::DataLossError("the file is not what was sent: its SHA-256 differs");
  if (to_.stream != nullptr) return saved_;
  file_.close();
  if (!file_) return FileError("written", saved_.path);
  std::error_code failed;
  std::filesystem::rename(part_, saved_.path, failed);
  if (failed)
    return absl::ErrnoToStatus(failed.value(),
                               absl::StrCat("the file ", saved_.path, " cannot be replaced"));
  part_.clear();
  return saved_;
}

absl::StatusOr<Saved> Download(std::shared_ptr<Scope> scope, Destination to,
                               absl::FunctionRef<grpc::Status(Trial&, Sink&)> receive) {
  const int attempts = scope->session->options.retry.attempts;
  Trial trial(std::move(scope), absl::InfiniteDuration(), "", attempts);
  for (int damaged = 1;;) {
    if (absl::Status begun = trial.Begin(); !begun.ok()) return begun;
    Sink sink(to);
    absl::Status error = trial.End(receive(trial, sink));
    if (!sink.problem().ok()) return sink.problem();
    if (error.ok()) {
      absl::StatusOr<Saved> saved = sink.Finish();
      if (!absl::IsDataLoss(saved.status())) return saved;
      error = trial.Fail(absl::StatusCode::kDataLoss, std::string(saved.status().message()));
      if (to.stream != nullptr || damaged++ == kDownloads) return error;
    } else if (to.stream != nullptr && sink.written()) {
      return error;
    }
    if (absl::Status again = trial.Again(error, Event::Kind::kRepeat); !again.ok()) return again;
  }
}

}  // namespace internal
}  // namespace v1
}  // namespace relais::client

// Files that go up with a job, and files that come down.

#ifndef RELAIS_CLIENT_FILES_H_
#define RELAIS_CLIENT_FILES_H_

#include <cstdint>
#include <fstream>
#include <istream>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relais/client/call.h"
#include "relais/type/v1/type.pb.h"

namespace relais::client {
inline namespace v1 {

// The content of a file that is submitted.
class Source {
 public:
  // A file, which is read anew for each attempt.
  static Source Path(std::string path) { return Source(File{std::move(path)}); }
  static Source Bytes(std::string bytes) { return Source(std::move(bytes)); }
  // What is left of a stream. It can be read once only, so that such a submission is never
  // repeated.
  static Source Stream(std::istream& stream) { return Source(&stream); }

  bool IsStream() const { return std::holds_alternative<std::istream*>(content_); }
  // Gives all content to `take`, part by part, until that returns false. An error is one of the
  // file.
  absl::Status Read(absl::FunctionRef<bool(std::string part)> take) const;

 private:
  struct File {
    std::string path;
  };
  using Content = std::variant<File, std::string, std::istream*>;
  explicit Source(Content content) : content_(std::move(content)) {}
  Content content_;
};

// A file that was downloaded, whole and checked.
struct Saved {
  std::string path;  // empty when it was written to a stream
  int64_t bytes = 0;
  std::string sha256;  // in lower-case hexadecimal
  std::string media_type;
};

namespace internal {

class Sha256 {
 public:
  Sha256();
  void Add(const std::string& part);
  std::string Hex();

 private:
  std::shared_ptr<void> context_;
};

// A name for a file of the gateway in a folder: nothing that leads out of it or that an operating
// system reserves, and none that is in `taken`, to which it is added.
std::string SafeName(const std::string& file_name, std::set<std::string>* taken);

// Where a download goes to.
struct Destination {
  std::string path;                        // the file, or the folder when there is `taken`
  std::set<std::string>* taken = nullptr;  // names in the folder
  std::ostream* stream = nullptr;          // instead of a file
};

// What is kept of a download while it comes. The file stands beside its place until it is whole.
class Sink {
 public:
  explicit Sink(Destination& to) : to_(to) {}
  ~Sink();
  // False: it cannot be written, or goes on behind its end.
  bool Take(const type::v1::FileMetadata& metadata);
  bool Take(const std::string& chunk);
  void Take(const type::v1::FileTrailer& trailer) { trailer_ = trailer; }
  // OK: nothing is missing. DATA_LOSS: something is. Anything else: an error of the file.
  absl::StatusOr<Saved> Finish();

  const absl::Status& problem() const { return problem_; }
  bool written() const { return saved_.bytes > 0; }

 private:
  Destination& to_;  // loses `taken` when the name is known
  absl::Status problem_;
  std::string part_;  // the unfinished file
  std::ofstream file_;
  Saved saved_;
  Sha256 sha256_;
  type::v1::FileTrailer trailer_;
};

// Downloads, anew where that can help: `receive` makes one attempt.
absl::StatusOr<Saved> Download(std::shared_ptr<Scope> scope, Destination to,
                               absl::FunctionRef<grpc::Status(Trial&, Sink&)> receive);

}  // namespace internal
}  // namespace v1
}  // namespace relais::client

#endif  // RELAIS_CLIENT_FILES_H_

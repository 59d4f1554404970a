// From a tree to a Config: types, ranges, forms and required keys are checked, defaults filled in.

#ifndef RELAIS_SERVER_CONFIG_READER_H_
#define RELAIS_SERVER_CONFIG_READER_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <server/config/root.pb.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/problems.h"
#include "server/config/yaml/tree.h"

namespace relais::config {

// SQLite's name for a database without a file.
inline constexpr std::string_view kInMemory = ":memory:";

// A file that the configuration names.
struct FileUse {
  std::string path;  // of the key
  Position position;
  std::string file;  // absolute
};

struct SecretUse {
  std::string path;  // of the secret, e.g. "<section>.<connections>.<id>.password"
  Position position;
  v1::Secret source;
};

// Reads one tree, once. Everything found is in the members afterwards; it does no I/O.
class Reader {
 public:
  // Relative paths of files count from `directory`, which is absolute. `tree` and `problems`
  // outlive it.
  Reader(const YamlTree& tree, std::string directory, Problems& problems)
      : tree_(tree), directory_(std::move(directory)), problems_(problems) {}

  void Read();

  v1::Config config;
  std::vector<FileUse> files;
  std::vector<SecretUse> secrets;
  // Where each single value was written, by path; defaults are not in it.
  std::map<std::string, Position> positions;

 private:
  using Message = google::protobuf::Message;
  using Field = google::protobuf::FieldDescriptor;
  // The keys of one section so far.
  struct Seen {
    std::map<std::string, Position, std::less<>> written;
    std::set<std::string, std::less<>> meant;  // what misspelt keys should have been
  };

  // A value with its key: where it stands and what it is called.
  struct Place {
    const YamlNode& node;
    Position position;  // of the key
    std::string path;
  };

  void ReadSection(const Place& place, Message& message);
  void ReadEntry(const YamlEntry& entry, const std::string& parent, Message& message, Seen& seen);
  void ReadField(const Place& place, const Field& field, Message& message);
  void ReadMap(const Place& place, const Field& field, Message& message);
  void ReadList(const Place& place, const Field& field, Message& message);
  void ReadSecret(const Place& place, Message& message);
  void ReadScalar(const Place& place, const Field& field, Message& message);
  void FillIn(const Position& position, const std::string& parent, const Field& field,
              Message& message);
  // Makes the path that was just read absolute and notes the file.
  void ResolveFile(const Place& place, const Field& field, Message& message);
  // The mistake of writing the secret itself; the message does not repeat it.
  void ReportLiteralSecret(const Place& place);
  void ReportUnknownKey(const YamlEntry& entry, const std::string& parent, const Message& message,
                        Seen& seen);
  // False once the tree, aliases counted every time, has turned out too large.
  bool CountValue(const Position& position);

  const YamlTree& tree_;
  const std::string directory_;
  Problems& problems_;
  std::size_t values_ = 0;
};

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_READER_H_

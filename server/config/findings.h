// What the checks of sections have to say of a configuration that has been read.

#ifndef RELAIS_SERVER_CONFIG_FINDINGS_H_
#define RELAIS_SERVER_CONFIG_FINDINGS_H_

#include <google/protobuf/message.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/problems.h"

namespace relais::config {

// Collects what is wrong. Paths are those of keys, e.g. "server.tls.key_file"; no sentence may
// contain a secret.
class Findings {
 public:
  // `positions` says where each key was written. Both outlive this.
  Findings(const std::map<std::string, Position>& positions, Problems& problems)
      : positions_(positions), problems_(problems) {}

  // The value of `path` is wrong.
  void Add(const std::string& path, std::string_view sentence);

  // `key` of the section `path` is wrong or missing, which is told with the place of the section.
  void AddBelow(const std::string& path, std::string_view key, std::string_view sentence);

  // Adds each of `needed` that has no value in `message`, the section `path`, as required by the
  // scheme that was chosen there.
  void AddMissing(const std::string& path, const google::protobuf::Message& message,
                  const std::vector<std::string_view>& needed);

  // Credentials are sent to `url`, because of `path`: the operator is warned if anybody on the way
  // can read them.
  void SendsCredentials(const std::string& path, std::string_view url);

  // There are connections whose calls must survive a restart.
  void NeedsState() { needs_state_ = true; }
  bool needs_state() const { return needs_state_; }

  // The paths of which to warn.
  const std::set<std::string>& plain_text() const { return plain_text_; }

  // Files are made in `directory`, which is the value of `path`: it must be there when the outside
  // is looked at.
  void NeedsDirectory(const std::string& path, const std::string& directory) {
    directories_.emplace(path, directory);
  }
  // Such directories, by the paths of their keys.
  const std::map<std::string, std::string>& directories() const { return directories_; }

  // Where `path` was written; no place if it was not.
  Position PlaceOf(const std::string& path) const;

 private:
  const std::map<std::string, Position>& positions_;
  Problems& problems_;
  std::set<std::string> plain_text_;
  std::map<std::string, std::string> directories_;
  bool needs_state_ = false;
};

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_FINDINGS_H_

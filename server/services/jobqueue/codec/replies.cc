// The small replies: account, configuration, version, uploads, outputs, deletions.

#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "server/core/base/text/number.h"
#include "server/core/base/text/view.h"
#include "server/json/members.h"
#include "server/services/jobqueue/codec/codec.h"
#include "server/services/jobqueue/names.h"

namespace relais::jobqueue {
namespace {

using json::Malformed;
using Number = std::optional<std::int64_t>;

struct WireUser {
  std::optional<bool> admin, write_access;
  std::optional<std::string> name;
};

constexpr json::Member<WireUser> kUser[] = {
    {"isAdmin", json::Into<&WireUser::admin>},
    {"username", json::Optional<&WireUser::name>},
    {"hasWriteAccess", json::Into<&WireUser::write_access>},
};

struct WireConfiguration {
  Number purge_age, purge_interval, polling_interval, concurrency;
};

constexpr json::Member<WireConfiguration> kConfiguration[] = {
    {"purgeJobAgeInMilliseconds", json::Into<&WireConfiguration::purge_age>},
    {"purgeIntervalInMilliseconds", json::Into<&WireConfiguration::purge_interval>},
    {"pollingIntervalInMilliseconds", json::Into<&WireConfiguration::polling_interval>},
    {"concurrency", json::Into<&WireConfiguration::concurrency>},
};

struct WireVersion {
  std::optional<std::string> version;
};

constexpr json::Member<WireVersion> kVersion[] = {{"version", json::Into<&WireVersion::version>}};

// False when it is more than a Duration holds: 10 000 years.
bool SetMilliseconds(std::int64_t milliseconds, google::protobuf::Duration& out) {
  constexpr std::int64_t kMostSeconds = 315576000000;
  const std::int64_t seconds = milliseconds / 1000;
  if (seconds > kMostSeconds || seconds < -kMostSeconds) return false;
  out.set_seconds(seconds);
  out.set_nanos(static_cast<std::int32_t>(milliseconds % 1000) * 1000000);
  return true;
}

bool ToVersionNumber(const std::string& text, int& number) {
  number = ParseNumber<int>(text).value_or(-1);
  return number >= 0;
}

}  // namespace

absl::StatusOr<v1::CurrentUser> DecodeCurrentUser(const std::string& body) {
  WireUser wire;
  if (auto status = json::ReadObject(body, kUser, wire); !status.ok()) return status;
  if (!wire.admin || !wire.write_access)
    return Malformed("it does not say what the account may do");
  v1::CurrentUser user;
  user.set_username(std::move(wire.name).value_or(""));
  user.set_admin(*wire.admin);
  user.set_write_access(*wire.write_access);
  return user;
}

absl::StatusOr<v1::ProcessingConfiguration> DecodeProcessingConfiguration(const std::string& body) {
  WireConfiguration wire;
  if (auto status = json::ReadObject(body, kConfiguration, wire); !status.ok()) return status;
  if (!wire.purge_age || !wire.purge_interval || !wire.polling_interval || !wire.concurrency) {
    return Malformed("a value is missing");
  }
  v1::ProcessingConfiguration configuration;
  if (*wire.concurrency < 0 || *wire.concurrency > std::numeric_limits<std::int32_t>::max() ||
      !SetMilliseconds(*wire.purge_age, *configuration.mutable_purge_age()) ||
      !SetMilliseconds(*wire.purge_interval, *configuration.mutable_purge_interval()) ||
      !SetMilliseconds(*wire.polling_interval, *configuration.mutable_polling_interval())) {
    return Malformed("a value is out of range");
  }
  configuration.set_concurrency(static_cast<std::int32_t>(*wire.concurrency));
  return configuration;
}

absl::StatusOr<ServerVersion> DecodeServerVersion(const std::string& body) {
  WireVersion wire;
  if (auto status = json::ReadObject(body, kVersion, wire); !status.ok()) return status;
  ServerVersion version{std::move(wire.version).value_or("")};
  const std::vector<std::string> parts = absl::StrSplit(version.text, '.');
  if (parts.size() < 2 || !ToVersionNumber(parts[0], version.major) ||
      !ToVersionNumber(parts[1], version.minor)) {
    return Malformed("it has no usable \"version\"");
  }
  return version;
}

bool IsSupported(const ServerVersion& version) {
  return std::pair(version.major, version.minor) >= std::pair(24, 2);  // kMinimumServerVersion
}

absl::StatusOr<std::string> DecodeUploadId(const std::string& body) {
  std::string_view id = body;
  while (!id.empty() && absl::ascii_isspace(id.front())) id.remove_prefix(1);
  while (!id.empty() && absl::ascii_isspace(id.back())) id.remove_suffix(1);
  if (id.size() >= 2 && id.front() == '"' && id.back() == '"') id = id.substr(1, id.size() - 2);
  // A page or an object of JSON is no id; neither is one that JSON had to escape.
  if (!IsUploadId(id) || id.find_first_of(" \"\\<>") != std::string_view::npos) {
    return Malformed("it is not the id of a file");
  }
  return std::string(id);
}

absl::StatusOr<std::vector<v1::OutputFile>> DecodeOutputFiles(const std::string& body,
                                                              std::string_view queue,
                                                              std::string_view job) {
  std::vector<v1::OutputFile> files;
  const absl::Status status = json::ReadArray(body, [&](json::Value value) -> absl::Status {
    std::optional<std::string> name;
    if (auto failed = json::Read(value, name); !failed.ok()) return failed;
    if (!name || !IsOutputName(*name)) return Malformed("the name of a file is not usable");
    v1::OutputFile& file = files.emplace_back();
    file.set_name(FormatOutputFileName(queue, job, *name));
    file.set_file_name(*std::move(name));
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return files;
}

absl::StatusOr<std::vector<std::string>> DecodeDeletedIds(const std::string& body) {
  std::vector<std::string> ids;
  const absl::Status status = json::ReadArray(body, [&](json::Value value) -> absl::Status {
    std::optional<std::string> id;
    if (auto failed = json::Read(value, id); !failed.ok()) return failed;
    if (!id || !IsJobId(*id)) return Malformed("the id of a job is not usable");
    ids.push_back(*std::move(id));
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return ids;
}

}  // namespace relais::jobqueue

#include "sandbox/upstreams/recordsql/catalogue/catalogue.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "sandbox/upstreams/recordsql/catalogue/dictionary.h"
#include "sandbox/upstreams/recordsql/fixtures.h"
#include "sandbox/upstreams/recordsql/sql/query.h"

namespace relais::sandbox::recordsql {
namespace {

using dictionary::Concat;
using dictionary::Dictionary;
using dictionary::SameName;

bool EndsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && SameName(text.substr(text.size() - suffix.size()), suffix);
}

void Sort(std::string name, std::string text, SourceFiles& files) {
  if (EndsWith(name, ".dhsq")) {
    files.dictionaries.emplace_back(std::move(name), std::move(text));
  } else if (SameName(name, "data_dictionary.txt")) {
    files.data_dictionary = {std::move(name), std::move(text)};
  } else if (EndsWith(name, "ListDHOQ.xml")) {
    files.allow_list = {std::move(name), std::move(text)};
  } else if (name.rfind("rows/", 0) == 0 && EndsWith(name, ".csv")) {
    files.rows.emplace_back(name.substr(5, name.size() - 9), std::move(text));
  }
}

absl::Status ReadDirectory(const std::filesystem::path& root, const std::string& prefix,
                           SourceFiles& files) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(root, error)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  if (error) {
    return absl::NotFoundError(
        Concat({"the directory '", root.string(), "' cannot be read: ", error.message()}));
  }
  std::sort(paths.begin(), paths.end());
  for (const std::filesystem::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) return absl::NotFoundError(Concat({"the file '", path.string(), "' cannot be read"}));
    Sort(prefix + path.filename().string(), text.str(), files);
  }
  return absl::OkStatus();
}

absl::Status LoadDictionaries(const SourceFiles& files, Catalogue& catalogue) {
  std::vector<std::pair<const NamedText*, std::string>> overrides;
  for (const NamedText& file : files.dictionaries) {
    absl::StatusOr<std::string> target = dictionary::OverrideTarget(file.first, file.second);
    if (!target.ok()) return target.status();
    if (!target->empty()) {
      overrides.emplace_back(&file, *std::move(target));
      continue;
    }
    absl::StatusOr<Dictionary> dictionary =
        dictionary::ParseDictionary(file.first, file.second, catalogue.data);
    if (!dictionary.ok()) return dictionary.status();
    catalogue.dictionaries.push_back(*std::move(dictionary));
  }
  for (const auto& [file, target] : overrides) {
    const auto base = std::find_if(
        catalogue.dictionaries.begin(), catalogue.dictionaries.end(),
        [&name = target](const Dictionary& dictionary) { return SameName(dictionary.name, name); });
    if (base == catalogue.dictionaries.end()) {
      return absl::InvalidArgumentError(
          Concat({file->first, ":1: it overrides ", target, ", which is not loaded"}));
    }
    absl::Status status =
        dictionary::MergeOverride(file->first, file->second, catalogue.data, *base);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckAll(const Catalogue& catalogue) {
  for (const Dictionary& dictionary : catalogue.dictionaries) {
    for (const dictionary::RecordSql& record_sql : dictionary.record_sqls) {
      const absl::Status status = CheckQueries(record_sql, catalogue.data);
      if (status.ok()) continue;
      const std::string message(status.message());
      return absl::InvalidArgumentError(
          Concat({dictionary.name, ": RecordSql ", record_sql.name, ": ", message}));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SourceFiles> ReadSourceFiles(const std::string& directory) {
  SourceFiles files;
  if (directory.empty()) {
    files.built_in = true;
    for (const FixtureFile& file : FixtureFiles()) {
      Sort(std::string(file.name), std::string(file.text), files);
    }
    return files;
  }
  const std::filesystem::path root(directory);
  if (absl::Status status = ReadDirectory(root, "", files); !status.ok()) return status;
  if (std::filesystem::is_directory(root / "rows")) {
    absl::Status status = ReadDirectory(root / "rows", "rows/", files);
    if (!status.ok()) return status;
  }
  if (files.data_dictionary.first.empty()) {
    return absl::NotFoundError(Concat({"'", directory, "' holds no data_dictionary.txt"}));
  }
  return files;
}

const Dictionary* Catalogue::Find(std::string_view dhoq) const {
  const auto found = std::find_if(dictionaries.begin(), dictionaries.end(),
                                  [dhoq](const Dictionary& d) { return SameName(d.name, dhoq); });
  return found == dictionaries.end() ? nullptr : &*found;
}

bool Catalogue::IsAllowed(std::string_view dhoq) const {
  return std::any_of(allowed.begin(), allowed.end(),
                     [dhoq](const std::string& name) { return SameName(name, dhoq); });
}

absl::StatusOr<Catalogue> BuildCatalogue(const SourceFiles& files) {
  Catalogue catalogue;
  absl::StatusOr<dictionary::DataDictionary> data =
      dictionary::ParseDataDictionary(files.data_dictionary.first, files.data_dictionary.second);
  if (!data.ok()) return data.status();
  catalogue.data = *std::move(data);
  if (absl::Status status = LoadDictionaries(files, catalogue); !status.ok()) return status;
  if (absl::Status status = CheckAll(catalogue); !status.ok()) return status;
  if (!files.allow_list.first.empty()) {
    absl::StatusOr<std::vector<std::string>> allowed =
        ParseAllowList(files.allow_list.first, files.allow_list.second);
    if (!allowed.ok()) return allowed.status();
    catalogue.allowed = *std::move(allowed);
  }
  return catalogue;
}

}  // namespace relais::sandbox::recordsql

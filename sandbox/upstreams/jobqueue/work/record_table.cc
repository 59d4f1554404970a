#include "sandbox/upstreams/jobqueue/work/record_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "sandbox/http/json_reply.h"
#include "sandbox/upstreams/jobqueue/queue/file_store.h"

namespace relais::sandbox::jobqueue {
namespace {

using nlohmann::json;

constexpr char kKind[] = "record";

std::string NameKey(std::string_view text) { return absl::AsciiStrToLower(std::string(text)); }

}  // namespace

RecordTable::RecordTable(Journal* journal) : journal_(journal) {
  for (const std::string& text : journal->Load(kKind)) {
    const json state = json::parse(text, nullptr, false);
    if (!state.is_object()) continue;
    Record record{state.value("history", ""),      state.value("record", ""),
                  state.value("name", ""),         state.value("parent", ""),
                  state.value("is_folder", false), state.value("identity", int64_t{0})};
    last_identity_ = std::max(last_identity_, record.identity);
    by_name_.emplace(NameKey(record.name), record.history_guid);
    records_.emplace(record.history_guid, std::move(record));
  }
}

std::string RecordTable::Insert(Record record) {
  record.history_guid = NewUuid();
  record.record_guid = NewUuid();
  record.identity = ++last_identity_;
  journal_->Put(kKind, record.history_guid,
                Dump({{"history", record.history_guid},
                      {"record", record.record_guid},
                      {"name", record.name},
                      {"parent", record.parent},
                      {"is_folder", record.is_folder},
                      {"identity", record.identity}}));
  std::string guid = record.history_guid;
  by_name_.emplace(NameKey(record.name), guid);
  records_.emplace(guid, std::move(record));
  return guid;
}

std::optional<std::string> RecordTable::Find(const std::string& name, const std::string& parent,
                                             bool is_folder) const {
  const auto [begin, end] = by_name_.equal_range(NameKey(name));
  const auto found = std::find_if(begin, end, [&](const auto& entry) {
    const Record& record = records_.at(entry.second);
    return record.parent == parent && record.is_folder == is_folder;
  });
  if (found == end) return std::nullopt;
  return found->second;
}

bool RecordTable::Put(const Placement& placement) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::string parent;
  for (const std::string& folder : placement.folders) {
    const auto known = Find(folder, parent, /*is_folder=*/true);
    parent = known ? *known : Insert({.name = folder, .parent = parent, .is_folder = true});
  }
  if (Find(placement.name, parent, /*is_folder=*/false)) return false;
  Insert({.name = placement.name, .parent = parent});
  return true;
}

std::vector<Record> RecordTable::Search(std::string_view name) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Record> found;
  const auto [begin, end] = by_name_.equal_range(NameKey(name));
  for (auto it = begin; it != end; ++it) found.push_back(records_.at(it->second));
  return found;
}

void RecordTable::Erase(const std::string& history_guid) {
  const auto found = records_.find(history_guid);
  const auto [begin, end] = by_name_.equal_range(NameKey(found->second.name));
  by_name_.erase(
      std::find_if(begin, end, [&](const auto& entry) { return entry.second == history_guid; }));
  journal_->Remove(kKind, history_guid);
  records_.erase(found);
}

std::vector<std::string> RecordTable::FoldersOf(const Record& record) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> names;
  for (auto folder = records_.find(record.parent); folder != records_.end();
       folder = records_.find(folder->second.parent)) {
    names.insert(names.begin(), folder->second.name);
  }
  return names;
}

bool RecordTable::Remove(std::string_view history_guid) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = records_.find(NameKey(history_guid));
  if (found == records_.end()) return false;
  std::vector<std::string> gone = {found->first};
  for (size_t i = 0; i < gone.size(); ++i) {
    for (const auto& [guid, record] : records_) {
      if (record.parent == gone[i]) gone.push_back(guid);
    }
  }
  for (const std::string& guid : gone) Erase(guid);
  return true;
}

std::optional<std::string> RecordTable::NameOf(int64_t identity) const {
  if (identity >= 1 && identity <= kLastBuiltInIdentity) return absl::StrCat("Record ", identity);
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [guid, record] : records_) {
    if (record.identity == identity && !record.is_folder) return record.name;
  }
  return std::nullopt;
}

}  // namespace relais::sandbox::jobqueue

// Objects whose members are known: a table says where each goes.
//
//   struct User { std::optional<bool> admin; std::optional<std::string> name; };
//   constexpr json::Member<User> kUser[] = {{"isAdmin", json::Into<&User::admin>},
//                                           {"username", json::Optional<&User::name>}};
//   User user;
//   absl::Status status = json::ReadObject(text, kUser, user);

#ifndef RELAIS_SERVER_JSON_MEMBERS_H_
#define RELAIS_SERVER_JSON_MEMBERS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/json/reader.h"

namespace relais::json {

// The reader of a member that goes into one field of the record and is needed there.
template <auto kField, typename Record>
absl::Status Into(Value value, Record& record) {
  return Read(value, record.*kField);
}

// The reader of one that is only passed on.
template <auto kField>
struct PassedOn {};
template <auto kField>
inline constexpr PassedOn<kField> Optional{};

template <typename Record>
struct Member {
  using Reader = absl::Status (*)(Value value, Record& record);

  constexpr Member(std::string_view name, Reader read) : name(name), read(read) {}
  template <auto kField>
  constexpr Member(std::string_view name, PassedOn<kField>)
      : name(name),
        read([](Value value, Record& record) { return ReadOptional(value, record.*kField); }),
        passed_on(true) {}

  std::string_view name;
  Reader read;
  bool passed_on = false;
};

// A member that is needed and stands twice is malformed: which of the two counts is anybody's
// guess. Of one that is only passed on the last counts, as in most readers of JSON, so that it does
// not cost the rest. Members that the table does not name are passed over.
template <typename Record, std::size_t N>
class MemberReader {
  static_assert(N <= 32);

 public:
  MemberReader(const Member<Record> (&members)[N], Record& record)
      : members_(members), record_(record) {}

  absl::Status Read(std::string_view key, Value value) {
    // Mostly they come in the same order, which the table should have.
    for (std::size_t i = 0; i < N; ++i, next_ = (next_ + 1) % N) {
      if (members_[next_].name != key) continue;
      const std::size_t found = next_;
      next_ = (next_ + 1) % N;
      if (!members_[found].passed_on && (seen_ & (std::uint32_t{1} << found))) {
        return Malformed(absl::StrCat("it has \"", View(members_[found].name), "\" twice"));
      }
      seen_ |= std::uint32_t{1} << found;
      return members_[found].read(value, record_);
    }
    return PassOver(value);
  }

 private:
  const Member<Record> (&members_)[N];
  Record& record_;
  std::size_t next_ = 0;
  std::uint32_t seen_ = 0;
};

template <typename Record, std::size_t N>
absl::Status ReadObject(const std::string& text, const Member<Record> (&members)[N],
                        Record& record) {
  MemberReader<Record, N> reader(members, record);
  return ReadObject(
      text, [&reader](std::string_view key, Value inner) { return reader.Read(key, inner); });
}

template <typename Record, std::size_t N>
absl::Status ReadMembers(Value value, const Member<Record> (&members)[N], Record& record) {
  MemberReader<Record, N> reader(members, record);
  return ReadMembers(
      value, [&reader](std::string_view key, Value inner) { return reader.Read(key, inner); });
}

// An object that is only passed on; of any other type there is none.
template <typename Record, std::size_t N>
absl::Status ReadOptional(Value value, const Member<Record> (&members)[N],
                          std::optional<Record>& out) {
  out.reset();
  return IsObject(value) ? ReadMembers(value, members, out.emplace()) : PassOver(value);
}

}  // namespace relais::json

#endif  // RELAIS_SERVER_JSON_MEMBERS_H_

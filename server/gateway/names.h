// Resource names by the patterns that the protos declare (google.api.resource): the one parser of
// them. A service turns the ids into what they stand for.
//
// The kinds of names that a service has are structs of this form:
//
//   struct JobName {
//     static constexpr char kType[] = "jobqueue.relais.dev/Job";
//     static constexpr char kHint[] = "where {job} is a GUID";      // may be absent
//     static std::optional<JobName> Parse(std::string_view name);   // none: it has not the form
//     const std::string& connection() const { return queue; }
//     std::string queue;
//     std::string job;
//   };

#ifndef RELAIS_SERVER_GATEWAY_NAMES_H_
#define RELAIS_SERVER_GATEWAY_NAMES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::gateway {

// Such as "queues/{queue}/jobs/{job}".
class NamePattern {
 public:
  explicit NamePattern(std::string text);

  const std::string& text() const { return text_; }

  // The ids of a name of this pattern, none of them empty, the first the key of a connection: a
  // lower case letter, then lower case letters, digits and "-", 63 at most. A name has at most 2048
  // bytes.
  std::optional<std::vector<std::string>> IdsOf(std::string_view name) const;

 private:
  std::string text_;
  std::vector<std::string> collections_;
};

// The pattern of a resource type such as "jobqueue.relais.dev/Job". Ends the program when no proto
// in it declares the type.
const NamePattern& PatternOf(std::string_view type);

template <typename Name>
std::optional<std::vector<std::string>> IdsOf(std::string_view name) {
  static const NamePattern& pattern = PatternOf(Name::kType);
  return pattern.IdsOf(name);
}

// "must be queues/{queue}/jobs/{job}, where {job} is a GUID".
template <typename Name>
std::string FormOf() {
  std::string form = "must be " + PatternOf(Name::kType).text();
  if constexpr (requires { Name::kHint; }) form += std::string(", ") + Name::kHint;
  return form;
}

// What %XX of URLs stand for; none: an escape is none.
std::optional<std::string> Unescape(std::string_view id);

// Whether people may have written it: 1 to `longest` bytes of UTF-8 without control characters.
bool IsPlainText(std::string_view text, std::size_t longest);

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_NAMES_H_

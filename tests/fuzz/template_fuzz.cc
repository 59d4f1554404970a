// Templates: what stands before the first line break is the value of a place-holder, the rest a
// template. A path that is made of them stays below its destination, and texts without
// place-holders stay as they are.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "relais/recordsql/v1/recordsql.pb.h"
#include "server/core/base/error.h"
#include "server/core/base/text/text.h"
#include "server/services/exports/binding/placeholders.h"
#include "tests/fuzz/expect.h"

namespace relais::exports {
namespace {

PlaceholderValues ValuesWith(const std::string& file) {
  return {.period = {"2024-03-31", absl::FromUnixSeconds(1711839600),
                     absl::FromUnixSeconds(1711922400)},
          .zone = absl::FixedTimeZone(3600),
          .texts = {{"export", "e"}, {"extension", ".csv"}, {"file", file}}};
}

void CheckPath(const std::string& path) {
  Expect(!path.empty() && path.size() <= 500, "a path has 1 to 500 bytes");
  Expect(!HasControl(path) && !absl::StrContains(path, "\\"), "nothing else parts folders");
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(path, '/'))) {
    Expect(!part.empty() && part.size() <= 255, "a part has 1 to 255 bytes");
    Expect(part.front() != '.' && part.back() != '.', "no part leads up or is hidden");
    Expect(!absl::EndsWithIgnoreCase(part, ".manifest.json"), "no part is a manifest's");
  }
}

void CheckTemplate(const std::string& text, const PlaceholderValues& values) {
  const auto expanded = Expand(text, values);
  Expect(expanded.ok() || HasReason(expanded.status(), Reason::kInvalidRequest),
         "a template that is refused is the caller's mistake");
  if (expanded.ok() && !absl::StrContains(text, "${")) Expect(*expanded == text, "it stays");
  const auto path = ExpandPath(text, values);
  Expect(expanded.ok() || !path.ok(), "a path is no less strict");
  if (path.ok()) CheckPath(*path);
}

// The template as a text of a request, as a binding's text, and as the path of a binding.
void CheckBinding(const std::string& text, const PlaceholderValues& values) {
  recordsql::v1::StreamRecordsRequest query;
  query.set_keyset_field(text);
  google::protobuf::Map<std::string, std::string> bindings;
  bindings["query.where.parameters.d.date_value"] = text;
  bindings[text] = "1";
  Violations violations;
  BindQuery(bindings, "source", values, query, violations);
  const auto expanded = Expand(text, values);
  if (expanded.ok())
    Expect(query.keyset_field() == *expanded || text == "keyset_field", "it is bound");
  Expect(expanded.ok() || !violations.empty(), "what is wrong is told");
}

}  // namespace
}  // namespace relais::exports

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  const std::size_t end = input.find('\n');
  const std::string text = end == input.npos ? input : input.substr(end + 1);
  const auto values = relais::exports::ValuesWith(input.substr(0, end));
  relais::exports::CheckTemplate(text, values);
  relais::exports::CheckBinding(text, values);
  return 0;
}

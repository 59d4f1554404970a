// OData: the gateway's builder against the sandbox's parser, which know nothing of each other; the
// bytes as a text within a condition, as a filter of a caller, and as a filter of OData.

#include <cstddef>
#include <cstdint>
#include <string>

#include "google/protobuf/wrappers.pb.h"
#include "sandbox/upstreams/robot/odata/expression.h"
#include "server/core/base/error.h"
#include "server/services/robot/api/odata_filter.h"
#include "server/services/robot/codec/odata.h"
#include "tests/fuzz/expect.h"

namespace relais::robot {
namespace {

namespace upstream = ::relais::sandbox::robot;
using Kind = upstream::Expression::Kind;

// Callers' texts have come in messages.
bool IsUtf8(const std::string& text) {
  google::protobuf::StringValue value;
  value.set_value(text);
  return value.ParseFromString(value.SerializeAsString());
}

void RunText(const std::string& text) {
  const odata::Condition condition =
      odata::Condition::And({odata::Condition::Compare("Name", "eq", odata::Text{text}),
                             odata::Condition::Not(odata::Condition::Contains("Info", text))});
  const upstream::ExpressionPtr read = upstream::ParseFilter(condition.text());
  Expect(read->kind == Kind::kAnd && read->parts.size() == 2, "a text stays within its quotes");
  const auto* literal = std::get_if<std::string>(&read->parts[0]->parts.at(1)->literal);
  Expect(literal != nullptr && *literal == text, "a text comes back as it was");
  const std::string option = odata::EncodeOption(condition.text());
  Expect(option.find_first_of(" '\"#&+?/\\=<>") == std::string::npos, "an option is escaped");
}

void RunFilter(const std::string& filter) {
  for (const Collection collection :
       {Collection::kRobots, Collection::kSessions, Collection::kJobs, Collection::kProcesses}) {
    const auto condition = TranslateFilter(collection, filter);
    if (!condition.ok()) {
      Expect(HasReason(condition.status(), Reason::kInvalidRequest), "a refusal has its reason");
      continue;
    }
    if (condition->empty() || condition->text().size() > 2000)
      continue;  // longer ones have too many nodes
    try {
      (void)upstream::ParseFilter(condition->text());
    } catch (const upstream::ODataError& error) {
      Expect(std::string(error.what()).find("nodes") != std::string::npos,
             "what is built can be read: " + condition->text() + ": " + error.what());
    }
  }
}

void RunParser(const std::string& text) {
  try {
    (void)upstream::ParseFilter(text);
  } catch (const upstream::ODataError&) {
    return;  // as good as an answer
  }
}

}  // namespace
}  // namespace relais::robot

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  relais::robot::RunParser(text);
  if (!relais::robot::IsUtf8(text)) return 0;
  relais::robot::RunText(text);
  relais::robot::RunFilter(text);
  return 0;
}

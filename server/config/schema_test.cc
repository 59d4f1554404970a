#include "server/config/schema.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <server/config/root.pb.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "server/config/config.h"
#include "server/config/forms/key_rules.h"
#include "server/sections.h"

namespace relais::config {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::json;

json Schema() { return json::parse(ConfigSchema(ConfigSections())); }

// All sections that a configuration can have.
void Collect(const Descriptor& message, std::set<const Descriptor*>& found) {
  if (!found.insert(&message).second) return;
  for (const FieldDescriptor* field : FieldsOf(message)) {
    if (!IsSection(*field)) continue;
    Collect(field->is_map() ? *field->message_type()->map_value()->message_type()
                            : *field->message_type(),
            found);
  }
}

std::set<const Descriptor*> Sections() {
  std::set<const Descriptor*> found;
  Collect(*v1::Config::descriptor(), found);
  return found;
}

TEST(ConfigSchema, CoversEveryKeyWithADescriptionAndAType) {
  const json schema = Schema();
  for (const Descriptor* section : Sections()) {
    const bool root = section == v1::Config::descriptor();
    const json& described = root ? schema : schema["$defs"][section->name()];
    EXPECT_EQ(described["additionalProperties"], false);
    EXPECT_EQ(described["properties"].size(), KeysOf(*section).size());
    for (const std::string& key : KeysOf(*section)) {
      const json& property = described["properties"][key];
      EXPECT_FALSE(property.value("description", "").empty()) << section->name() << "." << key;
      EXPECT_TRUE(property.contains("type") || property.contains("$ref") ||
                  property.contains("enum"))
          << section->name() << "." << key;
    }
  }
}

TEST(ConfigSchema, SaysRangesDefaultsEnumsAndWhatIsRequired) {
  const json defs = Schema()["$defs"];
  const json in_flight = defs["Limits"]["properties"]["in_flight"];
  EXPECT_EQ(in_flight["type"], "integer");
  EXPECT_EQ(in_flight["minimum"], 1);
  EXPECT_EQ(in_flight["maximum"], 256);
  EXPECT_EQ(in_flight["default"], 4);
  EXPECT_EQ(in_flight["description"], "Requests at a time. 1 to 256, default 4.");
  EXPECT_EQ(defs["Server"]["properties"]["drain_delay"]["x-maximum"], "300s");
  EXPECT_EQ(defs["Erp"]["properties"]["verify_last_page"]["default"], true);
  EXPECT_EQ(defs["Erp"]["required"], json({"base_url", "user", "password"}));
  EXPECT_EQ(defs["Log"]["properties"]["level"]["enum"][1], "info");
  EXPECT_EQ(defs["RecordSql"]["properties"]["erps"]["additionalProperties"]["$ref"], "#/$defs/Erp");
}

TEST(ConfigSchema, EveryReferenceHasItsDefinition) {
  const std::string text = ConfigSchema(ConfigSections());
  const json defs = Schema()["$defs"];
  const std::string prefix = "#/$defs/";
  for (std::size_t at = text.find(prefix); at != std::string::npos;
       at = text.find(prefix, at + 1)) {
    const std::size_t start = at + prefix.size();
    EXPECT_TRUE(defs.contains(text.substr(start, text.find('"', start) - start)));
  }
}

TEST(KeyRules, RangesHaveTwoEnds) {
  for (const Descriptor* section : Sections()) {
    for (const FieldDescriptor* field : FieldsOf(*section)) {
      EXPECT_EQ(RuleFor(*field).least().empty(), RuleFor(*field).most().empty())
          << field->full_name();
    }
  }
}

TEST(KeyRules, EveryNumberAndDurationHasADefaultThatItsCommentStates) {
  const json schema = Schema();
  for (const Descriptor* section : Sections()) {
    for (int i = 0; i < section->field_count(); ++i) {
      const FieldDescriptor& field = *section->field(i);
      const std::string& initial = RuleFor(field).initial();
      const bool number = field.cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
                          !IsSection(field) && field.enum_type() == nullptr && !field.is_repeated();
      if (!number) continue;
      ASSERT_FALSE(initial.empty()) << field.full_name();
      const std::string comment =
          schema["$defs"][section->name()]["properties"][field.name()]["description"];
      EXPECT_NE(comment.find("efault " + initial), std::string::npos) << field.full_name();
    }
  }
}

std::string ReadPage(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(ConfigurationPage, HasARowForEveryKeyWithItsDefault) {
  const std::string page = ReadPage("docs/configuration.md");
  for (const Descriptor* section : Sections()) {
    for (int i = 0; i < section->field_count(); ++i) {
      const FieldDescriptor& field = *section->field(i);
      if (IsSection(field)) continue;
      EXPECT_NE(page.find(absl::StrCat(".", field.name(), "` | ")), std::string::npos)
          << field.full_name();
      const std::string& initial = RuleFor(field).initial();
      if (initial.empty()) continue;
      EXPECT_NE(page.find("| `" + initial + "` | "), std::string::npos) << field.full_name();
    }
  }
}

TEST(ConfigurationPage, ItsExampleOfEveryKeyIsValidAndComplete) {
  const std::string example = ReadPage("docs/examples/every-key.yaml");
  ConfigOptions options;
  options.look_outside = false;
  const auto loaded = ParseConfig("every-key.yaml", example, options, ConfigSections());
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  for (const Descriptor* section : Sections()) {
    for (const std::string& key : KeysOf(*section)) {
      EXPECT_NE(example.find(key + ":"), std::string::npos) << section->name() << "." << key;
    }
  }
}

}  // namespace
}  // namespace relais::config

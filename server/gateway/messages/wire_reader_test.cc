#include "server/gateway/messages/wire_reader.h"

#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace relais::gateway {
namespace {

using google::protobuf::UnknownFieldSet;

std::string Wire(const UnknownFieldSet& fields) {
  std::string bytes;
  fields.SerializeToString(&bytes);
  return bytes;
}

// What a reader finds: "3=7 4='abc'".
std::string Found(std::string_view bytes) {
  std::string found;
  WireReader reader(bytes);
  while (reader.Next()) {
    if (!found.empty()) found += ' ';
    found += std::to_string(reader.field()) + "=";
    found += reader.text().data() == nullptr ? std::to_string(reader.number())
                                             : "'" + std::string(reader.text()) + "'";
  }
  return reader.ok() ? found : found + " broken";
}

TEST(AWireReader, GivesNumbersAndTextsAndPassesOverTheRest) {
  UnknownFieldSet fields;
  fields.AddVarint(3, 7);
  fields.AddFixed32(9, 1);
  fields.AddLengthDelimited(4)->assign("abc");
  fields.AddFixed64(10, 1);
  fields.AddLengthDelimited(4)->assign("");
  fields.AddVarint(20000, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(Found(Wire(fields)), "3=7 4='abc' 4='' 20000=18446744073709551615");
  EXPECT_EQ(Found(""), "");
}

TEST(AWireReader, TellsWhatIsNoMessageAndReadsNothingBehindIt) {
  UnknownFieldSet fields;
  fields.AddVarint(1, 300);
  fields.AddLengthDelimited(2)->assign("abcdef");
  const std::string whole = Wire(fields);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    if (size == 3) continue;  // the first field alone
    EXPECT_TRUE(Found(whole.substr(0, size)).ends_with(" broken")) << size;
  }
  EXPECT_TRUE(Found(std::string(11, '\xFF')).ends_with(" broken"));
  EXPECT_TRUE(Found("\x0B").ends_with(" broken")) << "groups are not known";
  const std::string long_length("\x12\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11);
  EXPECT_TRUE(Found(long_length).ends_with(" broken"));
}

}  // namespace
}  // namespace relais::gateway

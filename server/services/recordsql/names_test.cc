#include "server/services/recordsql/names.h"

#include <gtest/gtest.h>

namespace relais::recordsql {
namespace {

TEST(Names, AreTakenApart) {
  const auto name =
      RecordSqlName::Parse("erps/demo/dictionaries/gtrstab.dhoq/recordSqls/CodePostal");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->erp, "demo");
  EXPECT_EQ(name->dictionary, "gtrstab.dhoq");
  EXPECT_EQ(name->record_sql, "CodePostal");
  EXPECT_EQ(DictionaryName::Parse("erps/demo/dictionaries/GTRSTAB.DHOQ")->dictionary,
            "GTRSTAB.DHOQ");
  EXPECT_EQ(ErpName::Parse("erps/demo-2")->erp, "demo-2");
}

TEST(Names, ComeBackFromTheirParts) {
  EXPECT_EQ(FormatErpName("demo"), "erps/demo");
  EXPECT_EQ(FormatDictionaryName("demo", "a.dhoq"), "erps/demo/dictionaries/a.dhoq");
  EXPECT_EQ(FormatRecordSqlName("demo", "a.dhoq", "B"),
            "erps/demo/dictionaries/a.dhoq/recordSqls/B");
}

TEST(Names, AreRefusedInAnyOtherForm) {
  for (const char* name :
       {"", "erps", "erps/", "erps/demo/", "/erps/demo", "erp/demo", "ERPS/demo", "erps//demo"}) {
    EXPECT_FALSE(ErpName::Parse(name)) << name;
  }
  for (const char* name : {"erps/demo", "erps/demo/dictionaries/", "erps/demo/dictionaries/a",
                           "erps/demo/dictionaries/.dhoq", "erps/demo/dictionaries/a.dhoq/",
                           "erps/demo/dictionary/a.dhoq", "erps/demo/dictionaries/a b.dhoq",
                           "erps/demo/dictionaries/1.dhoq", "erps/demo/dictionaries/a.dhoq.dhoq"}) {
    EXPECT_FALSE(DictionaryName::Parse(name)) << name;
  }
  for (const char* name :
       {"erps/demo/dictionaries/a.dhoq", "erps/demo/dictionaries/a.dhoq/recordSqls/",
        "erps/demo/dictionaries/a.dhoq/recordSqls/a;b",
        "erps/demo/dictionaries/a.dhoq/recordsqls/B",
        "erps/demo/dictionaries/a.dhoq/recordSqls/B/more/C"}) {
    EXPECT_FALSE(RecordSqlName::Parse(name)) << name;
  }
  EXPECT_FALSE(ErpName::Parse("erps/" + std::string(300, 'a')));
}

TEST(Names, CannotBeTheUpstreamsSpecialWords) {
  for (const char* word : {"_razcache", "_razuser", "_razautorisedhoq", "_razcache.dhoq"}) {
    const std::string name = std::string("erps/demo/dictionaries/") + word;
    EXPECT_FALSE(DictionaryName::Parse(name)) << name;
    EXPECT_FALSE(RecordSqlName::Parse(name + "/recordSqls/X")) << name;
  }
}

TEST(Names, TellTheirErpHoweverTheyGoOn) {
  EXPECT_EQ(QueriedErp::Parse("erps/demo")->erp, "demo");
  EXPECT_EQ(QueriedErp::Parse("erps/demo/dictionaries/nonsense")->erp, "demo");
  EXPECT_FALSE(QueriedErp::Parse("erps/"));
  EXPECT_FALSE(QueriedErp::Parse("queues/demo"));
}

TEST(Identifier, IsALetterThenLettersDigitsAndUnderscores) {
  EXPECT_TRUE(IsIdentifier("A"));
  EXPECT_TRUE(IsIdentifier("Like_Cpostal2"));
  EXPECT_TRUE(IsIdentifier(std::string(64, 'a')));
  for (const std::string& text :
       {std::string(), std::string("_A"), std::string("1A"), std::string("A B"), std::string("A;"),
        std::string("A'"), std::string("É"), std::string("A\0B", 3), std::string(65, 'a')}) {
    EXPECT_FALSE(IsIdentifier(text)) << text;
  }
}

TEST(Identifier, IsQualifiedByExactlyOneTable) {
  EXPECT_TRUE(IsQualifiedField("T057.VIL"));
  for (const char* text : {"", "VIL", ".VIL", "T057.", "A.B.C", "T057.VIL ", "T057.VIL;"}) {
    EXPECT_FALSE(IsQualifiedField(text)) << text;
  }
}

}  // namespace
}  // namespace relais::recordsql

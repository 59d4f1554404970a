#include "server/services/recordsql/dictionary/dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "server/services/recordsql/dictionary/condition.h"

namespace relais::recordsql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string ReadTestFile(const std::string& name) {
  std::ifstream in("server/services/recordsql/dictionary/testdata/dictionary/" + name,
                   std::ios::binary);
  EXPECT_TRUE(in) << name;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

DataDictionary TestData() {
  absl::StatusOr<DataDictionary> data =
      ParseDataDictionary("tables.txt", ReadTestFile("tables.txt"));
  EXPECT_TRUE(data.ok()) << data.status();
  return data.ok() ? *std::move(data) : DataDictionary{};
}

Dictionary TestDictionary() {
  absl::StatusOr<Dictionary> dictionary =
      ParseDictionary("gtrsart.dhsq", ReadTestFile("gtrsart.dhsq"), TestData());
  EXPECT_TRUE(dictionary.ok()) << dictionary.status();
  return dictionary.ok() ? *std::move(dictionary) : Dictionary{};
}

std::string Whole(const std::string& sections) {
  return "<DictionarySql>\n<RecordSql Name=R>\n" + sections;
}

std::string ErrorOf(const std::string& text) {
  return std::string(ParseDictionary("x.dhsq", text, TestData()).status().message());
}

std::string Normalised(const std::string& text) {
  const absl::StatusOr<Node> node = ParseCondition(text, Scope{{"MZ"}, {}, false});
  return node.ok() ? ToText(*node) : "error: " + std::string(node.status().message());
}

std::vector<std::string> NamesOf(const std::vector<Column>& columns) {
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name);
  return names;
}

TEST(DataDictionary, ReadsEveryNature) {
  const DataDictionary data = TestData();
  const Table* table = data.FindTable("all");
  ASSERT_NE(table, nullptr);
  std::vector<ValueKind> kinds;
  for (const Field& field : table->fields) kinds.push_back(field.nature.kind);
  EXPECT_THAT(
      kinds, ElementsAre(ValueKind::kText, ValueKind::kDate, ValueKind::kDateTime, ValueKind::kTime,
                         ValueKind::kDecimal, ValueKind::kDecimal, ValueKind::kDecimal,
                         ValueKind::kDecimal, ValueKind::kInteger, ValueKind::kBoolean));
  EXPECT_EQ(table->fields[4].nature.scale, 4);
  EXPECT_EQ(table->fields[6].nature.scale, 2);
  EXPECT_EQ(table->fields[0].label, "Libell\xC3\xA9");
}

TEST(DataDictionary, NamesTheLineOfAnError) {
  const auto error = [](const std::string& text) {
    return std::string(ParseDataDictionary("t.txt", text).status().message());
  };
  EXPECT_EQ(error("<Table Name=A>\nX 8\nX 9\n"), "t.txt:3: X is declared twice in A");
  EXPECT_THAT(error("<Table Name=A>\nX Q\n"), StartsWith("t.txt:2: 'Q' is not a nature"));
  EXPECT_THAT(error("<Table Name=A>\nX\n"), StartsWith("t.txt:2: the nature of X is missing"));
  EXPECT_THAT(error("<Table Name=A>\nX 8*3\n"), HasSubstr("array"));
  EXPECT_THAT(error("<Table Name=A>\nA_ID L\n"), HasSubstr("implied"));
  EXPECT_THAT(error("<Table Name=A"), StartsWith("t.txt:1: <Table> is never closed"));
}

TEST(Dictionary, ReadsTheWholeLanguage) {
  const Dictionary dictionary = TestDictionary();
  EXPECT_EQ(dictionary.name, "gtrsart.dhoq");
  const RecordSql* article = dictionary.Find("article");
  ASSERT_NE(article, nullptr);
  EXPECT_EQ(article->table, "ART");
  EXPECT_EQ(article->comment, "Les articles: une d\xC3\xA9monstration");
  ASSERT_EQ(article->common.size(), 1u);
  EXPECT_EQ(article->common[0].text, "ART.Dos = MZ.Dos");
  ASSERT_NE(article->FindWhere("BETWEEN_ean"), nullptr);
  EXPECT_EQ(article->FindWhere("between_ean")->condition.text, "ART.Ean BETWEEN :eanD AND :eanF");
  ASSERT_NE(article->FindOrder("par_codeean"), nullptr);
  EXPECT_EQ(article->FindOrder("par_codeean")->label, "Par code EAN");
  EXPECT_THAT(article->FindOrder("par_codeean")->columns, ElementsAre("ART.Ean", "Ref"));
  const Join* join = article->FindJoin("majointure");
  ASSERT_NE(join, nullptr);
  EXPECT_EQ(join->kind, JoinKind::kLeft);
  EXPECT_TRUE(join->active);
  EXPECT_FALSE(article->FindJoin("SECOND")->active);
  EXPECT_THAT(article->FindJoin("SECOND")->dependencies, ElementsAre("MAJOINTURE", "X"));
}

TEST(Dictionary, NamesReplyColumnsAsTheServiceDoes) {
  const Dictionary dictionary = TestDictionary();
  const std::vector<Column> columns = ColumnsOf(*dictionary.Find("ARTICLE"), TestData());
  EXPECT_THAT(NamesOf(columns), ElementsAre("ART_ID", "DOS", "REF", "EAN", "PU", "FAM_LIB",
                                            "LIBELLE2", "DOUBLE", "X_FAM"));
  EXPECT_EQ(columns[4].nature->kind, ValueKind::kDecimal);
  EXPECT_EQ(columns[5].join, "MAJOINTURE");
  EXPECT_EQ(columns[6].join, "SECOND");
  EXPECT_FALSE(columns[7].nature.has_value());
}

TEST(Dictionary, JoinsConditionLinesWithAnd) {
  const Dictionary dictionary = TestDictionary();
  EXPECT_EQ(dictionary.Find("ARTICLE")->FindWhere("Deux")->condition.text,
            "(ART.Ref = :ref OR ART.Ean = :ref) AND ART.Pu >= 1.5");
}

TEST(Dictionary, RefusesATableWithoutDossierGuard) {
  EXPECT_EQ(
      ErrorOf(Whole("<SELECT>\nART.*\n<FROM>\nART\n")),
      "x.dhsq:2: RecordSql R reads ART, which has a DOS column, without an unnamed WHERE line "
      "'Dos = MZ.Dos'; it would show every company file");
  EXPECT_THAT(ErrorOf(Whole("<SELECT>\nART.*\n<FROM>\nART\n<WHERE>\nDos = MZ.Dos OR Ref = 'A'\n")),
              HasSubstr("company file"));
  EXPECT_THAT(ErrorOf(Whole("<SELECT>\nART.*\n<FROM>\nART\n<WHERE>\nCase C()\nDos = MZ.Dos\n")),
              HasSubstr("company file"));
}

TEST(Dictionary, AcceptsTheDossierGuardInEveryForm) {
  for (const std::string guard :
       {"Dos = MZ.Dos", "ART.DOS = mz.dos", "MZ.Dos=dos", "ART.Ref <> '' AND MZ.DOS = Art.Dos"}) {
    EXPECT_EQ(ErrorOf(Whole("<SELECT>\nART.*\n<FROM>\nART\n<WHERE>\n" + guard)), "") << guard;
  }
}

TEST(Dictionary, RefusesAnImplicitJoinThatLeavesADossierOpen) {
  const std::string from = "<SELECT>\nART.*\n<FROM>\nART\nFAM\n<WHERE>\nART.Dos = MZ.Dos\n";
  EXPECT_THAT(ErrorOf(Whole(from)), HasSubstr("reads FAM"));
  EXPECT_EQ(ErrorOf(Whole(from + "FAM.Dos = ART.Dos\n")), "");
}

TEST(Dictionary, NamesTheLineOfAnError) {
  const std::string head = "<SELECT>\nART.Ref\n<FROM>\nART\n<WHERE>\nDos = MZ.Dos\n";
  EXPECT_THAT(ErrorOf(Whole(head + "Upper(Ref) = 'A'\n")),
              StartsWith("x.dhsq:9: the function 'Upper' is not supported"));
  EXPECT_THAT(ErrorOf(Whole(head + "OTHER.Ref = 'A'\n")),
              StartsWith("x.dhsq:9: OTHER is neither a table nor a join"));
  EXPECT_THAT(ErrorOf(Whole(head + "Case C(text a)\nRef = a\n")),
              StartsWith("x.dhsq:9: 'text' is not char, int, date or num"));
  EXPECT_THAT(ErrorOf(Whole(head + "Case C(char Ref)\nRef = Ref\n")),
              StartsWith("x.dhsq:10: a parameter is compared with no column"));
  EXPECT_THAT(ErrorOf(Whole(head + "<ORDERBY>\nCase C\nRef DESC\n")),
              StartsWith("x.dhsq:11: a sort direction"));
  EXPECT_THAT(ErrorOf(Whole(head + "<LeftJoin Name=J>\nFAM as F Using FamDef(a)\n")),
              HasSubstr("not supported"));
  EXPECT_THAT(ErrorOf(Whole(head + "<SwitchSql>\n")),
              StartsWith("x.dhsq:9: <SwitchSql> is not a section"));
  EXPECT_THAT(ErrorOf(Whole(head + "Ref = 'A\n")), StartsWith("x.dhsq:9: a quote"));
  EXPECT_THAT(ErrorOf("hello"), StartsWith("x.dhsq:1: 'hello' stands before the first tag"));
  EXPECT_THAT(ErrorOf(""), StartsWith("x.dhsq:1: the file holds no"));
}

TEST(Dictionary, RefusesTheSameNameTwice) {
  const std::string head = "<SELECT>\nART.Ref\n<FROM>\nART\n<WHERE>\nDos = MZ.Dos\n";
  EXPECT_THAT(ErrorOf(Whole(head + "Case C()\nRef = 'A'\nCase c()\nRef = 'B'\n")),
              HasSubstr("where case c is declared twice"));
  EXPECT_THAT(ErrorOf(Whole(head + "<RecordSql Name=r>\n")), HasSubstr("declared twice"));
}

TEST(DictionaryOverride, AddsFieldsJoinsAndOrders) {
  Dictionary base = TestDictionary();
  const std::string text = ReadTestFile("gtrsartu.dhsq");
  EXPECT_EQ(*OverrideTarget("gtrsartu.dhsq", text), "gtrsart.dhoq");
  const absl::Status status = MergeOverride("gtrsartu.dhsq", text, TestData(), base);
  ASSERT_TRUE(status.ok()) << status;
  const RecordSql* article = base.Find("ARTICLE");
  EXPECT_NE(article->FindJoin("ENPLUS"), nullptr);
  EXPECT_NE(article->FindOrder("Par_Pu"), nullptr);
  EXPECT_THAT(NamesOf(ColumnsOf(*article, TestData())), ::testing::Contains("PRIX"));
  EXPECT_THAT(std::string(ParseDictionary("u.dhsq", text, TestData()).status().message()),
              HasSubstr("load it with its base"));
}

TEST(DictionaryOverride, RefusesEverythingElse) {
  Dictionary base = TestDictionary();
  const std::string head = "<DictionarySql overwrite='gtrsart.dhoq'>\n";
  const auto error = [&](const std::string& text) {
    return std::string(MergeOverride("u.dhsq", text, TestData(), base).message());
  };
  EXPECT_THAT(error(head + "<RecordSql Name=ARTICLE>\n<WHERE>\nRef = 'A'\n"),
              StartsWith("u.dhsq:2: the override of ARTICLE may only add"));
  EXPECT_THAT(error(head + "<RecordSql Name=OTHER>\n<SELECT>\nART.Ref as R\n"),
              HasSubstr("does not exist"));
  EXPECT_THAT(error("<DictionarySql overwrite=other.dhoq>\n"), HasSubstr("does not declare"));
}

TEST(Condition, IsNormalised) {
  EXPECT_EQ(Normalised("t.a!=1 and (b like 'x%' or not c is null)"),
            "t.a <> 1 AND (b LIKE 'x%' OR NOT c IS NULL)");
  EXPECT_EQ(Normalised("a not between -1 and 2.5"), "a NOT BETWEEN -1 AND 2.5");
  EXPECT_EQ(Normalised("a not in ('it''s', 'b')"), "a NOT IN ('it''s', 'b')");
  EXPECT_EQ(Normalised("((a = 1))"), "a = 1");
}

TEST(Condition, SurvivesARoundTrip) {
  for (const std::string text :
       {"a = 1 AND b = 2 OR c = 3", "(a = 1 OR b = 2) AND NOT (c = 3 OR d = 4)",
        "a IN (1, 2) AND mz.dos = b", "NOT NOT a IS NOT NULL"}) {
    const std::string once = Normalised(text);
    EXPECT_EQ(Normalised(once), once);
  }
}

TEST(Condition, RefusesWhatItDoesNotKnow) {
  for (const std::string text : {"",
                                 "a",
                                 "a =",
                                 "= 1",
                                 "a = 1 b = 2",
                                 "a = 1; DROP TABLE t",
                                 "a = 1 -- x",
                                 "a = (SELECT 1)",
                                 "a = upper('x')",
                                 "a like",
                                 "a between 1 or 2",
                                 "a in ()",
                                 "a = \"x\"",
                                 "a = 'x",
                                 "(a = 1",
                                 "a = 1)",
                                 "exists (a = 1)",
                                 "a = :p",
                                 "a = b + 1",
                                 "a not = 1",
                                 "\x01"}) {
    EXPECT_THAT(Normalised(text), StartsWith("error: ")) << text;
  }
}

TEST(Condition, LimitsNesting) {
  const auto nested = [](int depth) {
    return std::string(depth, '(') + "a = 1" + std::string(depth, ')');
  };
  EXPECT_EQ(Normalised(nested(60)), "a = 1");
  EXPECT_THAT(Normalised(nested(65)), HasSubstr("64 levels"));
  EXPECT_THAT(Normalised(nested(30000)), HasSubstr("64 levels"));
  std::string nots;
  for (int i = 0; i < 10000; ++i) nots += "NOT ";
  EXPECT_THAT(Normalised(nots + "a = 1"), HasSubstr("64 levels"));
}

TEST(Dictionary, SurvivesEveryTruncationAndEveryByte) {
  const std::string text = ReadTestFile("gtrsart.dhsq");
  const DataDictionary data = TestData();
  for (size_t length = 0; length < text.size(); ++length) {
    (void)ParseDictionary("x.dhsq", text.substr(0, length), data);
  }
  for (size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'\0', '<', '>', '\'', '"', ';', '(', '\xFF', '\n'}) {
      std::string broken = text;
      broken[i] = c;
      (void)ParseDictionary("x.dhsq", broken, data);
    }
  }
}

}  // namespace
}  // namespace relais::recordsql

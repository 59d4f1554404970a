#include "server/services/jobqueue/names.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"

namespace relais::jobqueue {
namespace {

std::string Segment(const std::string& text) { return absl::WebSafeBase64Escape(text); }

TEST(Names, ComeBackAsTheyWereMade) {
  EXPECT_EQ(FormatQueueName("main"), "queues/main");
  EXPECT_EQ(QueueName::Parse("queues/main")->queue, "main");
  EXPECT_EQ(FormatJobName("main", "0B5c-1"), "queues/main/jobs/0B5c-1");
  const auto job = JobName::Parse("queues/main/jobs/0B5c-1");
  ASSERT_TRUE(job);
  EXPECT_EQ(job->queue, "main");
  EXPECT_EQ(job->job, "0B5c-1");  // the case stays
}

TEST(Names, CarryAnyOutputName) {
  for (const std::string& file_name :
       {std::string("A & B #1 50%+.log"), std::string("a\\b/c..\\d.xlsx"), std::string("é"),
        std::string("../../etc/passwd"), std::string("line\nbreak"), std::string(1024, 'x')}) {
    const std::string name = FormatOutputFileName("q-1", "ab", file_name);
    const auto output = OutputFileName::Parse(name);
    ASSERT_TRUE(output) << name;
    EXPECT_EQ(output->queue, "q-1");
    EXPECT_EQ(output->job, "ab");
    EXPECT_EQ(output->file_name, file_name);
  }
}

TEST(Names, CarryAnUploadWithOrWithoutItsFileName) {
  const auto both = InputFileName::Parse(FormatInputFileName("main", "up/1 x", "steels é.xlsx"));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->upload, "up/1 x");
  EXPECT_EQ(both->file_name, "steels é.xlsx");
  const auto only = InputFileName::Parse(FormatInputFileName("main", "up/1", ""));
  ASSERT_TRUE(only);
  EXPECT_EQ(only->upload, "up/1");
  EXPECT_EQ(only->file_name, "");
  EXPECT_TRUE(InputFileName::Parse(
      FormatInputFileName("main", std::string(512, 'u'), std::string(255, 'f'))));
}

TEST(Names, RefuseOtherForms) {
  for (const char* name : {"",
                           "queues",
                           "queues/",
                           "queue/main",
                           "/queues/main",
                           "queues/main/",
                           "queues/Main",
                           "queues/1main",
                           "queues/-main",
                           "queues/main_1",
                           "queues/ma in",
                           "queues//jobs/ab",
                           "queues/main/jobs",
                           "queues/main/jobs/",
                           "queues/main/jobs/xyz",
                           "queues/main/jobs/ab/",
                           "queues/main/jobs/..",
                           "queues/main/jobs/ab%2f",
                           "queues/main/job/ab",
                           "queues/main/jobs/ab/outputFiles",
                           "queues/main/jobs/ab/outputFiles/",
                           "queues/main/jobs/ab/outputfiles/YQ",
                           "queues/main/inputFiles",
                           "queues/main/inputFiles/",
                           "queues/main/inputFiles/YQ/x"}) {
    EXPECT_FALSE(QueueName::Parse(name)) << name;
    EXPECT_FALSE(JobName::Parse(name)) << name;
    EXPECT_FALSE(OutputFileName::Parse(name)) << name;
    EXPECT_FALSE(InputFileName::Parse(name)) << name;
  }
  EXPECT_FALSE(QueueName::Parse("queues/" + std::string(64, 'a')));
  EXPECT_TRUE(QueueName::Parse("queues/" + std::string(63, 'a')));
  EXPECT_FALSE(JobName::Parse("queues/main/jobs/" + std::string(65, 'a')));
  EXPECT_FALSE(JobName::Parse(std::string("queues/main/jobs/ab\0", 20)));
}

TEST(Names, RefuseOtherSpellingsOfTheSameFile) {
  const std::string outputs = "queues/main/jobs/ab/outputFiles/";
  EXPECT_TRUE(OutputFileName::Parse(outputs + "YQ"));
  for (const char* segment : {"YQ==", "YR", "Y", "YQ\n", " YQ", "Y+", "Y/", "_", "****"}) {
    EXPECT_FALSE(OutputFileName::Parse(outputs + segment)) << segment;
    EXPECT_FALSE(InputFileName::Parse(std::string("queues/main/inputFiles/") + segment)) << segment;
  }
}

TEST(Names, RefuseSegmentsThatNoFileHas) {
  for (const std::string& text :
       {std::string("a\0b", 3), std::string("\xff"), std::string(1025, 'x')}) {
    EXPECT_FALSE(OutputFileName::Parse("queues/main/jobs/ab/outputFiles/" + Segment(text)));
  }
  for (const std::string& text :
       {std::string("\n"), std::string("\nfile"), std::string("up\n"), std::string("up\n.."),
        std::string("up\na/b"), std::string("up\na\\b"), std::string("up\na\nb"),
        std::string("up\t\nfile"), std::string("\xff\nfile"), std::string("up\n\xff"),
        std::string("up\n") + std::string(256, 'f'), std::string(513, 'u'),
        std::string("up\na\0", 5)}) {
    EXPECT_FALSE(InputFileName::Parse("queues/main/inputFiles/" + Segment(text))) << text;
  }
}

}  // namespace
}  // namespace relais::jobqueue

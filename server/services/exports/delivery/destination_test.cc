#include "server/services/exports/delivery/destination.h"

#include <gtest/gtest.h>

#include <string>

#include "server/services/exports/delivery/sftp_session.h"

namespace relais::exports {
namespace {

absl::Status MadeOf(const config::v1::ExportDestination& settings) {
  ThreadScheduler scheduler;
  return MakeDestination(
             "drop", settings, [](std::string_view) { return Secret("s"); }, scheduler)
      .status();
}

TEST(ADestination, ThatCannotBeUsedNamesTheKey) {
  config::v1::ExportDestination settings;
  settings.mutable_sftp()->set_private_key_file("/nowhere/key");
  EXPECT_EQ(MadeOf(settings).message(),
            "exports.destinations.drop.sftp.private_key_file cannot be read.");
  settings.mutable_sftp()->clear_private_key_file();
  settings.mutable_sftp()->set_path("/~/incoming");
  EXPECT_EQ(MadeOf(settings).message(),
            "exports.destinations.drop.sftp.path must not begin with \"/~\".");
  settings.mutable_s3()->set_region("a:b");
  EXPECT_EQ(MadeOf(settings).message(),
            "exports.destinations.drop.s3.region must not have a colon.");
  settings.mutable_http()->set_user("a:b");
  EXPECT_FALSE(MadeOf(settings).ok());
}

TEST(SftpCommands, QuoteWhatLibcurlWouldTakeApart) {
  EXPECT_EQ(QuoteForSftp("/a b/it's \"x\" \\ y"), R"("/a b/it's \"x\" \\ y")");
}

}  // namespace
}  // namespace relais::exports

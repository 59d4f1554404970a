// Files, and destinations that a configuration describes.

#ifndef RELAIS_TESTS_DELIVERY_DELIVERY_H_
#define RELAIS_TESTS_DELIVERY_DELIVERY_H_

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/core/base/scheduler.h"
#include "server/services/exports/delivery/destination.h"
#include "tests/support/temporary_folder.h"

namespace relais::delivery {

// Names that are hard for someone on the way.
inline constexpr const char* kHardNames[] = {
    "plain.csv",    "with blank.csv", "quote\"s'.csv",    "back\\slash.csv", "Grüße €.csv",
    "100%25 %.csv", "a+b&c=d.csv",    "semi;colon#?.csv", "-rf *.csv",       "tilde~.csv"};

class DeliveryTest : public testing::Test {
 protected:
  using Secrets = std::map<std::string, std::string>;  // by their keys

  std::unique_ptr<exports::Destination> Make(const config::v1::ExportDestination& settings,
                                             const Secrets& secrets);
  // A file of the gateway's with that content, to be delivered by the id "run-1".
  exports::OutgoingFile FileOf(const std::string& content, std::string path, bool replace = true);

  absl::Status Put(const exports::OutgoingFile& file) {
    return destination_->Put(CallContext(), file);
  }
  absl::Status CleanUp(const exports::OutgoingFile& file) {
    return destination_->CleanUp(CallContext(), file);
  }

  // In the child of a death test: delivers until it dies at the failpoint; exit code 7: it did not.
  [[noreturn]] static void DeliverUntil(const char* failpoint, exports::Destination& destination,
                                        const exports::OutgoingFile& file);

  TemporaryFolder local_;
  int files_ = 0;
  ThreadScheduler scheduler_;
  config::v1::ExportDestination settings_;
  std::unique_ptr<exports::Destination> destination_;
};

// Deliveries to a server whose files can be looked at: it serves a folder of this machine.
class FolderServerTest : public DeliveryTest {
 protected:
  // Has a folder of its own below the one that is served.
  explicit FolderServerTest(const std::string& served);

  // What is in a folder below it, in no order.
  std::vector<std::string> Names(const std::string& folder = "") const;
  // The content of a file below it.
  std::string There(const std::string& path) const;

  const std::string name_;
  const std::string folder_;  // its path
};

// `size` bytes that do not repeat.
std::string ContentOfSize(std::size_t size);

// A folder of its own for each test below the one that a server serves, e.g. "test-3".
std::string FreshFolder();

}  // namespace relais::delivery

#endif  // RELAIS_TESTS_DELIVERY_DELIVERY_H_

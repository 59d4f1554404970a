// The state cannot be written at some step.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "server/core/base/error.h"
#include "server/core/state/sqlite_store.h"
#include "server/core/state/submissions.h"
#include "server/core/state/test_upstream.h"
#include "tests/support/manual_scheduler.h"

namespace relais::state {
namespace {

absl::Status Full() {
  return Error(absl::StatusCode::kResourceExhausted, Reason::kGatewayStorageFull) << "Full.";
}

// A store whose disk is full for one kind of change.
class FailingStore final : public StateStore {
 public:
  bool InPlace() override { return true; }
  bool claim = false;
  bool advance = false;
  bool complete = false;
  bool forget = false;

  absl::StatusOr<std::optional<Entry>> Claim(const Entry& entry) override {
    if (claim) return Full();
    return store_->Claim(entry);
  }
  absl::StatusOr<std::optional<Entry>> Read(std::string_view key) override {
    return store_->Read(key);
  }
  absl::Status Advance(std::string_view key, Phase phase, absl::Time now) override {
    return advance ? Full() : store_->Advance(key, phase, now);
  }
  absl::Status Complete(std::string_view key, std::string_view answer, absl::Time now) override {
    return complete ? Full() : store_->Complete(key, answer, now);
  }
  absl::Status Forget(std::string_view key) override {
    return forget ? Full() : store_->Forget(key);
  }
  absl::StatusOr<std::vector<Entry>> Unfinished() override { return store_->Unfinished(); }
  absl::StatusOr<std::int64_t> Prune(absl::Time time, std::int64_t most) override {
    return store_->Prune(time, most);
  }

 private:
  std::unique_ptr<StateStore> store_ = *SqliteStore::Open(":memory:");
};

class AFullDisk : public testing::Test {
 protected:
  AFullDisk() { scheduler_.SkipWaits(); }

  Answer Once() { return submissions_.Once(CallContext(), create_, upstream_.steps()); }

  const Mutation create_{.scope = "jobqueue/CreateJob/queues/main",
                         .subject = "main",
                         .request_id = "id",
                         .payload = "payload"};
  ManualScheduler scheduler_;
  FailingStore store_;
  TestUpstream upstream_;
  Submissions submissions_{store_, scheduler_, SubmissionPolicy()};
};

TEST_F(AFullDisk, LetsNothingBeSentThatIsNotWrittenDown) {
  for (bool FailingStore::*change : {&FailingStore::claim, &FailingStore::advance}) {
    store_.*change = true;
    EXPECT_EQ(Once().status(), Full());
    EXPECT_TRUE(upstream_.sent().empty());
    store_.*change = false;
  }
  EXPECT_EQ(Once().value(), "job 1");
}

TEST_F(AFullDisk, DoesNotTakeBackAnAnswer) {
  store_.complete = true;
  EXPECT_EQ(Once().value(), "job 1");
  store_.complete = false;
  EXPECT_EQ(Once().value(), "job 1");  // by asking
  EXPECT_EQ(upstream_.sent().size(), 1u);
  EXPECT_EQ(upstream_.asked().size(), 1u);
}

TEST_F(AFullDisk, MakesACertainFailureBeAskedForAgain) {
  store_.forget = true;
  upstream_.takes = false;
  upstream_.reply = NotReached();
  EXPECT_EQ(Once().status(), NotReached());
  upstream_.takes = true;
  upstream_.reply = absl::OkStatus();
  EXPECT_FALSE(Once().ok());
  EXPECT_EQ(upstream_.sent().size(), 1u);
  store_.forget = false;
  EXPECT_EQ(Once().value(), "job 1");
}

TEST_F(AFullDisk, RunsARepeatableMutationAllTheSame) {
  store_.claim = true;
  const auto run = [](const CallContext&) -> Answer { return "done"; };
  EXPECT_EQ(submissions_.Remember(CallContext(), create_, run).value(), "done");
}

}  // namespace
}  // namespace relais::state

#include "relais/client/rows.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace relais::client {
namespace {

using Columns = std::vector<recordsql::v1::Column>;

class RowValues : public ::testing::Test {
 protected:
  RowValues() {
    auto columns = std::make_shared<Columns>(3);
    (*columns)[0].set_name("ID");
    (*columns)[1].set_name("NOTE");
    (*columns)[2].set_name("TIME");
    batch_->columns = std::move(columns);
    recordsql::v1::Row& row = *batch_->message.add_rows();
    row.add_values()->set_integer_value(7);
    row.add_values()->set_null_value(google::protobuf::NULL_VALUE);
    row.add_values()->mutable_time_value()->set_nanos(500);
  }
  Row row() const { return Row(batch_, 0); }

 private:
  std::shared_ptr<internal::Batch> batch_ = std::make_shared<internal::Batch>();
};

TEST_F(RowValues, AreFoundByNameOfAnyCaseAndByPosition) {
  EXPECT_EQ(row().Get<int64_t>("id").value(), 7);
  EXPECT_EQ(row().Get<int64_t>(std::string("Id")).value(), 7);
  EXPECT_EQ(row().Get<int64_t>(0).value(), 7);
}

TEST_F(RowValues, OfNoColumnAreErrors) {
  for (int position : {-1, 3, 1000})
    EXPECT_TRUE(absl::IsInvalidArgument(row().Get<int64_t>(position).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(row().Get<int64_t>("").status()));
}

TEST_F(RowValues, ThatAreNullAreErrorsOrNothing) {
  EXPECT_TRUE(absl::IsInvalidArgument(row().Get<std::string>("NOTE").status()));
  EXPECT_EQ(row().Get<std::optional<std::string>>("NOTE").value(), std::nullopt);
  EXPECT_TRUE(absl::IsInvalidArgument(row().Get<std::optional<std::string>>("ID").status()));
}

TEST_F(RowValues, OfTimesKeepTheirFraction) {
  EXPECT_EQ(row().Get<absl::Duration>("TIME").value(), absl::Nanoseconds(500));
}

TEST_F(RowValues, OutliveTheirBatch) {
  std::optional<Row> kept;
  {
    auto batch = std::make_shared<internal::Batch>();
    batch->columns = std::make_shared<Columns>(1);
    batch->message.add_rows()->add_values()->set_string_value("kept");
    kept = Row(batch, 0);
  }
  EXPECT_EQ(kept->Get<std::string>(0).value(), "kept");
}

}  // namespace
}  // namespace relais::client

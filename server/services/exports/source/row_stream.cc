#include "server/services/exports/source/row_stream.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/base/violations.h"
#include "server/services/exports/source/message_cells.h"

namespace relais::exports {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kLargestPage = 1000;

// The one repeated field of a list's response.
const FieldDescriptor* ListField(const Descriptor& response) {
  for (int i = 0; i < response.field_count(); ++i) {
    if (response.field(i)->is_repeated()) return response.field(i);
  }
  return nullptr;
}

std::string TextIn(const Message& message, const char* name) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(name);
  return message.GetReflection()->GetString(message, field);
}

void SetTextIn(Message& message, const char* name, const std::string& text) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(name);
  message.GetReflection()->SetString(&message, field, text);
}

class ListRows final : public RowStream {
 public:
  ListRows(const gateway::LocalCalls& calls, const BoundQuery& query, std::vector<ItemField> fields)
      : pages_(calls, query), fields_(std::move(fields)) {
    for (const ItemField& field : fields_) columns_.push_back(field.column());
  }

  absl::StatusOr<bool> Next(const CallContext& context, gateway::CellBlock& rows) override {
    rows.Begin(columns_.size());
    absl::StatusOr<bool> more = pages_.Next(context);
    if (!more.ok() || !*more) return more;
    for (int i = 0; i < pages_.size(); ++i) {
      for (const ItemField& field : fields_) field.AddCell(pages_.item(i), rows);
    }
    return true;
  }

  const std::vector<gateway::SourceColumn>& columns() const override { return columns_; }
  std::optional<std::int64_t> total() const override { return pages_.total(); }

 private:
  ItemPages pages_;
  const std::vector<ItemField> fields_;
  std::vector<gateway::SourceColumn> columns_;
};

class StreamedRows final : public RowStream {
 public:
  StreamedRows(const gateway::LocalCalls& calls, const BoundQuery& query)
      : calls_(calls),
        method_(*query.offer->method),
        decode_(query.offer->decode),
        request_(query.request->New()) {
    request_->CopyFrom(*query.request);
  }

  absl::StatusOr<bool> Next(const CallContext& context, gateway::CellBlock& rows) override {
    rows.Begin(columns_.size());
    if (rows_ == nullptr) {
      auto opened = calls_.Open(method_, *request_);
      if (!opened.ok()) return opened.status();
      rows_ = *std::move(opened);
    }
    std::string_view response;
    absl::StatusOr<bool> more = rows_->Next(context, response);
    if (!more.ok()) {
      rows_ = nullptr;  // the next call resumes
      return more;
    }
    if (!*more) return false;
    std::string resume_token;
    absl::Status status = decode_(response, columns_, rows, resume_token);
    if (!status.ok()) return status;
    SetTextIn(*request_, "resume_token", resume_token);
    return true;
  }

  const std::vector<gateway::SourceColumn>& columns() const override { return columns_; }

 private:
  const gateway::LocalCalls& calls_;
  const google::protobuf::MethodDescriptor& method_;
  const gateway::RowOffer::Decode decode_;
  std::unique_ptr<Message> request_;          // of the stream that goes on from here
  std::unique_ptr<gateway::LocalRows> rows_;  // null: to be opened
  std::vector<gateway::SourceColumn> columns_;
};

}  // namespace

ItemPages::ItemPages(const gateway::LocalCalls& calls, const BoundQuery& query)
    : calls_(calls),
      method_(*query.offer->method),
      items_(ListField(*method_.output_type())),
      request_(query.request->New()),
      response_(gateway::NewMessage(*method_.output_type())) {
  request_->CopyFrom(*query.request);
  const FieldDescriptor* const size = request_->GetDescriptor()->FindFieldByName("page_size");
  if (request_->GetReflection()->GetInt32(*request_, size) == 0)
    request_->GetReflection()->SetInt32(request_.get(), size, kLargestPage);
}

absl::StatusOr<bool> ItemPages::Next(const CallContext& context) {
  if (!more_) return false;
  const std::unique_ptr<Message> answer = gateway::NewMessage(*method_.output_type());
  if (absl::Status status = calls_.Call(context, method_, *request_, *answer); !status.ok())
    return status;
  response_->GetReflection()->Swap(response_.get(), answer.get());
  const std::string token = TextIn(*response_, "next_page_token");
  SetTextIn(*request_, "page_token", token);
  more_ = !token.empty();
  const FieldDescriptor* const total = response_->GetDescriptor()->FindFieldByName("total_size");
  if (total != nullptr && response_->GetReflection()->HasField(*response_, total))
    total_ = response_->GetReflection()->GetInt64(*response_, total);
  return true;
}

int ItemPages::size() const { return response_->GetReflection()->FieldSize(*response_, items_); }

const Message& ItemPages::item(int i) const {
  return response_->GetReflection()->GetRepeatedMessage(*response_, items_, i);
}

absl::StatusOr<std::unique_ptr<RowStream>> OpenRows(const gateway::LocalCalls& calls,
                                                    const BoundQuery& query,
                                                    const std::vector<std::string>& fields) {
  if (query.offer->decode != nullptr) return std::make_unique<StreamedRows>(calls, query);
  const Descriptor& item = *ListField(*query.offer->method->output_type())->message_type();
  if (fields.empty()) return std::make_unique<ListRows>(calls, query, ItemField::AllOf(item));
  Violations violations;
  std::vector<ItemField> found;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    std::optional<ItemField> field = ItemField::Find(item, fields[i]);
    if (field) {
      found.push_back(*std::move(field));
    } else {
      violations.Add(absl::StrCat("columns[", i, "].field"),
                     absl::StrCat("is no field of ", item.name(), " that can be a cell"));
    }
  }
  if (!violations.empty()) return violations.ToStatus();
  return std::make_unique<ListRows>(calls, query, std::move(found));
}

}  // namespace relais::exports

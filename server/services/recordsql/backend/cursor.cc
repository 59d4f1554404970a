#include "server/services/recordsql/backend/cursor.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "server/services/recordsql/dictionary/dictionary.h"

namespace relais::recordsql {
namespace {

// The key of TABLE.FIELD in replies: base columns have no prefix, joined ones TABLE_.
std::string KeyColumn(const QueryPlan& plan) {
  const std::size_t dot = plan.keyset_field.find('.');
  if (dot == std::string::npos) return "";
  const std::string table = plan.keyset_field.substr(0, dot);
  const std::string field = plan.keyset_field.substr(dot + 1);
  const bool base = plan.declared == nullptr || SameName(table, plan.declared->alias);
  return base ? field : table + "_" + field;
}

}  // namespace

RecordCursor::RecordCursor(Backend& backend, QueryPlan plan, RowLayout layout,
                           CursorOptions options)
    : backend_(backend),
      plan_(std::move(plan)),
      layout_(std::move(layout)),
      options_(std::move(options)),
      position_(options_.start),
      left_(options_.limit.value_or(std::numeric_limits<std::int64_t>::max())) {
  decode_.key_column = KeyColumn(plan_);
  decode_.key_is_number = plan_.keyset_is_number;
  const bool asked_for =
      std::any_of(plan_.fields.begin(), plan_.fields.end(),
                  [this](const std::string& field) { return SameName(field, decode_.key_column); });
  // It is needed to cut the next page; the layout does not have it, so that the caller does not see
  // it.
  if (by_keyset() && !plan_.fields.empty() && !asked_for)
    plan_.fields.push_back(decode_.key_column);
}

absl::StatusOr<const RowBatch*> RecordCursor::Peek(const CallContext& context) {
  if (batches_.empty() && !at_end_ && left_ > 0) {
    if (absl::Status status = ReadPage(context); !status.ok()) return status;
  }
  return batches_.empty() ? nullptr : &batches_.front();
}

absl::StatusOr<std::optional<RowBatch>> RecordCursor::Next(const CallContext& context) {
  const absl::StatusOr<const RowBatch*> next = Peek(context);
  if (!next.ok()) return next.status();
  if (*next == nullptr) return std::nullopt;
  std::optional<RowBatch> batch = std::move(batches_.front());
  batches_.pop_front();
  position_.offset += batch->count;
  position_.key = batch->last_key;
  return batch;
}

absl::Status RecordCursor::ReadPage(const CallContext& context) {
  PageCut cut;
  cut.count = std::min(options_.page_size, left_);
  cut.after = position_.key;
  cut.included = !cut.after.empty() && !only_overlap_;
  cut.offset = by_keyset() ? 0 : position_.offset;
  decode_.key_before = position_.key;
  decode_.overlaps = cut.included;
  absl::StatusOr<Page> page = backend_.Read(context, plan_, cut, decode_, layout_);
  if (!page.ok()) return page.status();
  if (!started_) {
    started_ = true;
    table_ = std::move(page->table);
    infos_ = std::move(page->infos);
  }
  if (cut.included && page->count == 0) {
    // Nothing but the overlap, which may be all that the upstream's cap lets through: ask for what
    // is really behind it.
    only_overlap_ = true;
    return ReadPage(context);
  }
  only_overlap_ = false;
  at_end_ = page->count == 0 || (page->received < cut.count && !options_.verify_last_page);
  left_ -= std::min(left_, page->count);
  std::move(page->batches.begin(), page->batches.end(), std::back_inserter(batches_));
  return absl::OkStatus();
}

}  // namespace relais::recordsql

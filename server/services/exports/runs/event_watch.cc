#include "server/services/exports/runs/event_watch.h"

#include <utility>

#include "google/protobuf/message.h"
#include "google/type/date.pb.h"
#include "server/core/base/error.h"
#include "server/core/base/log/log.h"
#include "server/gateway/messages/timestamp.h"
#include "server/services/exports/runs/making.h"
#include "server/services/exports/runs/plan.h"

namespace relais::exports {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::Duration kPatience = absl::Seconds(60);

// The first day in a message: that of a campaign's statement.
std::optional<absl::CivilDay> DayIn(const Message& message) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* const field = message.GetDescriptor()->field(i);
    if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
        field->message_type() != google::type::Date::descriptor() ||
        !message.GetReflection()->HasField(message, field))
      continue;
    const auto& date =
        static_cast<const google::type::Date&>(message.GetReflection()->GetMessage(message, field));
    return absl::CivilDay(date.year(), date.month(), date.day());
  }
  return std::nullopt;
}

bool HasEnded(const Message& message, const gateway::EndOffer& offer) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(offer.field);
  return message.GetReflection()->GetEnum(message, field)->name() == offer.ended;
}

}  // namespace

void EventWatch::Look(const KeptExport& kept, std::stop_token stop) {
  {
    const std::lock_guard lock(mu_);
    absl::Time& asked = asked_.emplace(kept.id(), absl::InfinitePast()).first->second;
    if (scheduler_.Now() < asked + kInterval) return;
    asked = scheduler_.Now();
  }
  (void)asking_.Submit([this, kept, stop = std::move(stop)] {
    const CallContext context = CallContext::Own(kept.id(), stop, scheduler_.Now() + kPatience);
    const absl::Status status = Ask(kept, context);
    if (status.ok() || context.cancelled()) return;
    Log(LogLevel::kWarning, "export waits for an event that cannot be asked for",
        {{"export", kept.id()}, {"problem", std::string(status.message())}});
  });
}

absl::Status EventWatch::Ask(const KeptExport& kept, const CallContext& context) {
  for (const gateway::EndOffer& offer : sources_.offers().ends) {
    const std::unique_ptr<Message> request = gateway::NewMessage(*offer.method->input_type());
    const std::unique_ptr<Message> answer = gateway::NewMessage(*offer.method->output_type());
    request->GetReflection()->SetString(request.get(),
                                        request->GetDescriptor()->FindFieldByName("name"),
                                        kept.definition().schedule().end_of_campaign().campaign());
    absl::Status status = sources_.calls().Call(context, *offer.method, *request, *answer);
    if (!status.ok()) return status;
    if (HasEnded(*answer, offer)) return MakeRunOf(kept, *answer);
  }
  return absl::OkStatus();
}

absl::Status EventWatch::MakeRunOf(KeptExport kept, const Message& ended) {
  const absl::Time now = scheduler_.Wall();
  const SlotPlan periods = PeriodsOf(kept.definition());
  const absl::CivilDay day = DayIn(ended).value_or(absl::ToCivilDay(now, periods.zone()));
  NewRun run{periods.PeriodOf(day), v1::ExportRun::TRIGGER_EVENT, now, now};
  run.begin = now + absl::Seconds(kept.definition().schedule().grace().seconds());
  // One that was made by hand before the end has not all of the data.
  const auto earlier = book_.FindRun(RunNameOf(kept.id(), run.period.id));
  if (!earlier.ok()) return earlier.status();
  if (!*earlier || (*earlier)->run().trigger() != v1::ExportRun::TRIGGER_EVENT) {
    const auto made = MakeOrRepeatRun(book_, kept.definition(), run, /*again=*/true);
    if (!made.ok()) return made.status();
  }
  kept.stored.set_event_seen(true);
  // Whoever has changed the definition meanwhile will be asked again, and the run is there.
  const auto put = book_.Put(kept);
  made_();
  return put.status();
}

}  // namespace relais::exports

#include "tests/conformance/watch.h"

#include <algorithm>
#include <cstdlib>

#include "absl/time/clock.h"

namespace relais::conformance {
namespace {

const FieldDescriptor& SingleIn(const Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!field.is_repeated() && field.message_type() != nullptr) return field;
  }
  ADD_FAILURE() << type.full_name() << " tells of no resource";
  std::abort();
}

// Whether a list of texts has this one.
bool Lists(const Message& message, const std::string& text) {
  const auto& reflection = *message.GetReflection();
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (!field->is_repeated() || field->type() != FieldDescriptor::TYPE_STRING) continue;
    for (int j = 0; j < reflection.FieldSize(message, field); ++j) {
      if (reflection.GetRepeatedString(message, field, j) == text) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<AnyMessage> Watcher::Read() {
  std::optional<AnyMessage> message = stream_->Read();
  if (message) token_ = GetText(**message, "resume_token");
  return message;
}

std::optional<AnyMessage> Watcher::StateIn(const AnyMessage& message) const {
  if (method_.collection()) {
    for (AnyMessage& item : method_.Items(*message)) {
      if (GetText(*item, "name") == name_) return std::move(item);
    }
    return std::nullopt;
  }
  const FieldDescriptor& field = SingleIn(method_.response());
  if (!message->GetReflection()->HasField(*message, &field)) return std::nullopt;
  return AnyMessage(message->GetReflection()->GetMessage(*message, &field));
}

std::optional<AnyMessage> Watcher::NextState() {
  while (const std::optional<AnyMessage> message = Read()) {
    if (std::optional<AnyMessage> state = StateIn(*message)) return state;
  }
  return std::nullopt;
}

bool Watcher::TellsAll(const AnyMessage& message) const {
  return !method_.collection() ||
         message->GetReflection()->GetBool(*message, Field(*message, "snapshot_complete"));
}

std::optional<AnyMessage> Watcher::FirstState() {
  std::optional<AnyMessage> state;
  while (const std::optional<AnyMessage> message = Read()) {
    if (auto told = StateIn(*message)) state = std::move(told);
    if (TellsAll(*message)) break;
  }
  return state;
}

std::optional<AnyMessage> Watcher::SoonestState() {
  std::optional<AnyMessage> state = FirstState();
  if (!state && method_.collection()) state = NextState();
  return state;
}

bool Watcher::IsToldOfRemoval() {
  while (const std::optional<AnyMessage> message = Read()) {
    if (Lists(**message, name_)) return true;
    if (StateIn(*message)) return false;
  }
  return false;
}

void Watches::ForEachState(const std::function<void(const Method&)>& body) {
  for (const Method& method : methods(IsState)) {
    SCOPED_TRACE(method.name());
    Poll();
    body(method);
  }
}

std::unique_ptr<Watcher> Watches::Watch(const Method& method, const std::string& name,
                                        const std::string& token) {
  Requests requests = {FromText(method.request(), watched(method).request(name))};
  SetText(*requests.front(), "resume_token", token);
  return std::make_unique<Watcher>(method, name, Begin(method, requests));
}

AnyMessage Watches::Current(const Method& state, const std::string& name) {
  const Method& reader = method(watched(state).reader);
  AnyMessage request(reader.request());
  SetText(*request, "name", name);
  return Ask(reader, {std::move(request)});
}

void Watches::AwaitPolls(const Method& method, int count) {
  // One more begins only when the one before was answered; one may have been under way.
  const std::int64_t wanted = Polls(method) + count + 1;
  EXPECT_TRUE(Eventually([&] { return Polls(method) >= wanted; })) << "polls have stopped";
}

}  // namespace relais::conformance

// Watching one thing until it has ended, and many as they change.

#ifndef RELAIS_CLIENT_WATCH_H_
#define RELAIS_CLIENT_WATCH_H_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/message_differencer.h"
#include "relais/client/call.h"
#include "relais/client/error.h"

namespace relais::client {
inline namespace v1 {

// What has changed of many things.
template <class T>
struct Change {
  std::vector<T> changed;            // new or different, as they are now
  std::vector<std::string> removed;  // names of those that are gone
  bool complete = false;             // with this, all are known
  bool restarted = false;  // all are told again; those that are gone are in `removed` once complete
};

namespace internal {

// The states of one thing, each once, up to the one that ends it.
template <class Item, class Stub, class Request, class Response>
Range<Item> WatchOne(std::shared_ptr<Scope> scope, StreamMethod<Stub, Request, Response> method,
                     const Request& request, absl::Duration timeout = absl::InfiniteDuration()) {
  auto stream =
      std::make_shared<Stream<Request, Response>>(scope, method, request, CleanEnd::kReconnects,
                                                  scope->session->options.retry.silence, timeout);
  return Range<Item>(
      [stream, last = std::optional<Item>()]() mutable -> std::optional<absl::StatusOr<Item>> {
        const google::protobuf::FieldDescriptor* field =
            FieldOf(Response::descriptor(), Item::descriptor());
        while (!last.has_value() || !last->ended()) {
          Response response;
          if (absl::StatusOr<bool> more = stream->Read(&response); !more.ok()) {
            return last.has_value() ? WithLast(more.status(), *last) : more.status();
          }
          const google::protobuf::Reflection& reflection = *response.GetReflection();
          if (!reflection.HasField(response, field)) continue;
          const auto& item = static_cast<const Item&>(reflection.GetMessage(response, field));
          if (last.has_value() && google::protobuf::util::MessageDifferencer::Equals(item, *last))
            continue;
          last = item;
          return item;
        }
        return std::nullopt;
      });
}

// The state that ends it.
template <class Item>
absl::StatusOr<Item> Last(Range<Item> states) {
  absl::StatusOr<Item> last = absl::InternalError("no state was told");
  for (absl::StatusOr<Item>& state : states) last = std::move(state);
  return last;
}

template <class Item, class Stub, class Request, class Response>
Range<Change<Item>> WatchMany(std::shared_ptr<Scope> scope,
                              StreamMethod<Stub, Request, Response> method,
                              const Request& request) {
  struct State {
    Stream<Request, Response> stream;
    std::set<std::string> names, before;  // known; known before it began anew, and not come again
    bool told = false, complete = false;
  };
  auto state = std::shared_ptr<State>(new State{
      {scope, method, request, CleanEnd::kReconnects, scope->session->options.retry.silence},
      {},
      {}});
  state->stream.begins_anew = true;
  return Range<Change<Item>>([state]() -> std::optional<absl::StatusOr<Change<Item>>> {
    while (true) {
      Response response;
      if (absl::StatusOr<bool> more = state->stream.Read(&response); !more.ok())
        return more.status();
      state->stream.request.set_resume_token(response.resume_token());
      Change<Item> change;
      change.complete = response.snapshot_complete();
      if (response.restarted() || (state->stream.fresh && change.complete)) {
        change.restarted = state->told;
        state->stream.fresh = false;
        state->before.merge(state->names);
        state->names.clear();
        if (change.restarted) state->stream.trial.Tell({Event::Kind::kRestart});
      }
      const google::protobuf::Reflection& reflection = *response.GetReflection();
      const auto* items = FieldOf(Response::descriptor(), Item::descriptor());
      for (int i = 0; i < reflection.FieldSize(response, items); ++i) {
        auto& item = static_cast<Item&>(*reflection.MutableRepeatedMessage(&response, items, i));
        state->names.insert(item.name());
        state->before.erase(item.name());
        change.changed.push_back(std::move(item));
      }
      const auto* removed = FieldOf(Response::descriptor(), nullptr);
      for (int i = 0; i < reflection.FieldSize(response, removed); ++i) {
        const std::string name = reflection.GetRepeatedString(response, removed, i);
        state->names.erase(name);
        state->before.erase(name);
        change.removed.push_back(name);
      }
      if (change.complete) {
        change.removed.insert(change.removed.end(), state->before.begin(), state->before.end());
        state->before.clear();
      }
      const bool completed = change.complete && !std::exchange(state->complete, change.complete);
      if (change.changed.empty() && change.removed.empty() && !change.restarted && !completed)
        continue;
      state->told = true;
      return change;
    }
  });
}

}  // namespace internal
}  // namespace v1
}  // namespace relais::client

#endif  // RELAIS_CLIENT_WATCH_H_

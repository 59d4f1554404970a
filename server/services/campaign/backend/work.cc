// Actions, pollings and users.
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/field_mask_util.h"
#include "server/core/base/error.h"
#include "server/services/campaign/backend/backend.h"
#include "server/services/campaign/backend/send.h"
#include "server/services/campaign/codec/words.h"

namespace relais::campaign {
namespace {

v1::Polling EndedPolling(std::string name, const std::string& word) {
  v1::Polling polling;
  polling.set_name(std::move(name));
  polling.set_state(PollingEndOf(word));
  polling.set_raw_state(word);
  polling.set_ended(true);
  polling.set_succeeded(polling.state() == v1::Polling::STATE_SUCCEEDED ||
                        polling.state() == v1::Polling::STATE_SUCCEEDED_WITH_WARNINGS);
  return polling;
}

}  // namespace

absl::StatusOr<v1::ActionRun> Backend::Start(const CallContext& context, const Command& command) {
  return Call(context, command, [this](const std::string& body) { return RunIn(body); },
              {.idempotent = false});
}

absl::StatusOr<v1::ActionRun> Backend::ReadRun(const CallContext& context, std::int64_t run,
                                               Patience patience) {
  return Call(
      context, EncodeNumber("get_action_status", "action_id", run),
      [this](const std::string& body) { return RunIn(body); }, OptionsFor(patience));
}

// Why it has failed may quote what the gateway has sent.
absl::StatusOr<v1::ActionRun> Backend::RunIn(const std::string& body) const {
  auto run = DecodeActionRun(body, name());
  if (run.ok()) upstream_.ConcealSecrets(*run->mutable_error());
  return run;
}

absl::StatusOr<std::string> Backend::ReadRunLog(const CallContext& context, std::int64_t run,
                                                Patience patience) {
  return Call(context, EncodeNumber("get_action_log", "action_id", run), DecodeLog,
              OptionsFor(patience));
}

// While one runs another start joins it, so it may be repeated. Whoever waits for a polling does so
// here, not upstream.
absl::StatusOr<v1::Polling> Backend::StartPolling(const CallContext& context) {
  absl::Status started =
      Send(context, {"do_polling", R"({"wait_terminated":false})"}, {}, DecodeNothing);
  if (!started.ok()) return started;
  auto polling = ReadPolling(context, PollingName{name()});
  if (!HasReason(polling.status(), Reason::kResourceNotFound)) return polling;
  return EndedPolling(FormatPollingName(name(), 0), "");  // so short that nobody has seen it
}

absl::StatusOr<v1::Polling> Backend::ReadPolling(const CallContext& context,
                                                 const PollingName& polling, Patience patience) {
  const absl::StatusOr<PollingStatus> status =
      Call(context, {"is_polling"}, DecodePollingStatus, OptionsFor(patience));
  if (!status.ok()) return status.status();
  const std::int64_t last = status->last_id;
  const bool current = polling.id == 0 && !polling.after;
  if (status->running && (current || (polling.after && last <= polling.id))) {
    v1::Polling running;
    running.set_name(FormatPollingName(name(), last, /*after=*/true));
    running.set_state(v1::Polling::STATE_RUNNING);
    running.set_raw_state(status->word);
    return running;
  }
  if (last > 0 && (current || (polling.after ? last > polling.id : last == polling.id)))
    return EndedPolling(FormatPollingName(name(), last), status->word);
  if (current) {
    return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
           << "No polling runs, and none is known to have run.";
  }
  // It does not run any more, and the upstream has not told its id.
  if (polling.after) return EndedPolling(FormatPollingName(name(), polling.id, /*after=*/true), "");
  auto log = Call(context, EncodeNumber("get_polling_log", "poll_id", polling.id), DecodeLog,
                  OptionsFor(patience));
  if (!log.ok()) return log.status();
  v1::Polling earlier;
  earlier.set_name(FormatPollingName(name(), polling.id));
  earlier.set_ended(true);
  return earlier;
}

absl::StatusOr<std::string> Backend::ReadPollingLog(const CallContext& context,
                                                    std::int64_t polling) {
  return Call(context, EncodeNumber("get_polling_log", "poll_id", polling), DecodeLog);
}

absl::StatusOr<std::vector<v1::User>> Backend::ListUsers(const CallContext& context) {
  return Call(context, {"list_user"},
              [this](const std::string& body) { return DecodeUsers(body, name()); });
}

absl::Status Backend::InsertUser(const CallContext& context, const v1::User& user) {
  return Change(context, EncodeInsertUser(user));
}

absl::StatusOr<v1::User> Backend::UpdateUser(const CallContext& context, std::int64_t id,
                                             const v1::UpdateUserRequest& request) {
  absl::StatusOr<std::vector<v1::User>> users = ListUsers(context);
  if (!users.ok()) return users.status();
  const std::string wanted = FormatUserName(name(), id);
  for (v1::User& user : *users) {
    if (user.name() != wanted) continue;
    google::protobuf::util::FieldMaskUtil::MergeOptions options;
    options.set_replace_repeated_fields(true);
    google::protobuf::util::FieldMaskUtil::MergeMessageTo(request.user(), request.update_mask(),
                                                          options, &user);
    // A privilege of one of our own words hides what the upstream had.
    if (user.privilege() != v1::User::PRIVILEGE_OTHER) user.clear_raw_privilege();
    absl::Status written = Send(context, EncodeEditUser(user, id), {}, DecodeNothing);
    if (!written.ok()) return written;
    user.clear_password();
    return std::move(user);
  }
  return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
         << "The upstream has no such user.";
}

absl::Status Backend::DeleteUser(const CallContext& context, std::int64_t id) {
  return Change(context, EncodeNumber("delete_user", "id", id));
}

}  // namespace relais::campaign

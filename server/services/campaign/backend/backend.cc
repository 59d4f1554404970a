#include "server/services/campaign/backend/backend.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/base/error.h"
#include "server/core/state/outcome.h"
#include "server/gateway/readiness.h"
#include "server/services/campaign/backend/problem.h"
#include "server/services/campaign/backend/send.h"

namespace relais::campaign {
Backend::Backend(BackendOptions options, CommandTransport& transport, Scheduler& scheduler,
                 UpstreamMetrics& metrics)
    : options_(std::move(options)),
      scheduler_(scheduler),
      transport_(transport),
      upstream_(kServiceWord, options_.name, scheduler, metrics, options_.policy, SessionPolicy(),
                nullptr),
      sessions_(
          scheduler, options_.sessions,
          [this, &metrics](const CallContext& context) {
            metrics.logins.fetch_add(1, std::memory_order_relaxed);
            return LogOn(context);
          },
          [this](const CallContext& context, const Secret& session) {
            // Nobody is told: a session that is not ended ends by itself.
            (void)SendWith(context, EncodeLogout(session.Reveal()), {.retry = false}, session,
                           DecodeNothing);
          }) {}

absl::StatusOr<Secret> Backend::LogOn(const CallContext& context) {
  const Command command =
      EncodeLogon({options_.login, options_.password.Reveal(), options_.sha1_password.Reveal()});
  std::string session;
  const absl::Status sent =
      SendWith(context, command, {}, Secret(), [&session](const std::string& body) {
        absl::StatusOr<std::string> decoded = DecodeLogon(body);
        if (!decoded.ok()) return decoded.status();
        session = *std::move(decoded);
        return absl::OkStatus();
      });
  if (!sent.ok()) return sent;
  return Secret(std::move(session));
}

// A session that lay unused may have ended upstream; where that is certain nothing was done, and a
// new one is good.
absl::Status Backend::Send(const CallContext& context, const Command& command, SendOptions options,
                           absl::FunctionRef<absl::Status(const std::string& body)> read) {
  absl::StatusOr<SessionPool::Lease> lease = sessions_.Take(context);
  if (!lease.ok()) return lease.status();
  const absl::Status sent = SendWith(context, command, options, lease->session(), read);
  if (!HasReason(sent, Reason::kGatewayCredentialRejected)) return sent;
  lease->Forget();
  if (!lease->used_before() || (!options.idempotent && state::MayHaveHappened(sent))) return sent;
  absl::StatusOr<SessionPool::Lease> next = sessions_.TakeNew(context);
  if (!next.ok()) return next.status();
  return SendWith(context, command, options, next->session(), read);
}

absl::Status Backend::SendWith(const CallContext& context, const Command& command,
                               SendOptions options, const Secret& session,
                               absl::FunctionRef<absl::Status(const std::string& body)> read) {
  options.authenticate = false;
  return upstream_.Call(context, options, [&](const Attempt& attempt) -> AttemptResult {
    if (attempt.span != nullptr) attempt.span->name = command.name;
    const absl::StatusOr<CommandReply> reply = transport_.Send(
        attempt.context, {.command = command, .session = session, .repeatable = attempt.repeatable},
        attempt.timeout);
    if (!reply.ok()) return {.status = reply.status()};
    absl::Status meaning = MeaningOf(*reply, command.name);
    if (!meaning.ok()) Conceal(session, meaning);
    return {.status = meaning.ok() ? read(reply->body) : std::move(meaning),
            .answered = true,
            .http_status = reply->http_status};
  });
}

absl::Status Backend::Change(const CallContext& context, const Command& command) {
  return Send(context, command, {.idempotent = false}, DecodeNothing);
}

v1::Instance::Readiness Backend::CheckReadiness(const CallContext& context) {
  return gateway::ReadinessOf<v1::Instance>(sessions_.TakeNew(context).status());
}

absl::StatusOr<SingleFlight::Lead> Backend::LockModel(const CallContext& context,
                                                      const std::string& model) {
  return Lock(context, "model " + model);
}

absl::StatusOr<SingleFlight::Lead> Backend::LockLogin(const CallContext& context,
                                                      const std::string& login) {
  return Lock(context, "login " + login);
}

absl::StatusOr<SingleFlight::Lead> Backend::Lock(const CallContext& context,
                                                 const std::string& what) {
  while (true) {
    std::optional<SingleFlight::Other> other;
    if (std::optional<SingleFlight::Lead> lead = flights_.TryLead(what, "", &other))
      return *std::move(lead);
    const auto waited = other->Await(context, scheduler_, context.deadline());
    if (waited && !waited->ok()) return waited->status();
    if (absl::Status ended = context.Check(scheduler_.Now()); !ended.ok()) return ended;
  }
}

absl::StatusOr<std::vector<v1::Project>> Backend::ListProjects(const CallContext& context) {
  return Call(context, {"list_project"},
              [this](const std::string& body) { return DecodeProjects(body, name()); });
}

absl::StatusOr<std::vector<v1::Model>> Backend::ListModels(const CallContext& context) {
  return Call(context, {"list_model"},
              [this](const std::string& body) { return DecodeModels(body, name()); });
}

absl::StatusOr<v1::Message> Backend::ReadMessage(const CallContext& context,
                                                 const MessageName& message) {
  return Call(context, EncodeGetMessage(message),
              [&message](const std::string& body) { return DecodeMessage(body, message); });
}

absl::StatusOr<std::vector<v1::Campaign>> Backend::ListCampaigns(const CallContext& context) {
  return Call(context, {"list_campaign"},
              [this](const std::string& body) { return DecodeCampaigns(body, name()); });
}

absl::StatusOr<v1::Campaign> Backend::ReadCampaign(const CallContext& context,
                                                   const CampaignName& campaign) {
  absl::StatusOr<std::vector<v1::Campaign>> campaigns = ListCampaigns(context);
  if (!campaigns.ok()) return campaigns.status();
  const std::string wanted = FormatCampaignName(campaign);
  for (v1::Campaign& known : *campaigns) {
    if (known.name() != wanted) continue;
    const auto last = Call(context, EncodeLastAnswerDate(campaign), DecodeDate);
    if (!last.ok()) return last.status();
    if (*last) {
      known.mutable_last_answer_date()->set_year(static_cast<int>((*last)->year()));
      known.mutable_last_answer_date()->set_month((*last)->month());
      known.mutable_last_answer_date()->set_day((*last)->day());
    }
    return std::move(known);
  }
  return Error(absl::StatusCode::kNotFound, Reason::kResourceNotFound)
         << "The upstream has no such campaign, or hides it from the gateway's account.";
}

absl::Status Backend::DeleteCampaign(const CallContext& context, const CampaignName& campaign,
                                     bool delete_history) {
  return Change(context, EncodeDeleteCampaign(campaign, delete_history));
}

absl::StatusOr<std::vector<v1::Answer>> Backend::ListAnswers(const CallContext& context,
                                                             const CampaignName& campaign) {
  return Call(context, EncodeListAnswers(campaign), [&](const std::string& body) {
    return DecodeAnswers(body, name(), campaign.restitution);
  });
}

absl::Status Backend::DeleteAnswer(const CallContext& context, std::int64_t answer) {
  return Change(context, EncodeNumber("delete_answer", "answer_id", answer));
}

absl::Status Backend::CloseQuestionnaire(const CallContext& context, std::int64_t questionnaire,
                                         bool past_and_future) {
  return Change(context, EncodeCloseQuestionnaire(questionnaire, past_and_future));
}

absl::StatusOr<FilePiece> Backend::ReadFilePiece(const CallContext& context, FileKind kind,
                                                 std::int64_t id, bool editable,
                                                 std::int64_t offset) {
  const bool answer = kind == FileKind::kAnswer;
  return Call(
      context,
      EncodeFilePiece(answer ? "get_answer" : "get_qst_sent", answer ? "answer_id" : "qst_id", id,
                      editable, offset, options_.file_piece_bytes),
      DecodeFilePiece);
}

}  // namespace relais::campaign

// Submissions in random lives of the gateway: an upstream that takes, refuses, loses answers and
// shows late what it has taken, sessions that end, breakers and rate limits, a wall clock that
// jumps, and a gateway that is killed between any two steps. Against a model of the upstream:
//   never twice   what bears one marker is taken once at most
//   never lost    an answer is that of what was taken, and an error that says so means nothing was
//   never stuck   when the troubles are over, every submission gets its answer
// One thread and one clock: a seed gives the same life again.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/core/base/error.h"
#include "server/core/state/sqlite_store.h"
#include "server/core/state/submissions.h"
#include "server/core/upstream/http_status.h"
#include "server/core/upstream/http_upstream.h"
#include "tests/simulation/seeds.h"
#include "tests/support/fake_http_transport.h"
#include "tests/support/manual_scheduler.h"

namespace relais {
namespace {

// kill -9: what the process was at is gone, what is in the store and at the upstream stays.
struct Killed {};

// A store that loses its process between two of its changes.
class MortalStore final : public state::StateStore {
 public:
  MortalStore(state::StateStore& store, Chance& chance) : store_(store), chance_(chance) {}

  absl::StatusOr<std::optional<state::Entry>> Claim(const state::Entry& entry) override {
    return Mortal([&] { return store_.Claim(entry); });
  }
  absl::StatusOr<std::optional<state::Entry>> Read(std::string_view key) override {
    return store_.Read(key);
  }
  absl::Status Advance(std::string_view key, state::Phase phase, absl::Time now) override {
    return Mortal([&] { return store_.Advance(key, phase, now); });
  }
  absl::Status Complete(std::string_view key, std::string_view answer, absl::Time now) override {
    return Mortal([&] { return store_.Complete(key, answer, now); });
  }
  absl::Status Forget(std::string_view key) override {
    return Mortal([&] { return store_.Forget(key); });
  }
  absl::StatusOr<std::vector<state::Entry>> Unfinished() override { return store_.Unfinished(); }
  absl::StatusOr<std::int64_t> Prune(absl::Time time, std::int64_t most) override {
    return store_.Prune(time, most);
  }
  bool InPlace() override { return store_.InPlace(); }

 private:
  template <typename Change>
  std::invoke_result_t<Change> Mortal(Change change) {
    if (chance_.Strikes(80)) throw Killed();
    auto result = change();
    if (chance_.Strikes(80)) throw Killed();
    return result;
  }

  state::StateStore& store_;
  Chance& chance_;
};

// The upstream, and what it has taken.
class Model {
 public:
  Model(ManualScheduler& scheduler, Chance& chance, absl::Duration settle)
      : scheduler_(scheduler), chance_(chance), settle_(settle) {
    transport.Otherwise([this](const CallContext&, const HttpRequest& request) {
      return Answer(request.url, request.body);
    });
  }

  std::string JobOf(const std::string& id) const {
    for (const auto& [marker, job] : jobs_) {
      if (job.id == id) return job.answer;
    }
    return "";
  }
  bool Took(const std::string& id) const { return !JobOf(id).empty(); }
  const std::string& fault() const { return fault_; }

  absl::StatusOr<Credential> LogIn() {
    Pass();
    if (chance_.Strikes(8)) return Cut(/*sent=*/true);
    if (chance_.Strikes(40)) {
      return Error(absl::StatusCode::kInternal, Reason::kGatewayCredentialRejected)
             << "The upstream refuses the gateway's account.";
    }
    token_ = absl::StrCat("token-", ++logins_);
    return Credential{.token = Secret(token_), .expires = scheduler_.Now() + absl::Minutes(2)};
  }

  FakeHttpTransport transport;
  std::string trace;  // the requests

 private:
  struct Job {
    std::string id;
    std::string answer;
    absl::Time visible_at;
  };

  static absl::Status Cut(bool sent) {
    absl::Status status = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamUnreachable)
                          << "The connection was lost.";
    if (sent) AddMetadata(status, "requestSent", "true");
    return status;
  }

  // Time goes by, and somebody may set the clock of the machine.
  void Pass() {
    scheduler_.AdvanceBy(chance_.UpTo(absl::Seconds(1)));
    if (chance_.Strikes(20)) scheduler_.StepWall(chance_.UpTo(absl::Hours(12)) - absl::Hours(6));
  }

  absl::StatusOr<HttpReply> Answer(const std::string& url, const std::string& body) {
    absl::StrAppend(&trace, absl::FormatTime(scheduler_.Now(), absl::UTCTimeZone()), " ", url, " ",
                    body, "\n");
    if (chance_.Strikes(60)) throw Killed();
    Pass();
    if (chance_.Strikes(8)) return Cut(/*sent=*/false);
    if (chance_.Strikes(12)) return MakeReply(503);
    if (chance_.Strikes(25)) {
      return MakeReply(429, "", {{"retry-after", absl::StrCat(chance_.Below(400))}});
    }
    if (chance_.Strikes(25)) token_.clear();  // the session has ended early
    if (url.substr(url.find('?') + 1) != token_) return MakeReply(401);
    absl::StatusOr<HttpReply> reply = url.starts_with("/find") ? Find(body) : Take(body);
    if (chance_.Strikes(60)) throw Killed();
    return reply;
  }

  HttpReply Find(const std::string& marker) {
    const auto found = jobs_.find(marker);
    if (found == jobs_.end() || found->second.visible_at > scheduler_.Now()) return MakeReply(404);
    return MakeReply(200, found->second.answer);
  }

  // `body` is "ID MARKER".
  absl::StatusOr<HttpReply> Take(const std::string& body) {
    if (chance_.Strikes(8)) return Cut(/*sent=*/true);  // and it has not arrived
    const std::size_t blank = body.find(' ');
    Job job{body.substr(0, blank), absl::StrCat("job ", jobs_.size() + 1), scheduler_.Now()};
    const bool lost = chance_.Strikes(5);
    // What is lost on the way back may turn up late, but not later than the settle time.
    if (lost) job.visible_at += chance_.UpTo(settle_ - absl::Seconds(1));
    const std::string answer = job.answer;
    if (!jobs_.emplace(body.substr(blank + 1), job).second) {
      fault_ = absl::StrCat(job.id, " was taken twice");
    }
    if (!lost) return MakeReply(200, answer);
    if (chance_.Below(3) == 0) return MakeReply(500);
    absl::Status cut = Cut(/*sent=*/true);
    if (chance_.Below(2) == 0) return cut;
    absl::Status late = Error(absl::StatusCode::kUnavailable, Reason::kUpstreamTimeout)
                        << "The upstream did not answer in time.";
    AddMetadata(late, "requestSent", "true");
    return late;
  }

  ManualScheduler& scheduler_;
  Chance& chance_;
  const absl::Duration settle_;
  std::map<std::string, Job> jobs_;  // by marker
  std::string token_;
  int logins_ = 0;
  std::string fault_;
};

// One seed: the disk and the upstream last, gateways come and go.
class Life {
 public:
  explicit Life(std::uint64_t seed)
      : chance_(seed), model_(scheduler_, chance_, policy_.settle), mortal_(*store_, chance_) {
    scheduler_.SkipWaits();
    Begin();
  }

  // What is wrong; empty: nothing.
  std::string Run() {
    constexpr int kIds = 3;
    for (int step = 0; step < 12; ++step) {
      const std::string id = absl::StrCat("id-", chance_.Below(kIds));
      if (chance_.Strikes(6)) scheduler_.AdvanceBy(chance_.UpTo(absl::Minutes(5)));
      if (std::string wrong = Step(id, /*calm=*/false); !wrong.empty()) return wrong;
    }
    chance_.troubles = false;
    for (int i = 0; i < kIds; ++i) {
      const std::string id = absl::StrCat("id-", i);
      for (int tries = 0; !answered_.contains(id); ++tries) {
        if (tries == 20) return absl::StrCat(id, " is stuck: ", last_);
        scheduler_.AdvanceBy(absl::Seconds(30));
        if (std::string wrong = Step(id, /*calm=*/true); !wrong.empty()) return wrong;
      }
    }
    return "";
  }

  const std::string& trace() const { return model_.trace; }

 private:
  void Begin() {
    submissions_.reset();
    upstream_ = std::make_unique<HttpUpstream>(
        "queue", "queues/a", model_.transport, scheduler_, metrics_, UpstreamPolicy(),
        SessionPolicy(), [this](const CallContext&) { return model_.LogIn(); });
    submissions_ = std::make_unique<state::Submissions>(mortal_, scheduler_, policy_);
    submissions_->Register("queue/",
                           [this](const CallContext& context, const state::Unresolved& what) {
                             return Find(context, what.marker);
                           });
  }

  std::string Step(const std::string& id, bool calm) {
    try {
      if (calm || chance_.Below(3) == 0) submissions_->RecoverOnce();
      const absl::Time deadline = chance_.Strikes(5)
                                      ? scheduler_.Now() + chance_.UpTo(absl::Seconds(20))
                                      : absl::InfiniteFuture();
      return Judge(id, Submit(CallContext(deadline, std::stop_token(), {}), id));
    } catch (const Killed&) {
      Begin();
      return model_.fault();
    }
  }

  std::string Judge(const std::string& id, const state::Answer& answer) {
    if (!model_.fault().empty()) return model_.fault();
    last_ = answer.ok() ? *answer : answer.status().ToString();
    if (answer.ok()) {
      answered_[id] = *answer;
      if (model_.JobOf(id) != *answer)
        return absl::StrCat(id, " is ", model_.JobOf(id), ", and the answer is ", *answer);
    } else if (answered_.contains(id)) {
      // A call that had its answer before may end before it is read again, never without it.
    } else if (!HasReason(answer.status(), Reason::kSubmissionOutcomeUnknown) && model_.Took(id)) {
      return absl::StrCat(id, " was taken, and the caller told otherwise: ", last_);
    }
    return "";
  }

  state::Answer Submit(const CallContext& context, const std::string& id) {
    state::Steps steps;
    steps.send = [&](const CallContext& call, const std::string& marker) {
      return Ask(call, "/create", absl::StrCat(id, " ", marker), /*idempotent=*/false);
    };
    steps.find = [&](const CallContext& call, const std::string& marker) {
      return Find(call, marker);
    };
    return submissions_->Once(context,
                              {.scope = "queue/CreateJob/queues/a",
                               .subject = "a",
                               .request_id = id,
                               .payload = "arguments"},
                              steps);
  }

  absl::StatusOr<std::optional<std::string>> Find(const CallContext& context,
                                                  const std::string& marker) {
    absl::StatusOr<std::string> found = Ask(context, "/find", marker, /*idempotent=*/true);
    if (found.ok()) return *std::move(found);
    if (HasReason(found.status(), Reason::kResourceNotFound)) return std::nullopt;
    return found.status();
  }

  absl::StatusOr<std::string> Ask(const CallContext& context, const std::string& path,
                                  const std::string& body, bool idempotent) {
    auto reply = upstream_->Send(
        context, {.idempotent = idempotent},
        [&](const Credential& credential) {
          return HttpRequest{.url = absl::StrCat(path, "?", credential.token.Reveal()),
                             .body = body};
        },
        [&](const HttpReply& got, const Credential&) {
          return StatusOfReply(got, scheduler_.Wall());
        });
    if (!reply.ok()) return reply.status();
    return std::move(reply->body);
  }

  Chance chance_;
  ManualScheduler scheduler_;
  state::SubmissionPolicy policy_;
  Model model_;
  std::unique_ptr<state::StateStore> store_ = *state::SqliteStore::Open(":memory:");
  MortalStore mortal_;
  UpstreamMetrics metrics_;
  std::unique_ptr<HttpUpstream> upstream_;
  std::unique_ptr<state::Submissions> submissions_;
  std::map<std::string, std::string> answered_;
  std::string last_;
};

TEST(Submissions, AreNeverTwiceNeverLostNeverStuck) { LiveThemAll<Life>(); }

TEST(Submissions, OfASeedLiveTheSameLifeAgain) { LiveTheSameAgain<Life>(); }

}  // namespace
}  // namespace relais

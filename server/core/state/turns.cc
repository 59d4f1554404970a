#include "server/core/state/turns.h"

#include <utility>

namespace relais::state {

struct Turns::Work {
  explicit Work(std::string of_arguments) : fingerprint(std::move(of_arguments)) {}

  const std::string fingerprint;
  std::mutex mu;
  // Under mu:
  bool ended = false;
  std::optional<Answer> answer;
  std::vector<std::shared_ptr<WakeUp>> waiting;
};

Turns::Turn::Turn(Turns& turns, std::string key, std::shared_ptr<Work> work)
    : turns_(turns), key_(std::move(key)), work_(std::move(work)) {}

Turns::Turn::~Turn() {
  if (work_ == nullptr) return;  // moved
  {
    const std::lock_guard lock(turns_.mu_);
    turns_.under_way_.erase(key_);
  }
  const std::lock_guard lock(work_->mu);
  work_->ended = true;
  work_->answer = std::move(answer_);
  for (const auto& waiting : work_->waiting) waiting->Wake();
}

const std::string& Turns::Other::fingerprint() const { return work_->fingerprint; }

std::optional<Answer> Turns::Other::Await(const CallContext& context, Scheduler& scheduler,
                                          absl::Time patience) const {
  const auto wake_up = std::make_shared<WakeUp>();
  {
    const std::lock_guard lock(work_->mu);
    if (work_->ended) return work_->answer;
    work_->waiting.push_back(wake_up);
  }
  const absl::Status waited = WaitUntil(context, scheduler, patience, wake_up);
  const std::lock_guard lock(work_->mu);
  std::erase(work_->waiting, wake_up);
  if (work_->answer || waited.ok()) return work_->answer;
  return waited;
}

bool Turns::Other::ended() const {
  const std::lock_guard lock(work_->mu);
  return work_->ended;
}

std::optional<Turns::Turn> Turns::Take(const std::string& key, const std::string& fingerprint,
                                       std::optional<Other>* other) {
  const std::lock_guard lock(mu_);
  std::shared_ptr<Work>& work = under_way_[key];
  if (work != nullptr) {
    if (other != nullptr) *other = Other(work);
    return std::nullopt;
  }
  work = std::make_shared<Work>(fingerprint);
  return Turn(*this, key, work);
}

}  // namespace relais::state

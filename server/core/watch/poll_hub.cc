#include "server/core/watch/poll_hub.h"

#include <utility>

#include "server/core/watch/feed.h"

namespace relais::watch {

PollHub::PollHub(Scheduler& scheduler, Executor& executor, HubOptions options)
    : feed_(std::make_shared<Feed>(scheduler, executor, std::move(options))) {}

PollHub::~PollHub() { Shutdown(); }

std::shared_ptr<Subscription> PollHub::Watch(std::string_view key, std::optional<Resume> resume,
                                             std::function<void()> wake) {
  return feed_->Subscribe(key, resume, std::move(wake));
}

std::shared_ptr<Subscription> PollHub::WatchAll(std::optional<Resume> resume,
                                                std::function<void()> wake) {
  return feed_->Subscribe(std::nullopt, resume, std::move(wake));
}

void PollHub::Invalidate() { feed_->Invalidate(); }

HubCounts PollHub::counts() const { return feed_->counts(); }

HubView PollHub::View() const { return feed_->View(); }

void PollHub::Shutdown() { feed_->Shutdown(); }

}  // namespace relais::watch

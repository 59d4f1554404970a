// What the conformance suite does to the emulated instance of campaigns behind the gateway's back:
// work that has begun or ended, and things of its own for methods that change or remove some.

#ifndef RELAIS_TESTS_CONFORMANCE_CAMPAIGN_INSTANCE_H_
#define RELAIS_TESTS_CONFORMANCE_CAMPAIGN_INSTANCE_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/time/time.h"
#include "sandbox/upstreams/campaign/instance.h"
#include "sandbox/upstreams/campaign/upstream.h"
#include "tests/conformance/subjects/subjects.h"

namespace relais::conformance::campaign {

using sandbox::campaign::Json;

inline constexpr char kInstance[] = "instances/sandbox";
inline constexpr char kMessage[] = "instances/sandbox/models/Edit-Pays-Ville/messages/launch";

// Does something to the upstream behind the gateway's back.
template <typename Act>
void In(Gateway& gateway, Act act) {
  sandbox::campaign::InstanceOf(gateway.sandbox()).Change(act);
}

// The run of that name, which `act` gets with the list that it stands in.
template <typename Act>
void ForTheRun(Gateway& gateway, const std::string& name, Act act) {
  const std::string id = name.substr(name.rfind('/') + 1);
  In(gateway, [&](Json& state) {
    Json& runs = state["runs"];
    for (auto run = runs.begin(); run != runs.end(); ++run) {
      if ((*run)["id"].dump() != id) continue;
      act(runs, run);
      return;
    }
  });
}

// Never the same twice in a process.
int Fresh();

std::int64_t MillisFromNow(absl::Duration from_now);

// The name of a new run, which does not end by itself unless it has `ended`.
std::string NewRun(Gateway& gateway, bool ended = false, int lines = 5);
// The name of a polling, likewise; the one that runs when there is one.
std::string NewPolling(Gateway& gateway, bool ended = false, int lines = 5);
std::string NewUser(Gateway& gateway);
std::string NewCampaign(Gateway& gateway);

// Requests about a new thing: of a collection of files, or what `make` makes, whose name replaces
// $.
std::function<Texts(Gateway&)> NewFile(const char* collection, std::int64_t bytes = 100);
std::function<Texts(Gateway&)> OfNew(std::string (*make)(Gateway&), const char* form = "name: $");

// A start whose answer was lost, which somebody is to settle.
Texts NewUnknown(Gateway& gateway);

}  // namespace relais::conformance::campaign

#endif  // RELAIS_TESTS_CONFORMANCE_CAMPAIGN_INSTANCE_H_

// How far something is, as its enum State says it.

#ifndef RELAIS_SERVER_GATEWAY_MESSAGES_STATE_WORD_H_
#define RELAIS_SERVER_GATEWAY_MESSAGES_STATE_WORD_H_

#include <string_view>

namespace relais::gateway {

// "RUNNING" of STATE_RUNNING; empty: a value that is not of the enum. Lives as long as the process.
template <typename Resource>
std::string_view StateWord(typename Resource::State state) {
  std::string_view name = Resource::State_Name(state);
  constexpr std::string_view kPrefix = "STATE_";
  if (name.substr(0, kPrefix.size()) == kPrefix) name.remove_prefix(kPrefix.size());
  return name;
}

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_MESSAGES_STATE_WORD_H_

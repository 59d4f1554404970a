// An upstream's words for the values of an enum:
//
//   constexpr gateway::Word<Job::State> kStates[] = {{Job::STATE_PENDING, "Pending"}, …};
//
// A value may have several words; the first is the one that is sent.

#ifndef RELAIS_SERVER_GATEWAY_MESSAGES_WORDS_H_
#define RELAIS_SERVER_GATEWAY_MESSAGES_WORDS_H_

#include <cstddef>
#include <string_view>

#include "absl/strings/match.h"
#include "server/core/base/text/view.h"

namespace relais::gateway {

template <typename Enum>
struct Word {
  Enum value;
  std::string_view word;
};

enum class Letters { kExact, kAnyCase };

// Empty when the value has no word.
template <typename Enum, std::size_t N>
std::string_view WordOf(const Word<Enum> (&words)[N], Enum value) {
  for (const Word<Enum>& known : words) {
    if (known.value == value) return known.word;
  }
  return {};
}

// Zero (unspecified) for an empty word, `other` for one that is not known.
template <typename Enum, std::size_t N>
Enum ValueOf(const Word<Enum> (&words)[N], std::string_view word, Enum other,
             Letters letters = Letters::kAnyCase) {
  if (word.empty()) return Enum();
  for (const Word<Enum>& known : words) {
    if (letters == Letters::kExact ? known.word == word
                                   : absl::EqualsIgnoreCase(View(known.word), View(word))) {
      return known.value;
    }
  }
  return other;
}

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_MESSAGES_WORDS_H_

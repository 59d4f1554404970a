// "Did you mean …?": the candidate that a misspelt word most likely stands for.

#ifndef RELAIS_SERVER_CORE_BASE_TEXT_NEAREST_H_
#define RELAIS_SERVER_CORE_BASE_TEXT_NEAREST_H_

#include <string>
#include <string_view>
#include <vector>

namespace relais {

// The candidate with the smallest edit distance, letter case aside; empty when none is near enough
// to be meant. Words of more than 64 bytes, and candidates behind the first 500, are not
// considered.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_TEXT_NEAREST_H_

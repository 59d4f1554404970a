// The words of a filter. Pure; for the parser in filter.cc.

#ifndef RELAIS_SERVER_CORE_AIP_FILTER_TOKEN_H_
#define RELAIS_SERVER_CORE_AIP_FILTER_TOKEN_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace relais {

struct FilterToken {
  enum class Kind { kEnd, kWord, kQuoted, kOpen, kClose, kMinus, kComparator, kOther };

  Kind kind = Kind::kEnd;
  std::string text{};        // of kQuoted without its quotes and escapes
  std::string problem{};     // of kOther: what is wrong, when it is more than the wrong place
  std::size_t position = 1;  // in characters, from 1
};

// `text` outlives it.
class FilterLexer {
 public:
  explicit FilterLexer(std::string_view text) : text_(text) {}

  // The next token where a field or an operator may stand.
  FilterToken Next();
  // The next token where a value may stand: bare words may then have ":", "-", "+", "*", "/" and
  // "@" in them, as times have.
  FilterToken NextValue();

 private:
  FilterToken Begin();
  FilterToken Quoted(FilterToken token);
  FilterToken Take(FilterToken token, FilterToken::Kind kind, std::size_t size);

  const std::string_view text_;
  std::size_t at_ = 0;
  std::size_t characters_ = 0;  // before at_
};

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_AIP_FILTER_TOKEN_H_

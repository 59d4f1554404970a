// The words of an OData expression.

#ifndef RELAIS_SANDBOX_UPSTREAMS_ROBOT_ODATA_TOKEN_H_
#define RELAIS_SANDBOX_UPSTREAMS_ROBOT_ODATA_TOKEN_H_

#include <string>
#include <string_view>

#include "sandbox/upstreams/robot/odata/expression.h"

namespace relais::sandbox::robot {

struct Token {
  enum class Kind { kEnd, kOpen, kClose, kComma, kWord, kLiteral };
  Kind kind = Kind::kEnd;
  std::string word{};  // kWord: a name, a path or an operator
  Value value{};       // kLiteral
};

// Takes the next token from the front of `rest`; throws ODataError.
Token NextToken(std::string_view& rest);

// 2018-03-05T03:48:04.147Z with up to 7 digits behind the point; false: it is something else.
bool ParseDateTime(std::string_view text, absl::Time& out);
bool IsGuid(std::string_view text);

}  // namespace relais::sandbox::robot

#endif  // RELAIS_SANDBOX_UPSTREAMS_ROBOT_ODATA_TOKEN_H_

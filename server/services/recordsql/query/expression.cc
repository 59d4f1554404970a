#include "server/services/recordsql/query/expression.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/core/base/text/view.h"
#include "server/services/recordsql/names.h"

namespace relais::recordsql {
namespace {

constexpr std::size_t kMaxLength = 4000;
constexpr int kMaxExpressionDepth = 32;

// disjunction := conjunction { OR conjunction } ; conjunction := term { AND term } ; term := NAME |
// "(" … ")"
class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view source) : rest_(source) { Advance(); }

  absl::StatusOr<Expression> Parse() {
    if (absl::Status status = Disjunction(0); !status.ok()) return status;
    if (!token_.empty()) return Unexpected("AND, OR or the end");
    return std::move(out_);
  }

 private:
  absl::Status Disjunction(int depth) {
    absl::Status status = Conjunction(depth);
    while (status.ok() && TakeWord("OR")) {
      out_.text += " or ";
      status = Conjunction(depth);
    }
    return status;
  }

  absl::Status Conjunction(int depth) {
    absl::Status status = Term(depth);
    while (status.ok() && TakeWord("AND")) {
      out_.text += " and ";
      status = Term(depth);
    }
    return status;
  }

  absl::Status Term(int depth) {
    if (depth > kMaxExpressionDepth)
      return absl::InvalidArgumentError("has parentheses nested too deep");
    if (token_ == "(") {
      Advance();
      out_.text += '(';
      if (absl::Status status = Disjunction(depth + 1); !status.ok()) return status;
      if (token_ != ")") return Unexpected("\")\"");
      Advance();
      out_.text += ')';
      return absl::OkStatus();
    }
    if (!IsIdentifier(token_) || IsWord("AND") || IsWord("OR"))
      return Unexpected("the name of a condition");
    out_.names.emplace_back(token_);
    out_.text += token_;
    Advance();
    return absl::OkStatus();
  }

  bool IsWord(const char* word) const { return absl::EqualsIgnoreCase(View(token_), word); }

  bool TakeWord(const char* word) {
    if (!IsWord(word)) return false;
    Advance();
    return true;
  }

  // The next token becomes a word, one other character, or empty at the end.
  void Advance() {
    while (!rest_.empty() && absl::ascii_isspace(rest_.front())) rest_.remove_prefix(1);
    std::size_t size = 0;
    while (size < rest_.size() && (absl::ascii_isalnum(rest_[size]) || rest_[size] == '_')) ++size;
    if (size == 0 && !rest_.empty()) {
      size = 1;
      while (size < rest_.size() && (rest_[size] & 0xC0) == 0x80) ++size;  // all of a character
    }
    token_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }

  absl::Status Unexpected(std::string_view wanted) const {
    const absl::string_view want(wanted.data(), wanted.size());
    if (token_.empty())
      return absl::InvalidArgumentError(absl::StrCat("ends where ", want, " should stand"));
    return absl::InvalidArgumentError(absl::StrCat(
        "has \"", absl::string_view(token_.data(), std::min<std::size_t>(token_.size(), 64)),
        "\" where ", want, " should stand"));
  }

  std::string_view rest_;
  std::string_view token_;
  Expression out_;
};

}  // namespace

absl::StatusOr<Expression> ParseExpression(std::string_view source) {
  if (source.size() > kMaxLength) {
    return absl::InvalidArgumentError(absl::StrCat("is longer than ", kMaxLength, " characters"));
  }
  return ExpressionParser(source).Parse();
}

}  // namespace relais::recordsql

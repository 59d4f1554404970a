// A credential in memory. It cannot be printed, compared with == by accident, or streamed: the only
// way to the text is Reveal(), which is easy to find in a review.

#ifndef RELAIS_SERVER_CORE_BASE_SECRET_H_
#define RELAIS_SERVER_CORE_BASE_SECRET_H_

#include <string>
#include <utility>

namespace relais {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  const std::string& Reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

template <typename Sink>
void AbslStringify(Sink&, const Secret&) = delete;
template <typename Stream>
Stream& operator<<(Stream&, const Secret&) = delete;

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_SECRET_H_

// A credential in memory. It cannot be printed, compared with == by accident, or streamed: the only
// way to the text is Reveal(), which is easy to find in a review.

#ifndef RELAIS_SERVER_CORE_BASE_SECRET_H_
#define RELAIS_SERVER_CORE_BASE_SECRET_H_

#include <string.h>

#include <string>
#include <utility>

namespace relais {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) { Wipe(text); }
  ~Secret() { Wipe(text_); }
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { Wipe(other.text_); }
  Secret& operator=(Secret other) noexcept {
    text_.swap(other.text_);  // what was here goes with `other`
    return *this;
  }

  const std::string& Reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  // So that no freed memory has it. All of its capacity: a short text stays behind in the string
  // that it was moved from.
  static void Wipe(std::string& text) {
    text.resize(text.capacity());
    explicit_bzero(text.data(), text.size());
    text.clear();
  }

  std::string text_;
};

template <typename Sink>
void AbslStringify(Sink&, const Secret&) = delete;
template <typename Stream>
Stream& operator<<(Stream&, const Secret&) = delete;

}  // namespace relais

#endif  // RELAIS_SERVER_CORE_BASE_SECRET_H_

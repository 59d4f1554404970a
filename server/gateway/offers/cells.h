// Rows as exports see them, whatever they were read from: cells of text, each with what it is.

#ifndef RELAIS_SERVER_GATEWAY_OFFERS_CELLS_H_
#define RELAIS_SERVER_GATEWAY_OFFERS_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relais::gateway {

// What a cell is, and how its text is written.
enum class CellKind : std::uint8_t {
  kNull,      // empty
  kText,      // any UTF-8
  kInteger,   // "-12"
  kDecimal,   // "-12.50": digits, at most one point, no exponent
  kBool,      // "true" or "false"
  kDate,      // "2024-03-31"
  kTime,      // "23:59:59", perhaps ".123456789"
  kDateTime,  // "2024-03-31T23:59:59", perhaps ".123456789": wall time without a zone
  kInstant,   // "2024-03-31T23:59:59Z", perhaps ".123456789Z"
};

struct Cell {
  CellKind kind = CellKind::kNull;
  std::string_view text{};
};

// A column as its source knows it.
struct SourceColumn {
  std::string name;
  CellKind kind = CellKind::kText;  // of its values, but for those that are not as declared
};

// Some rows of the same columns, in one piece of memory that is used again.
class CellBlock {
 public:
  // Forgets all rows; those to come have `columns` cells each.
  void Begin(std::size_t columns) {
    columns_ = columns;
    text_.clear();
    spans_.clear();
  }

  // The next cell, from left to right, row after row.
  void Add(CellKind kind, std::string_view text) {
    spans_.push_back({kind, text_.size(), text.size()});
    text_.append(text);
  }
  void AddNull() { spans_.push_back({CellKind::kNull, 0, 0}); }

  std::size_t columns() const { return columns_; }
  // All of them whole.
  std::size_t rows() const { return columns_ == 0 ? 0 : spans_.size() / columns_; }
  // As long as nothing is added.
  Cell at(std::size_t row, std::size_t column) const {
    const Span& span = spans_[row * columns_ + column];
    return {span.kind, std::string_view(text_).substr(span.begin, span.size)};
  }

 private:
  struct Span {
    CellKind kind;
    std::size_t begin;
    std::size_t size;
  };

  std::size_t columns_ = 0;
  std::string text_;
  std::vector<Span> spans_;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_OFFERS_CELLS_H_

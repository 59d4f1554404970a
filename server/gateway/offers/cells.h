// Rows as exports see them, whatever they were read from: cells of text, each with what it is.

#ifndef RELAIS_SERVER_GATEWAY_OFFERS_CELLS_H_
#define RELAIS_SERVER_GATEWAY_OFFERS_CELLS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
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

// Some rows of the same columns. Their memory is used again for the next rows.
class CellBlock {
 public:
  // Forgets all rows; those to come have `columns` cells each.
  void Begin(std::size_t columns) {
    columns_ = columns;
    cells_.clear();
    piece_ = 0;
    used_ = 0;
  }

  // The next cell, from left to right, row after row.
  void Add(CellKind kind, std::string_view text) { cells_.push_back({kind, Keep(text)}); }
  // The same of a text that lasts as long as the rows.
  void AddLasting(CellKind kind, std::string_view text) { cells_.push_back({kind, text}); }
  void AddNull() { cells_.push_back({}); }

  std::size_t columns() const { return columns_; }
  // All of them whole.
  std::size_t rows() const { return columns_ == 0 ? 0 : cells_.size() / columns_; }
  // As long as nothing is added. Its text lasts until the next Begin.
  const Cell& at(std::size_t row, std::size_t column) const {
    return cells_[row * columns_ + column];
  }

 private:
  struct Piece {
    std::unique_ptr<char[]> text;
    std::size_t size;
  };
  static constexpr std::size_t kPieceBytes = 64 << 10;

  std::string_view Keep(std::string_view text) {
    if (text.empty()) return {};
    while (piece_ < pieces_.size() && pieces_[piece_].size - used_ < text.size()) {
      ++piece_;
      used_ = 0;
    }
    if (piece_ == pieces_.size()) {
      const std::size_t size = std::max(kPieceBytes, text.size());
      pieces_.push_back({std::make_unique<char[]>(size), size});
    }
    char* const kept = pieces_[piece_].text.get() + used_;
    std::memcpy(kept, text.data(), text.size());
    used_ += text.size();
    return {kept, text.size()};
  }

  std::size_t columns_ = 0;
  std::vector<Cell> cells_;
  std::vector<Piece> pieces_;
  std::size_t piece_ = 0;  // that is being filled
  std::size_t used_ = 0;   // of it
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_OFFERS_CELLS_H_

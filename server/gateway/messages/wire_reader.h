// Messages read field by field where building them would cost more than everything else.

#ifndef RELAIS_SERVER_GATEWAY_MESSAGES_WIRE_READER_H_
#define RELAIS_SERVER_GATEWAY_MESSAGES_WIRE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace relais::gateway {

// The fields of one message in Protobuf's wire format, in their order. Numbers of fixed width are
// passed over.
class WireReader {
 public:
  // `bytes` outlive the reader and what it gives.
  explicit WireReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // Steps to the next field that is a number or has a length; false at the end, or where the bytes
  // are no message.
  bool Next() {
    while (at_ != end_) {
      std::uint64_t tag;
      if (!Varint(tag)) return false;
      field_ = static_cast<int>(tag >> 3);
      switch (tag & 7) {
        case 0:
          text_ = {};
          return Varint(number_);
        case 1:
          if (!Skip(8)) return false;
          break;
        case 2: {
          std::uint64_t size;
          if (!Varint(size)) return false;
          text_ = {at_, static_cast<std::size_t>(size)};
          number_ = 0;
          return Skip(size);
        }
        case 5:
          if (!Skip(4)) return false;
          break;
        default:
          return Fail();
      }
    }
    return false;
  }

  // False when Next has found bytes that are no message.
  bool ok() const { return ok_; }
  int field() const { return field_; }
  // Of a field with a length; empty for a number.
  std::string_view text() const { return text_; }
  // Of a number; 0 for a field with a length.
  std::uint64_t number() const { return number_; }

 private:
  bool Varint(std::uint64_t& number) {
    number = 0;
    for (int shift = 0; at_ != end_ && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return true;
    }
    return Fail();
  }

  bool Skip(std::uint64_t size) {
    if (size > static_cast<std::uint64_t>(end_ - at_)) return Fail();
    at_ += size;
    return true;
  }

  bool Fail() {
    at_ = end_;
    return ok_ = false;
  }

  const char* at_;
  const char* const end_;
  bool ok_ = true;
  int field_ = 0;
  std::string_view text_;
  std::uint64_t number_ = 0;
};

}  // namespace relais::gateway

#endif  // RELAIS_SERVER_GATEWAY_MESSAGES_WIRE_READER_H_

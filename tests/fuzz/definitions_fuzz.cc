// The operator's file of exports, whatever it holds: refused with a line for each mistake, or
// taken.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/services/exports/runs/definitions_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto definitions = relais::exports::ParseDefinitions("exports.yaml", text);
  if (!definitions.ok() && definitions.status().message().empty()) __builtin_trap();
  return 0;
}

// A configuration file: read without looking outside; what is accepted comes back from its printed
// form.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/config/config.h"
#include "server/config/print.h"
#include "server/sections.h"
#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using relais::Expect;
  relais::config::ConfigOptions options;
  options.directory = "/etc/relais";
  options.look_outside = false;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto read =
      relais::config::ParseConfig("relais.yaml", text, options, relais::ConfigSections());
  if (!read.ok()) {
    Expect(!read.status().message().empty(), "a refusal says why");
    return 0;
  }
  const std::string printed = relais::config::PrintConfig(read->config);
  const auto again =
      relais::config::ParseConfig("printed.yaml", printed, options, relais::ConfigSections());
  Expect(again.ok(), "the printed configuration is valid: " + again.status().ToString() + printed);
  Expect(relais::config::PrintConfig(again->config) == printed, "it says the same: " + printed);
  return 0;
}

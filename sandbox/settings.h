// The settings file of relais-sandbox (YAML), read strictly.

#ifndef RELAIS_SANDBOX_SETTINGS_H_
#define RELAIS_SANDBOX_SETTINGS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "sandbox/options.h"

namespace relais::sandbox {

// Overlays the file's text on `options`. Errors are INVALID_ARGUMENT "FILE:LINE: what is wrong".
absl::Status ReadSettings(const std::string& file, const std::string& text,
                          SandboxOptions& options);

// Every key of the file: "listen, faults, WORD (KEY, …), …".
std::string SettingsKeys();

// "HOST:PORT", "[::1]:PORT" or ":PORT" into host and port.
absl::Status ReadListenAddress(std::string_view text, SandboxOptions& options);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_SETTINGS_H_

// Secrets: fetched from where the configuration says they are.

#ifndef RELAIS_SERVER_CONFIG_SECRETS_H_
#define RELAIS_SERVER_CONFIG_SECRETS_H_

#include <server/config/config.pb.h>

#include <string>

#include "absl/status/statusor.h"
#include "server/config/yaml/overrides.h"
#include "server/core/base/secret.h"

namespace relais::config {

struct FetchedSecret {
  Secret secret;
  std::string warning;  // empty, or a sentence for the operator
};

// Reads the variable or the file (at most 64 KiB, one newline at its end dropped) that `source`
// names. Nothing there and an empty secret are INVALID_ARGUMENT with a sentence that names the
// source only.
absl::StatusOr<FetchedSecret> FetchSecret(const v1::Secret& source, const Environment& environment);

}  // namespace relais::config

#endif  // RELAIS_SERVER_CONFIG_SECRETS_H_

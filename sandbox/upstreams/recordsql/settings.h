// The section `recordsql` of the settings file.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SETTINGS_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SETTINGS_H_

#include "sandbox/upstream.h"
#include "sandbox/upstreams/recordsql/options.h"

namespace relais::sandbox::recordsql {

// `options` outlive what is returned.
Setters SettersOf(Options& options);

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_SETTINGS_H_

// The section `jobqueue` of the settings file.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_SETTINGS_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_SETTINGS_H_

#include "sandbox/upstream.h"
#include "sandbox/upstreams/jobqueue/options.h"

namespace relais::sandbox::jobqueue {

// `options` outlive what is returned.
Setters SettersOf(Options& options);

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_SETTINGS_H_

// The section `campaign` of the settings file.

#ifndef RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_SETTINGS_H_
#define RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_SETTINGS_H_

#include "sandbox/upstream.h"
#include "sandbox/upstreams/campaign/options.h"

namespace relais::sandbox::campaign {

// `options` outlive what is returned.
Setters SettersOf(Options& options);

}  // namespace relais::sandbox::campaign

#endif  // RELAIS_SANDBOX_UPSTREAMS_CAMPAIGN_SETTINGS_H_

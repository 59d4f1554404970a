// The JSON of the job queue's answers.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WIRE_JSON_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WIRE_JSON_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sandbox/upstreams/jobqueue/queue/queue.h"

namespace relais::sandbox::jobqueue {

nlohmann::json JobJson(const JobView& view, DateStyle style);
nlohmann::json DefinitionJson(const JobDefinition& definition, DateStyle style);
nlohmann::json LedgerJson(const std::vector<LedgerEntry>& ledger);

}  // namespace relais::sandbox::jobqueue

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WIRE_JSON_H_

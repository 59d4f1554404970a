// The JSON of the job queue's answers.

#ifndef RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WIRE_JSON_H_
#define RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WIRE_JSON_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sandbox/upstreams/jobqueue/queue.h"

namespace relais::sandbox {

nlohmann::json JobJson(const JobView& view, DateStyle style);
nlohmann::json DefinitionJson(const JobDefinition& definition, DateStyle style);
nlohmann::json LedgerJson(const std::vector<LedgerEntry>& ledger);
// Bytes that are no UTF-8 are replaced.
std::string Dump(const nlohmann::json& value);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_UPSTREAMS_JOBQUEUE_WIRE_JSON_H_

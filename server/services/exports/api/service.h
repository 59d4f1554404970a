// How relais.exports.v1.ExportService is served: the methods of each noun, and what they share.

#ifndef RELAIS_SERVER_SERVICES_EXPORTS_API_SERVICE_H_
#define RELAIS_SERVER_SERVICES_EXPORTS_API_SERVICE_H_

#include "server/gateway/method.h"
#include "server/gateway/mutation.h"
#include "server/services/exports/names.h"
#include "server/services/exports/runs/connection.h"

namespace relais::exports {

template <typename Name>
using Target = gateway::Target<Connection, Name>;
using Methods = gateway::Methods<Connection>;

// Each adds the methods of one file.
void AddDefinitionMethods(Methods& methods);
void AddValidateMethod(Methods& methods);
void AddRunMethods(Methods& methods);
void AddWatchMethod(Methods& methods);
void AddFileMethods(Methods& methods);

}  // namespace relais::exports

#endif  // RELAIS_SERVER_SERVICES_EXPORTS_API_SERVICE_H_

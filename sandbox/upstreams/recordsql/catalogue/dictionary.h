// The language of dictionaries: the gateway and the sandbox must read it alike, so that its reader
// is the gateway's.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_CATALOGUE_DICTIONARY_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_CATALOGUE_DICTIONARY_H_

#include "server/services/recordsql/dictionary/condition.h"
#include "server/services/recordsql/dictionary/dictionary.h"
#include "server/services/recordsql/dictionary/source.h"

namespace relais::sandbox::recordsql {

namespace dictionary = ::relais::recordsql;

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_CATALOGUE_DICTIONARY_H_

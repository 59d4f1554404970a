// What tests and a gateway that embeds the sandbox may use of its RecordSql server.

#ifndef RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_UPSTREAM_H_
#define RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_UPSTREAM_H_

#include <string>
#include <utility>
#include <vector>

#include "sandbox/sandbox.h"
#include "sandbox/upstream.h"

namespace relais::sandbox::recordsql {

class Server;

const UpstreamKind& Kind();

// "http://127.0.0.1:PORT/DhsDivaltoServiceDivaApiRest"
std::string UrlOf(const Sandbox& sandbox);
// Thread-safe; lives as long as the sandbox.
Server& ServerOf(Sandbox& sandbox);

// The built-in catalogue: (file name, text) of every dictionary source, bases before overrides, and
// of the data dictionary.
std::vector<std::pair<std::string, std::string>> DictionarySources();
std::pair<std::string, std::string> DataDictionarySource();

}  // namespace relais::sandbox::recordsql

#endif  // RELAIS_SANDBOX_UPSTREAMS_RECORDSQL_UPSTREAM_H_

// Replies of JSON, as upstreams and the sandbox's own routes give them.

#ifndef RELAIS_SANDBOX_HTTP_JSON_REPLY_H_
#define RELAIS_SANDBOX_HTTP_JSON_REPLY_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sandbox/http/message.h"

namespace relais::sandbox {

// Bytes that are no UTF-8 are replaced. `indent` < 0: in one line.
std::string Dump(const nlohmann::json& value, int indent = -1);
std::string DumpOrdered(const nlohmann::ordered_json& value, int indent = -1);

// `json` is the body as it is sent.
HttpReply JsonReply(int status, std::string json);
// Neither body nor Content-Type.
HttpReply EmptyReply(int status);
// What a web server of the vendor's kind answers for a path or method that it does not serve.
HttpReply NotServedReply(int status);

// What routes below /sandbox/ answer: {"ok": true} and {"error": WHY}.
HttpReply DoneReply();
HttpReply RefusalReply(int status, const std::string& why);

}  // namespace relais::sandbox

#endif  // RELAIS_SANDBOX_HTTP_JSON_REPLY_H_

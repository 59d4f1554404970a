// What the suite must be told of a service, because no descriptor says it: how to call each method
// so that it succeeds, and what happens upstream then. Everything else it finds out itself.
//
// A service that is new in server/services.def needs a file subject_WORD.cc with its table, nothing
// else.

#ifndef RELAIS_TESTS_CONFORMANCE_SUBJECTS_H_
#define RELAIS_TESTS_CONFORMANCE_SUBJECTS_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/http/operation.h"
#include "tests/integration/gateway.h"

namespace relais::conformance {

using integration::Gateway;
using sandbox::Operation;

// The messages of a call in text form: one, or those of a client stream.
using Texts = std::vector<std::string>;

// What a State method watches, and how it is changed. Nothing else changes it.
struct Watched {
  std::string reader;  // the method that reads one of it; its request has a `name` only
  std::function<std::string(Gateway&)> make;  // gives the name of a new one
  std::function<std::string(const std::string& name)> request;
  // The change with that number; makes the resource at least as large as `bytes`. Null: nothing
  // changes it at will but its end.
  std::function<void(Gateway&, const std::string& name, int number, std::size_t bytes)> change;
  std::function<void(Gateway&, const std::string& name)> end;  // into a terminal state
  std::function<void(Gateway&, const std::string& name)> remove;
};

struct MethodEntry {
  std::string name;
  // What it asks the upstream, in that order; nothing: it answers from memory.
  std::vector<Operation> asks = {};
  // A call that succeeds. Made anew for every call, since some can be made once only.
  std::function<Texts(Gateway&)> request;
  // Merged into the first message, it makes a call with other arguments. Empty: a request that is
  // made anew has other arguments already, or there are none.
  std::string other = {};
  // The field of a response that a paged list, or a stream of rows, consists of. Empty: the first
  // list of messages.
  std::string items = {};
  // The service whose method it calls for that, which is named with the connection by what goes
  // wrong there. Empty: it asks itself.
  std::string through = {};
  // What the upstream's reply contains is not looked at.
  bool opaque = false;
  // A failing upstream is no error of the call; the response tells of it.
  bool tells_failures = false;
  // Of a paged list: more than 1000 items. Of a stream of rows: more than sockets and windows hold.
  std::function<Texts(Gateway&)> plenty = nullptr;
  std::optional<Watched> watched = std::nullopt;  // of a State method
};

struct Subject {
  std::string word;     // "jobqueue"
  std::string service;  // full name
  // Name of the connection to the sandbox, "queues/sandbox". Of a service with a connection of the
  // gateway's own: what the names of those begin with that its methods are called with.
  std::string resource;
  // What the keys of the connection begin with to which its calls lead, "jobqueue.queues.sandbox."
  std::string settings;
  Texts second;                                           // settings that add another connection
  std::function<void(sandbox::SandboxOptions&)> furnish;  // what the sandbox needs for it
  Texts needs = {};                                       // further settings of the gateway
  int nameless = 1;                                       // methods whose requests name nothing
  // Of the gateway's own connection, that errors name. Empty: there is one to the sandbox.
  std::string own = {};
  std::vector<MethodEntry> methods;

  // What errors name that do not come from upstream.
  std::string connection() const { return own.empty() ? "sandbox" : own; }
};

// In the order of services.def; they live for ever.
const std::vector<const Subject*>& Subjects();

// The text form of a string.
std::string Quoted(const std::string& text);
// A request with `name`, and one with `parent`.
Texts Name(const std::string& name);
Texts Parent(const std::string& parent);
// A request that is always the same.
std::function<Texts(Gateway&)> Always(Texts texts);

}  // namespace relais::conformance

#endif  // RELAIS_TESTS_CONFORMANCE_SUBJECTS_H_

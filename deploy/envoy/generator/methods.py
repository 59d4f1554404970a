"""The methods of the protos, and what of them the front needs to know."""

import dataclasses
import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUF = ROOT / ".deps/bin/buf"


@dataclasses.dataclass(frozen=True)
class Method:
    service: str  # with its package
    name: str
    reads: bool  # has no side effects
    streams: bool  # in either direction
    uploads: bool  # the caller streams
    watches: bool  # its stream has heartbeats
    request_id: str  # path of the field in the (first) request; empty: it has none
    verb: str  # of REST
    url: str  # of REST, as google.api.http has it

    @property
    def full(self):
        return f"{self.service}/{self.name}"


def read_methods():
    done = subprocess.run([BUF, "build", "protos", "--as-file-descriptor-set", "--exclude-source-info", "-o", "-#format=json"],
                          cwd=ROOT, stdout=subprocess.PIPE, check=True)
    files = [file for file in json.loads(done.stdout)["file"] if file["package"].startswith("relais.")]
    messages = {}
    for file in files:
        for message in file.get("messageType", []):
            _collect(f".{file['package']}", message, messages)
    methods = [_method(file["package"], service, method, messages)
               for file in files for service in file.get("service", []) for method in service["method"]]
    return sorted(methods, key=lambda method: method.full)


def _collect(scope, message, messages):
    name = f"{scope}.{message['name']}"
    messages[name] = message
    for nested in message.get("nestedType", []):
        _collect(name, nested, messages)


def _field(message, name):
    return next((field for field in message.get("field", []) if field["name"] == name), None)


def _request_id(message, messages):
    if _field(message, "request_id"):
        return "request_id"
    start = _field(message, "start")
    if start and start.get("typeName") in messages and _field(messages[start["typeName"]], "request_id"):
        return "start.request_id"
    return ""


def _method(package, service, method, messages):
    name = f"{package}.{service['name']}"
    level = method.get("options", {}).get("idempotencyLevel")
    if level is None:
        raise SystemExit(f"generate: {name}/{method['name']} has no idempotency_level")
    request = messages.get(method["inputType"], {})
    answers, uploads = bool(method.get("serverStreaming")), bool(method.get("clientStreaming"))
    rule = method["options"]["[google.api.http]"]
    verb = next(verb for verb in ("get", "post", "put", "patch", "delete") if verb in rule)
    return Method(name, method["name"], level == "NO_SIDE_EFFECTS", answers or uploads, uploads,
                  answers and method["name"].startswith(("Watch", "Tail")), _request_id(request, messages),
                  verb.upper(), rule[verb])

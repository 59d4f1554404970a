"""A server that answers what a scenario's `script` says, for what a right gateway never does."""

import collections
import concurrent.futures
import hashlib
import threading

import grpc

_DETAILS = "grpc-status-details-bin"


class ScriptedServer:
    """Listens on a free port; `begin` gives it the answers of a scenario.

    The script is a list of `{"method", "replies": […], "error": {…}, "hang": bool, "times": n}`: each answers
    `times` calls of its method (1; 0: all further ones), in their order. A call that nothing is left for is UNIMPLEMENTED.
    """

    def __init__(self, protos):
        self._protos = protos
        self._lock = threading.Lock()
        self._left = collections.defaultdict(collections.deque)
        self._calls = []
        self._leave = threading.Event()
        self._server = grpc.server(concurrent.futures.ThreadPoolExecutor(32),
                                   options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", -1)])
        self._server.add_generic_rpc_handlers((_Handlers(self),))
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def begin(self, script):
        with self._lock:
            self._leave.set()
            self._leave = threading.Event()
            self._left.clear()
            self._calls = []
            for entry in script:
                unknown = set(entry) - {"method", "replies", "error", "hang", "times"}
                if unknown:
                    raise ValueError(f"script: {sorted(unknown)} is not known")
                self._left[entry["method"]].append({"times": 1, **entry})

    def calls(self):
        """What was called since `begin`: `{"method", "request", "token"}`, for uploads `files` too."""
        with self._lock:
            return [dict(call) for call in self._calls]

    def close(self):
        self._leave.set()
        self._server.stop(None).wait()

    def handler(self, path):
        try:
            method = self._protos.method(path)
        except KeyError:
            return None

        def answer(requests, context):
            return self._answer(method, requests, context)

        def answer_unary(requests, context):
            return next(iter(answer(requests, context)))

        kind = {(False, False): grpc.unary_unary_rpc_method_handler,
                (False, True): grpc.unary_stream_rpc_method_handler,
                (True, False): grpc.stream_unary_rpc_method_handler}[method.client_streaming, method.server_streaming]
        return kind(answer if method.server_streaming else answer_unary,
                    request_deserializer=method.request.FromString,
                    response_serializer=lambda message: message.SerializeToString())

    def _answer(self, method, requests, context):
        self._note(method, requests if method.client_streaming else [requests], context)
        entry, leave = self._next(method.name)
        if entry is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the script has no answer left for {method.name}")
        for reply in entry.get("replies", []):
            yield self._protos.message(method.response, reply)
        if entry.get("hang"):
            context.add_callback(leave.set)
            leave.wait()
        if "error" in entry:
            self._fail(entry["error"], context)

    def _next(self, name):
        with self._lock:
            left = self._left[name]
            if not left:
                return None, None
            entry = left[0]
            entry["times"] -= 1
            if entry["times"] == 0:
                left.popleft()
            return entry, threading.Event() if entry.get("hang") else self._leave

    def _note(self, method, requests, context):
        token = dict(context.invocation_metadata()).get("authorization", "")
        first, files, path = None, {}, None
        for request in requests:
            first = first or self._protos.json(request)
            part = request.WhichOneof("part") if method.client_streaming else None
            if part == "file":
                path = request.file.path
                files[path] = [0, hashlib.sha256()]
            elif part == "chunk":
                file = files.setdefault(path, [0, hashlib.sha256()])
                file[0] += len(request.chunk)
                file[1].update(request.chunk)
        call = {"method": method.name, "request": first or {}, "token": token.removeprefix("Bearer ")}
        if method.client_streaming:
            call["files"] = {name: {"bytes": size, "sha256": digest.hexdigest()}
                             for name, (size, digest) in files.items()}
        with self._lock:
            self._calls.append(call)

    def _fail(self, error, context):
        code = grpc.StatusCode[error["code"]]
        message = error.get("message", "")
        details = list(self._details(error))
        if details:
            status = self._protos.type("google.rpc.Status")(code=code.value[0], message=message)
            for detail in details:
                status.details.add().Pack(detail)
            context.set_trailing_metadata(((_DETAILS, status.SerializeToString()),))
        context.abort(code, message)

    def _details(self, error):
        def make(name, content):
            return self._protos.message(self._protos.type("google.rpc." + name), content)

        if "reason" in error:
            yield make("ErrorInfo", {"reason": error["reason"], "domain": "relais",
                                     "metadata": error.get("metadata", {})})
        if "retry_after_ms" in error:
            yield make("RetryInfo", {"retryDelay": f"{error['retry_after_ms'] / 1000:.3f}s"})
        if "violations" in error:
            yield make("BadRequest", {"fieldViolations": error["violations"]})
        if "upstream_message" in error:
            yield make("LocalizedMessage", {"locale": "fr", "message": error["upstream_message"]})


class _Handlers(grpc.GenericRpcHandler):
    def __init__(self, server):
        self._of = server

    def service(self, details):
        return self._of.handler(details.method.lstrip("/"))

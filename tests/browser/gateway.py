"""`relaisd dev` as a process of its own: a gateway with its sandbox, and calls of both."""

import json
import os
import re
import subprocess
import urllib.error
import urllib.request

PROGRAM = os.environ.get("RELAISD", "build/release/bin/relaisd")
HTTP = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Gateway:
    """Listens on free ports from construction until `stop`; `settings` are further arguments."""

    def __init__(self, *settings):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RELAIS_")}
        ports = [f"--{name}listen=127.0.0.1:0" for name in ("", "admin-", "sandbox-", "campaign-")]
        self._callers = []
        self._process = subprocess.Popen([PROGRAM, "dev", *ports, *settings], stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL, text=True, env=environment)
        lines = [self._process.stdout.readline(), self._process.stdout.readline()]
        try:
            self.grpc, self.admin = re.search(r"gRPC on (\S+), admin on (\S+)", lines[0]).groups()
            self.sandbox = re.search(r"Sandbox on (http://[\d.:]+)", lines[1]).group(1)
        except AttributeError:
            self.stop()
            raise AssertionError(f"{PROGRAM} did not start: {lines}") from None

    def stop(self):
        """Ends the callers and the gateway."""
        for caller in self._callers:
            caller.kill()
            caller.wait()
        self._callers = []
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def drain(self):
        self._process.terminate()

    def _command(self, method, request):
        return [PROGRAM, "call", "--address", self.grpc, method, json.dumps(request)]

    def call(self, method, request):
        """The exit code of a call; 0: it went well."""
        return subprocess.run(self._command(method, request), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=60, check=False).returncode

    def keep_calling(self, method, request):
        """A caller that stays, as of a watch. Can be killed."""
        caller = subprocess.Popen(self._command(method, request), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._callers.append(caller)
        return caller

    def status(self):
        with HTTP.open(self.admin + "/status.json", timeout=20) as reply:
            return json.load(reply)

    def to_sandbox(self, method, path, body=None):
        request = urllib.request.Request(self.sandbox + path, data=json.dumps(body or {}).encode(), method=method)
        with HTTP.open(request, timeout=20) as reply:
            reply.read()

"""A sandbox, a gateway before it and a cutter before that, each in a process or threads of its own."""

import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import urllib.request

import grpc

from harness.cutter import Cutter

_START_SECONDS = 30
_ERP_PATH = "/DhsDivaltoServiceDivaApiRest"
# What makes the times of a gateway those of tests.
_SETTINGS = {"server.drain_delay": "0s", "server.drain_deadline": "5s", "state.settle_time": "1s"}


class Process:
    """A program whose standard output tells, within its first lines, where it listens."""

    def __init__(self, command, log, found, environment=None):
        self._log = open(log, "ab")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log,
                                        env=environment, text=True)
        # A program that says nothing is ended, which ends its output and so the loop below.
        guard = threading.Timer(_START_SECONDS, self.process.kill)
        guard.start()
        self.found, said = {}, []
        try:
            for line in self.process.stdout:
                said.append(line)
                for name, pattern in found.items():
                    match = re.search(pattern, line)
                    if match and name not in self.found:
                        self.found[name] = int(match.group(1))
                if len(self.found) == len(found):
                    break
            else:
                self.process.wait()
                raise RuntimeError(f"{command[0]} did not start: {''.join(said)}{_end_of(log)}")
        finally:
            guard.cancel()
        # The rest is read so that it never blocks.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def send(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM, seconds=20):
        """Ends it and waits for that; what does not end in time is killed, and that is an error."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"{self.process.args[0]} did not end within {seconds} s") from None
        finally:
            self._log.close()


class Lab:
    """`settings`: `set` (keys of the gateway's configuration) and `sandbox` (the sandbox's settings file)."""

    def __init__(self, relaisd, sandbox, folder, protos, settings):
        self._protos = protos
        self._folder = pathlib.Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / "sandbox.yaml"
        file.write_text(json.dumps(settings.get("sandbox", {})))
        self._sandbox = Process([sandbox, "--listen", "127.0.0.1:0", "--config", str(file)],
                                self._folder / "sandbox.log", {"http": r"listening on 127\.0\.0\.1:(\d+)"})
        self.sandbox_port = self._sandbox.found["http"]
        self._relaisd = relaisd
        self._set = {**_SETTINGS, "state.file": str(self._folder / "state.sqlite"), **self._upstreams(),
                     **settings.get("set", {})}
        self._listen, self._admin = 0, 0
        self._gateway = None
        self._frozen = False
        self.start()
        self.cutter = Cutter(("127.0.0.1", self._listen))
        self._channel = None

    @property
    def target(self):
        """Address of the gateway through the cutter."""
        return f"127.0.0.1:{self.cutter.port}"

    def start(self):
        """Starts the gateway, at the ports that it had before."""
        if self._gateway is not None:
            return
        words = [self._relaisd, "dev", "--listen", f"127.0.0.1:{self._listen}", "--admin-listen",
                 f"127.0.0.1:{self._admin}", "--sandbox-listen", "127.0.0.1:0"]
        for key, value in self._set.items():
            words += ["--set", f"{key}={value}"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RELAIS_")}
        self._gateway = Process(words, self._folder / "gateway.log",
                                {"grpc": r"gRPC on \S*:(\d+),", "admin": r"admin on http://\S*:(\d+)"}, environment)
        self._listen, self._admin = self._gateway.found["grpc"], self._gateway.found["admin"]

    def stop(self, number=signal.SIGTERM):
        if self._gateway is None:
            return
        self.thaw()
        gateway, self._gateway = self._gateway, None
        gateway.end(number)

    def freeze(self):
        self._gateway.send(signal.SIGSTOP)
        self._frozen = True

    def thaw(self):
        if self._frozen:
            self._frozen = False
            self._gateway.send(signal.SIGCONT)

    def reset(self):
        """As a scenario finds it: running, without faults, nothing counted."""
        self.thaw()
        self.start()
        self.cutter.release()
        self.cutter.reset()
        self.request("DELETE", "/sandbox/faults")
        self.request("DELETE", "/sandbox/requests")

    def request(self, method, path, body=None):
        """The JSON answer of one of the sandbox's own routes; an HTTP error is an exception."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.sandbox_port}{path}", data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                text = reply.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path} is {error.code}: {error.read().decode()}") from None
        return json.loads(text) if text.strip() else {}

    def call(self, path, content):
        """The JSON answer of the gateway to a unary call past the cutter."""
        method = self._protos.method(path)
        if self._channel is None:
            self._channel = grpc.insecure_channel(f"127.0.0.1:{self._listen}")
        stub = self._channel.unary_unary(method.path, method.request.SerializeToString, method.response.FromString)
        return self._protos.json(stub(self._protos.message(method.request, content), timeout=30, wait_for_ready=True))

    def metrics(self):
        """Calls `started` and `open` in this life of the gateway, by method (`relais.robot.v1.RobotService/GetJob`)."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._admin}/metrics", timeout=30) as reply:
            text = reply.read().decode()
        counts = {"started": {}, "open": {}}
        for name, kind in (("grpc_server_started_total", "started"), ("relais_grpc_open_calls", "open")):
            for labels, value in re.findall(rf"^{name}{{(.*?)}} (\S+)$", text, re.MULTILINE):
                label = dict(re.findall(r'(\w+)="(.*?)"', labels))
                counts[kind][f"{label['grpc_service']}/{label['grpc_method']}"] = int(float(value))
        return counts

    def close(self):
        try:
            if self._channel is not None:
                self._channel.close()
            self.cutter.close()
            self.stop()
        finally:
            self._sandbox.end()

    def _upstreams(self):
        url = f"http://127.0.0.1:{self.sandbox_port}"
        return {"recordsql.erps.sandbox.base_url": url + _ERP_PATH,
                "jobqueue.queues.sandbox.base_url": url + "/mi_servicelayer",
                "robot.orchestrators.sandbox.base_url": url, "campaign.instances.sandbox.port": self.sandbox_port}


def _end_of(log):
    return "".join(pathlib.Path(log).read_text(errors="replace").splitlines(keepends=True)[-10:])

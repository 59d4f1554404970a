"""Gateways that share a sandbox, each with the certificate of a gateway and open to its front only."""

import json
import os
import pathlib
import re
import signal
import urllib.request

from harness.lab import Process

ROOT = pathlib.Path(__file__).resolve().parents[3]
RELAISD = os.environ.get("RELAISD", str(ROOT / "build/release/bin/relaisd"))
ERP_PATH = "/DhsDivaltoServiceDivaApiRest"
LISTENING = {"grpc": r"gRPC on \S*:(\d+),", "admin": r"admin on http://\S*:(\d+)"}


class Sandbox:
    """`settings`: those of its file, docs/sandbox.md."""

    def __init__(self, folder, settings):
        file = folder / "sandbox.yaml"
        file.write_text(json.dumps(settings))
        self._process = Process([str(pathlib.Path(RELAISD).parent / "relais-sandbox"), "--listen", "127.0.0.1:0", "--config", str(file)],
                                folder / "sandbox.log", {"http": r"listening on 127\.0\.0\.1:(\d+)"})
        self.port = self._process.found["http"]

    def settings(self):
        url = f"http://127.0.0.1:{self.port}"
        return {"recordsql.erps.sandbox.base_url": url + ERP_PATH, "jobqueue.queues.sandbox.base_url": url + "/mi_servicelayer",
                "robot.orchestrators.sandbox.base_url": url, "campaign.instances.sandbox.port": self.port}

    def request(self, method, path, body=None):
        """One of the sandbox's own routes."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.read()

    def close(self):
        self._process.end()


class Gateway:
    """One that can be stopped, killed and started again at the same port."""

    def __init__(self, folder, sandbox, settings):
        folder.mkdir()
        self.log = folder / "gateway.log"
        self._settings = {"state.file": str(folder / "state.sqlite"), "state.settle_time": "1s", "log.access": "all",
                          **sandbox.settings(), **settings}
        self.port = self.admin = 0
        self._process = None
        self.start()

    def start(self):
        words = [RELAISD, "dev", "--listen", f"127.0.0.1:{self.port}", "--admin-listen", f"127.0.0.1:{self.admin}",
                 "--sandbox-listen", "127.0.0.1:0", "--campaign-listen", "127.0.0.1:0"]
        for key, value in self._settings.items():
            words += ["--set", f"{key}={value}"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RELAIS_")}
        self._process = Process(words, self.log, LISTENING, environment)
        self.port, self.admin = self._process.found["grpc"], self._process.found["admin"]

    def stop(self, number=signal.SIGTERM):
        process, self._process = self._process, None
        if process is not None:
            process.end(number, seconds=30)

    @property
    def pid(self):
        return self._process.process.pid

    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=10) as reply:
            return reply.read().decode()

    def metric(self, name, **labels):
        """The sum of what has this name and these labels."""
        lines = re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", self.metrics(), re.MULTILINE)
        return sum(float(value) for text, value in lines if labels.items() <= dict(re.findall(r'(\w+)="(.*?)"', text)).items())

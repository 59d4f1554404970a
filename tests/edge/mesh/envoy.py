"""The real Envoy, with what deploy/envoy/generate makes for these addresses."""

import functools
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import yaml

from mesh import issuer

ROOT = pathlib.Path(__file__).resolve().parents[3]
ENVOY = pathlib.Path(sys.prefix) / "bin/envoy"
START_SECONDS = 30


def pack(folder):
    """All that Envoy needs beside certificates, as for an installation."""
    subprocess.run([ROOT / "deploy/envoy/pack", folder], check=True, stdout=subprocess.DEVNULL)


@functools.cache
def packed():
    """What no values change, packed once."""
    temporary = tempfile.TemporaryDirectory(prefix="relais-front-")
    pack(pathlib.Path(temporary.name))
    return temporary


def fill(folder, values):
    """As `pack`, but for what has been packed before."""
    for name in ("protos.binpb", "web"):
        (folder / name).symlink_to(pathlib.Path(packed().name) / name)
    file = folder / "values.yaml"
    file.write_text(yaml.safe_dump(values), encoding="utf-8")
    subprocess.run([sys.executable, ROOT / "deploy/envoy/generate", "--values", file, "--folder", folder], check=True)


class Envoy:
    def __init__(self, folder, certificates, gateways, keys=None, origins=(), **more):
        self.folder = folder
        values = {"listen": "127.0.0.1:0", "admin": "127.0.0.1:0", "folder": str(folder), "certificates": str(certificates),
                  "gateways": [f"127.0.0.1:{gateway.port}" for gateway in gateways], "origins": list(origins), "tokens": None, **more}
        if keys:
            values["tokens"] = {"issuer": issuer.NAME, "audience": issuer.AUDIENCE, "keys": keys, "keys_kept": "5s"}
        fill(folder, values)
        self.log = folder / "envoy.log"
        self._admin_file = folder / "admin"
        self._output = open(self.log, "wb")
        self.process = subprocess.Popen(
            [ENVOY, "-c", folder / "envoy.yaml", "--concurrency", "2", "--disable-hot-restart", "--log-level", "warning",
             "--file-flush-interval-msec", "100",
             "--admin-address-path", self._admin_file],
            stdin=subprocess.DEVNULL, stdout=self._output, stderr=subprocess.STDOUT,
            env={**os.environ, "ENVOY_UID": "0"})
        self.port = self._port()

    def admin(self, path, method="GET"):
        address = self._admin_file.read_text()
        with urllib.request.urlopen(urllib.request.Request(f"http://{address}{path}", method=method), timeout=10) as reply:
            return reply.read().decode()

    def stat(self, name):
        return sum(int(line.split(": ")[1]) for line in self.admin(f"/stats?filter=^{name}$").splitlines())

    def await_stat(self, name, value, seconds=30):
        limit = time.monotonic() + seconds
        while self.stat(name) != value:
            if time.monotonic() > limit:
                raise AssertionError(f"{name} is {self.stat(name)}, not {value}, after {seconds} s")
            time.sleep(0.05)

    def _port(self):
        """Once it listens and knows a gateway that is well."""
        limit = time.monotonic() + START_SECONDS
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                listeners = json.loads(self.admin("/listeners?format=json")).get("listener_statuses", [])
                if listeners and self.stat("cluster.gateways.membership_healthy") > 0:
                    return listeners[0]["local_address"]["socket_address"]["port_value"]
            except (OSError, ValueError):
                pass
            time.sleep(0.02)
        self.close()
        raise RuntimeError(f"Envoy did not start:\n{self.log.read_text(errors='replace')[-4000:]}")

    def lines(self):
        """What it has logged of calls, some of which is written a moment later."""
        return [json.loads(line) for line in self.log.read_text(errors="replace").splitlines() if line.startswith("{")]

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._output.close()

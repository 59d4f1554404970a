"""The real Envoy, with what deploy/envoy/generate makes for these addresses."""

import functools
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import urllib.request

import yaml
from harness.waiting import eventually

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
        eventually(lambda: self.stat(name) == value, f"{name} is {value}", seconds)

    def _port(self):
        """Once it listens and knows a gateway that is well."""
        def found():
            if self.process.poll() is not None:
                raise AssertionError("it has ended")
            try:
                listeners = json.loads(self.admin("/listeners?format=json")).get("listener_statuses", [])
            except ValueError:  # half an address, half an answer
                return None
            return listeners if self.stat("cluster.gateways.membership_healthy") > 0 else None

        try:
            addresses = [listener["local_address"] for listener in eventually(found, "a listener and a gateway that is well", START_SECONDS)]
            return next(address["socket_address"]["port_value"] for address in addresses if "socket_address" in address)
        except AssertionError as error:
            self.close()
            raise RuntimeError(f"Envoy did not start: {error}\n{self.log.read_text(errors='replace')[-4000:]}") from None

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

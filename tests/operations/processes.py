"""Programs that the tests start: on free ports, until the test ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "clients", "scenarios"))

from harness.waiting import eventually  # noqa: E402

__all__ = ["eventually"]
BIN = os.path.join(ROOT, "build", "release", "bin")
RELAISD = os.environ.get("RELAISD", os.path.join(BIN, "relaisd"))
SANDBOX = os.environ.get("RELAIS_SANDBOX", os.path.join(BIN, "relais-sandbox"))
PROMETHEUS = os.path.join(ROOT, ".deps", "prometheus", "usr", "bin")
SECONDS = 60  # the longest that anything here may take


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def get(url):
    """The body of a reply, whatever its status."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as reply:
            return reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def get_json(url):
    return json.loads(get(url))


def put(url, content):
    request = urllib.request.Request(url, json.dumps(content).encode(), method="PUT")
    with urllib.request.urlopen(request, timeout=SECONDS) as reply:
        reply.read()


def only_child(pid):
    """The process id of the one child that a process has."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
        children = file.read().split()
    if not children:
        raise ProcessLookupError("it has ended")
    return int(children[0])


class Process:
    """A program with its output, ended in order by stop()."""

    def __init__(self, command, **options):
        self.output = ""
        self._changed = threading.Condition()
        self._closed = False
        self._process = subprocess.Popen(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                         stderr=subprocess.STDOUT, **options)
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            with self._changed:
                self.output += line
                self._changed.notify_all()
        self._process.stdout.close()
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait_for(self, pattern, seconds=SECONDS):
        """The match of `pattern` in what it has printed."""
        search = re.compile(pattern).search
        with self._changed:
            self._changed.wait_for(lambda: self._closed or search(self.output), seconds)
            found = search(self.output)
        if found is None:
            raise AssertionError(f"{pattern!r} is not in:\n{self.output}")
        return found

    def wait(self, seconds=SECONDS):
        """Its exit code."""
        code = self._process.wait(seconds)
        self._reader.join(seconds)
        return code

    def send(self, with_signal):
        self._process.send_signal(with_signal)

    def stop(self, with_signal=signal.SIGTERM):
        if self._process.poll() is None:
            self.send(with_signal)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
            return self.wait()


class Gateway(Process):
    """`relaisd dev`, or what `command` says, once it listens."""

    def __init__(self, *arguments, command=None, **options):
        super().__init__(command or [
            RELAISD, "dev", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
            "--sandbox-listen", "127.0.0.1:0", *arguments], **options)
        try:
            listening = self.wait_for(r"gRPC on (\S+), admin on (\S+)\n")
        except AssertionError:
            self.stop(signal.SIGKILL)
            raise
        self.address, self.admin = listening.groups()
        self.call_options = []

    def call(self, method, message="{}"):
        """`relaisd call` to its end: exit code and JSON or error text."""
        return subprocess.run([RELAISD, "call", "--address", self.address, *self.call_options, method, message],
                              capture_output=True, text=True, timeout=SECONDS, check=False)

    def start_call(self, method, message="{}"):
        return Process([RELAISD, "call", "--address", self.address, *self.call_options, method, message])

    def metrics(self):
        return get(self.admin + "/metrics")


class Prometheus(Process):
    """Prometheus over one configuration, whose data lies in `folder`."""

    def __init__(self, configuration, folder):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        super().__init__([
            os.path.join(PROMETHEUS, "prometheus"), f"--config.file={configuration}",
            f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
            "--web.enable-lifecycle", f"--web.console.templates={folder}", f"--web.console.libraries={folder}"])
        eventually(lambda: "Ready" in get(self.url + "/-/ready"), "Prometheus is ready")

    def query(self, expression):
        """The values of an instant query."""
        reply = get_json(f"{self.url}/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        if reply["status"] != "success":
            raise AssertionError(f"{expression}: {reply}")
        return reply["data"]["result"]

    def firing(self):
        """The names of the alerts that fire."""
        alerts = get_json(self.url + "/api/v1/alerts")["data"]["alerts"]
        return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}


def certificate(folder, name, days, address="127.0.0.1"):
    """Writes NAME.pem, its own authority, and NAME.key; returns both paths."""
    certificate_file, key_file = os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", str(days), "-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{address}",
                    "-keyout", key_file, "-out", certificate_file], check=True, capture_output=True)
    return certificate_file, key_file

"""A relais-sandbox process of its own for a test."""

import json
import os
import re
import subprocess
import tempfile
import time
import urllib.request

WAIT_SECONDS = 20
PROGRAM = os.environ.get("RELAIS_SANDBOX", "build/release/bin/relais-sandbox")


class SandboxProcess:
    """Runs relais-sandbox on a free port from construction until `stop`.

    `settings` is the YAML text below the key `section`, e.g. 'version: "25.1"'.
    """

    def __init__(self, settings="", section="jobqueue"):
        self._folder = tempfile.TemporaryDirectory()
        config = os.path.join(self._folder.name, "sandbox.yaml")
        with open(config, "w", encoding="utf-8") as out:
            out.write("%s: {%s}\n" % (section, settings))
        self._process = subprocess.Popen(
            [PROGRAM, "--listen", "127.0.0.1:0", "--config", config], stdout=subprocess.PIPE, text=True
        )
        line = self._process.stdout.readline()
        found = re.search(r"listening on 127\.0\.0\.1:(\d+)", line)
        if not found:
            self.stop()
            raise RuntimeError(f"{PROGRAM} did not start: {line!r}")
        self.root = f"http://127.0.0.1:{found.group(1)}"
        self.url = self.root + "/mi_servicelayer"

    def stop(self):
        self._process.terminate()
        self._process.communicate()
        self._folder.cleanup()

    def post(self, path, body=None):
        """Calls one of the sandbox's own routes and returns its JSON."""
        request = urllib.request.Request(
            self.root + path, data=json.dumps(body or {}).encode(), method="POST"
        )
        with urllib.request.urlopen(request) as reply:
            return json.load(reply)

    def get(self, path):
        with urllib.request.urlopen(self.root + path) as reply:
            return json.load(reply)


def eventually(read, holds):
    """What `read` gives once it `holds`."""
    end = time.monotonic() + WAIT_SECONDS
    while True:
        value = read()
        if holds(value):
            return value
        if time.monotonic() > end:
            raise AssertionError(f"it does not come true: {value}")
        time.sleep(0.02)

#!/usr/bin/env python3
"""Uses the Go client as a new user does: `go get` by its real path and version, in a folder outside the tree; the README's
first program pasted; its first call, to a real gateway.

    tests/clients/go_module_test.py     # RELAISD names the gateway's program: build/release/bin/relaisd
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RELAISD = os.environ.get("RELAISD", os.path.join(ROOT, "build", "release", "bin", "relaisd"))
README = os.path.join(ROOT, "clients", "go", "README.md")
MODULE = "github.com/relais-gateway/relais/clients/go"
MOST_LINES = 30


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def go_env(name):
    return subprocess.run(["go", "env", name], cwd=os.path.join(ROOT, "clients", "go"), check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


class Gateway:
    def __enter__(self):
        listen = [f"--{name}listen=127.0.0.1:0" for name in ("", "admin-", "sandbox-", "campaign-")]
        self._process = subprocess.Popen([RELAISD, "dev", *listen], text=True, stdout=subprocess.PIPE)
        self.address = re.match(r"gRPC on ([^ ,]+),", self._process.stdout.readline()).group(1)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.communicate()


class NewUser(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="relais-new-user-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.project = os.path.join(self.folder, "hello")
        os.mkdir(self.project)
        proxy = os.path.join(self.folder, "proxy")
        # The version stands in the README.
        self.version = re.search(re.escape(MODULE) + r"@(v\S+)", read(README)).group(1)
        subprocess.run([os.path.join(ROOT, "tools", "go_module_proxy"), proxy, self.version], check=True)
        # An empty cache, for the version stays while the content changes. What the client needs comes from the cache of the
        # user who runs this, which has it since it has built the client, and whose content go.sum has vouched for.
        cached = os.path.join(go_env("GOMODCACHE"), "cache", "download")
        self.environment = {
            **os.environ, "GOPROXY": f"file://{proxy},file://{cached},{go_env('GOPROXY')}", "GOSUMDB": "off", "GOWORK": "off",
            "GOFLAGS": "-modcacherw", "GOMODCACHE": os.path.join(self.folder, "cache"), "GOTOOLCHAIN": "local"}

    def run_in_project(self, *command):
        done = subprocess.run(command, cwd=self.project, env=self.environment, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, f"{' '.join(command)}\n{done.stdout}")
        return done.stdout

    def test_the_first_call_is_five_minutes_and_thirty_lines_away(self):
        readme = read(README)
        program = re.search(r"```go\n(package main\n.*?)```", readme, re.DOTALL).group(1)
        expected = re.search(r"It prints `([^`]*)`", readme).group(1)
        lines = len(program.splitlines())
        released = re.search(r"project\(relais VERSION (\S+)", read(os.path.join(ROOT, "CMakeLists.txt"))).group(1)
        self.assertEqual(self.version, "v" + released, "the README names another version")
        self.assertLess(lines, MOST_LINES)
        with Gateway() as gateway:
            begin = time.monotonic()
            self.run_in_project("go", "mod", "init", "example.com/hello")
            self.run_in_project("go", "get", f"{MODULE}@{self.version}")
            with open(os.path.join(self.project, "main.go"), "w", encoding="utf-8") as file:
                self.assertIn("localhost:50051", program)
                file.write(program.replace("localhost:50051", gateway.address))
            output = self.run_in_project("go", "run", ".")
            seconds = time.monotonic() - begin
        self.assertEqual(output.splitlines()[-1], expected)
        print(f"go: first call after {seconds / 60:.1f} minutes, {lines} lines")
        # What the module brings into a user's build: nothing but its three libraries, and what those need themselves.
        self.run_in_project("go", "mod", "tidy")
        brought = set(re.findall(r"^\s*(\S+) v", read(os.path.join(self.project, "go.mod")), re.MULTILINE))
        self.assertLessEqual(brought - {"require"}, {
            MODULE, "google.golang.org/grpc", "google.golang.org/protobuf", "google.golang.org/genproto",
            "google.golang.org/genproto/googleapis/api", "google.golang.org/genproto/googleapis/rpc",
            "golang.org/x/net", "golang.org/x/sys", "golang.org/x/text"})


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""The image of the Dockerfile: linted, small, without shell, and complete: its programs run in it as its user."""

import http.server
import os
import re
import ssl
import stat
import subprocess
import tempfile
import threading
import unittest

from image import Image, instructions
from processes import ROOT, SECONDS, certificate, eventually, get

HADOLINT = os.path.join(ROOT, ".deps", "operations", "bin", "hadolint")
AUTHORITIES = "etc/ssl/certs/ca-certificates.crt"
CONFIGURATION = """
server: {{listen: "127.0.0.1:0", drain_delay: 0s, limits: {{memory_bytes: 268435456}}}}
admin: {{listen: "127.0.0.1:0"}}
recordsql:
  erps:
    sandbox:
      {{user: DEMO, environment: ERP, password: {{file: /etc/relais/password}},
        base_url: "{sandbox}/DhsDivaltoServiceDivaApiRest"}}
    trusted: {{user: DEMO, password: {{file: /etc/relais/password}}, base_url: "https://127.0.0.1:{trusted}/"}}
    stranger: {{user: DEMO, password: {{file: /etc/relais/password}}, base_url: "https://127.0.0.1:{stranger}/"}}
jobqueue:
  queues:
    lab:
      base_url: "{sandbox}/mi_servicelayer"
      authentication: {{user: demo, password: {{file: /etc/relais/queue-password}}}}
exports:
  directory: /var/lib/relais
  destinations: {{outbox: {{directory: {{path: /var/tmp}}}}}}
"""
SUBMISSION = """{"start":{"parent":"queues/lab","request_id":"image","definition":{"display_name":"Alloys",
    "text_import":{"template":{"path":"t.xml"},"data":[{"path":"alloys.txt"}]}}}}
    {"file":{"path":"t.xml"}} {"chunk":"PFRlbXBsYXRlLz4="} {"end":{}}
    {"file":{"path":"alloys.txt"}} {"chunk":"U3RlZWwgQQpTdGVlbCBCCg=="} {"end":{}}"""
EXPORT = """{"request_id":"image","export_id":"daily","export":{
    "source":{"records":{"query":{"record_sql":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}}},
    "schedule":{"daily":{"time":{"hours":4}},"time_zone":"Europe/Paris"},"deliveries":[{"destination":"outbox"}]}}"""


class TlsServer:
    """Speaks TLS with the given certificate, and counts those who trust it enough to ask for something."""

    def __init__(self, certificate_file, key_file):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                outer.requests += 1
                self.send_error(503)

            def log_message(self, *_):
                pass

        outer = self
        self.requests = 0
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate_file, key_file)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class Dockerfile(unittest.TestCase):
    def test_hadolint_has_nothing_to_say(self):
        linted = subprocess.run([HADOLINT, "--failure-threshold", "style", "Dockerfile"], cwd=ROOT, capture_output=True,
                                text=True, timeout=SECONDS, check=False)
        self.assertEqual((linted.returncode, linted.stdout), (0, ""))

    def test_its_base_is_the_release_whose_libraries_are_built_with(self):
        with open("/etc/os-release", encoding="utf-8") as file:
            release = re.search(r'^VERSION_ID="?(\d+)', file.read(), re.MULTILINE)[1]
        bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
        self.assertEqual(bases, [f"debian:{release}", "scratch"])

    def test_the_context_has_all_that_is_built(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(ROOT, ".dockerignore"), encoding="utf-8") as file:
                kept = [line[1:].strip() for line in file if line.startswith("!")]
            subprocess.run(["cp", "-a", "--parents", *kept, folder], cwd=ROOT, check=True)
            os.symlink(os.path.join(ROOT, ".deps"), os.path.join(folder, ".deps"))
            for command in (["cmake", "--preset", "release", "--log-level=ERROR"],
                            ["ninja", "-C", "build/release", "-n", "relaisd", "relais-sandbox"]):
                done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
                self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr)


@unittest.skipUnless(os.geteuid() == 0, "a root folder of one's own needs root")
class Container(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.image = Image(folder.name)
        cls.trusted = TlsServer(*certificate(folder.name, "trusted", 3))
        cls.stranger = TlsServer(*certificate(folder.name, "stranger", 3))
        for server in (cls.trusted, cls.stranger):
            cls.addClassCleanup(server.stop)
        with open(os.path.join(cls.image.root, AUTHORITIES), encoding="utf-8") as file:
            cls.authorities = file.read()
        with open(os.path.join(folder.name, "trusted.pem"), encoding="utf-8") as file:
            cls.image.place(AUTHORITIES, cls.authorities + file.read())
        cls.sandbox = cls.image.sandbox()
        cls.addClassCleanup(cls.sandbox.stop)
        cls.image.place("etc/relais/password", "demo-password")
        cls.image.place("etc/relais/queue-password", "demo-password")
        cls.image.place("etc/relais/relais.yaml", CONFIGURATION.format(
            sandbox=cls.sandbox.wait_for(r"http://127\.0\.0\.1:\d+")[0],
            trusted=cls.trusted.port, stranger=cls.stranger.port))
        cls.gateway = cls.image.gateway()
        cls.addClassCleanup(cls.gateway.stop)

    def call(self, method, message="{}"):
        called = self.gateway.call(method, message)
        self.assertEqual(called.returncode, 0, called.stderr + self.gateway.output)
        return called.stdout

    def test_holds_two_programs_and_no_shell(self):
        found = []
        for folder, _, names in os.walk(self.image.root):
            for name in names:
                path = os.path.join(folder, name)
                mode = os.lstat(path).st_mode
                self.assertFalse(mode & (stat.S_ISUID | stat.S_ISGID), path)
                if stat.S_ISREG(mode) and mode & 0o111 and ".so" not in name:
                    found.append(os.path.relpath(path, self.image.root))
        self.assertEqual(sorted(found), ["usr/bin/relais-sandbox", "usr/bin/relaisd"])

    def test_tells_scanners_and_lawyers_what_it_is_made_of(self):
        packages = os.listdir(os.path.join(self.image.root, "var/lib/dpkg/status.d"))
        self.assertTrue({"libc6", "libcurl4", "libssl3", "tzdata"} <= set(packages), packages)
        for package in packages:
            self.assertGreater(os.path.getsize(os.path.join(
                self.image.root, "usr/share/doc", package, "copyright")), 0, package)

    def test_runs_as_a_user_that_owns_nothing_but_its_volumes(self):
        user = int(self.image.settings["USER"].split(":")[0])
        self.assertGreater(user, 0)
        owned = [os.path.relpath(folder, self.image.root) for folder, _, _ in os.walk(self.image.root)
                 if os.lstat(folder).st_uid == user]
        self.assertEqual(sorted(owned), ["var/lib/relais", "var/tmp"])
        # The process below unshare, and its first child.
        users = subprocess.run(["pgrep", "-u", str(user), "-fc", "serve --config /etc/relais/relais.yaml"],
                               capture_output=True, text=True, check=False).stdout
        self.assertGreaterEqual(int(users), 2)

    def test_is_ready(self):
        self.assertEqual(get(self.gateway.admin + "/readyz").strip(), "ok")

    def test_reads_rows_of_the_sandbox_beside_it(self):
        self.assertIn('"values"', self.call("RecordSqlService/QueryRecords", """{"page_size":2,"query":
            {"record_sql":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}}"""))

    def test_takes_files_up_and_keeps_its_state(self):
        self.assertIn("queues/lab/jobs/", self.call("JobQueueService/SubmitJob", SUBMISSION))

    def test_knows_time_zones_and_writes_files(self):
        self.call("ExportService/CreateExport", EXPORT)
        run = '{"name":"exports/daily","date":{"year":2024,"month":7,"day":5}}'
        # Midnight of Paris in summer.
        self.assertIn('"startTime": "2024-07-04T22:00:00Z"', self.call("ExportService/RunExport", run))
        runs = eventually(lambda: self.runs_once_ended(), "the run has ended")
        self.assertIn("STATE_SUCCEEDED", runs)

    def runs_once_ended(self):
        runs = self.call("ExportService/ListExportRuns", '{"parent":"exports/daily"}')
        return runs if re.search("STATE_(SUCCEEDED|FAILED)", runs) else None

    def test_trusts_the_authorities_of_its_file_and_no_others(self):
        self.assertGreater(self.authorities.count("BEGIN CERTIFICATE"), 100)
        for erp in ("trusted", "stranger"):
            self.call("RecordSqlService/GetErp", '{"name":"erps/%s"}' % erp)
        self.assertGreater(self.trusted.requests, 0)
        self.assertEqual(self.stranger.requests, 0)

    def test_zz_ends_in_order_as_the_first_process(self):
        first = self.gateway.first()
        with open(f"/proc/{first}/status", encoding="utf-8") as file:
            self.assertRegex(file.read(), r"(?m)^NSpid:\s+\d+\s+1$")
        self.assertEqual(self.gateway.stop(), 0, self.gateway.output)
        self.assertIn('"stopped"', self.gateway.output)


if __name__ == "__main__":
    unittest.main()

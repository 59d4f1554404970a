#!/usr/bin/env python3
"""The Debian package: built, linted, installed into a system, its unit's command run there, removed and purged."""

import glob
import os
import re
import subprocess
import tempfile
import unittest

from package import System, Unit
from processes import RELAISD, ROOT, SANDBOX, SECONDS, Gateway, eventually, get, only_child

BUILD = os.path.join(ROOT, "build")
UNIT = os.path.join(ROOT, "deploy", "systemd", "relais.service")
DEBIAN = os.path.join(ROOT, "deploy", "debian")
EXPOSURE = 2.5
# Added to the unit's command: free ports, and no wait at the end.
AT_ONCE = ("--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--set", "server.drain_delay=0s")
# Seen in what a busy gateway does; the kernel adds this one when a program is resumed.
BY_THE_KERNEL = {"restart_syscall"}


def run(*words, **options):
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False, **options)


def the_package():
    """The package, built anew."""
    made = run("make", "--no-print-directory", "deb")
    if made.returncode != 0:
        raise AssertionError(made.stdout + made.stderr)
    (package,) = glob.glob(os.path.join(BUILD, "relais_*.deb"))
    return package


class Traced(Gateway):
    """Below strace, which would let go of it at a signal and not hand it on."""

    def send(self, with_signal):
        os.kill(only_child(self.pid), with_signal)


class Page(unittest.TestCase):
    """The man pages say what --help says."""

    def text(self, name):
        rendered = run("mandoc", "-T", "utf8", "-O", "width=1000", os.path.join(DEBIAN, name))
        self.assertEqual(rendered.returncode, 0, rendered.stderr)
        return re.sub(".\b", "", rendered.stdout)

    def options(self, text):
        return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))

    def test_mandoc_finds_nothing_wrong(self):
        for name in ("relaisd.1", "relais-sandbox.1"):
            self.assertEqual(run("mandoc", "-T", "lint", "-W", "warning", os.path.join(DEBIAN, name)).stdout, "")

    def test_the_gateway_has_every_command_and_option(self):
        page = self.text("relaisd.1")
        told = set()
        help_of = {}
        for words in ((), ("serve",), ("dev",), ("call",), ("config",), ("config", "check"), ("config", "print"),
                      ("config", "schema"), ("version",)):
            shown = run(RELAISD, *words, "--help").stdout
            help_of[words] = shown
            # Only what stands in the list of options.
            told |= self.options("\n".join(line for line in shown.splitlines() if re.match(r"  -", line)))
        self.assertEqual(self.options(page), told)
        for words in ((), ("config",)):
            commands = re.findall(r"^  (\w+) {4,}", help_of[words].split("Subcommands:")[1].split("\n\n")[0], re.MULTILINE)
            self.assertGreater(len(commands), 2)
            for command in commands:
                self.assertRegex(page, rf"\b{command}\b")
        for code in ("0", "1", "2", "3", "64 and more", "130"):
            self.assertRegex(page, rf"(?m)^ +{code}\b")

    def test_the_sandbox_has_every_option(self):
        shown = "\n".join(line for line in run(SANDBOX, "--help").stdout.splitlines() if re.match(r"  -", line))
        self.assertEqual(self.options(self.text("relais-sandbox.1")), self.options(shown))


class Hardening(unittest.TestCase):
    def test_systemd_finds_the_unit_hardly_exposed(self):
        judged = run("systemd-analyze", "security", "--offline=true", f"--threshold={int(EXPOSURE * 10)}", UNIT)
        self.assertEqual(judged.returncode, 0, judged.stdout[-200:] + judged.stderr)
        level = float(re.search(r"exposure level for relais.service: ([\d.]+)", judged.stdout)[1])
        self.assertLessEqual(level, EXPOSURE)

    def test_its_filter_has_every_system_call_of_a_busy_gateway(self):
        with tempfile.TemporaryDirectory() as folder:
            trace = os.path.join(folder, "calls")
            gateway = Traced(command=["strace", "-f", "-qq", "-c", "-S", "name", "-U", "name", "-o", trace, RELAISD, "dev",
                                      "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
                                      "--sandbox-listen", "127.0.0.1:0"])
            self.addCleanup(gateway.stop)
            rows = '{"query":{"record_sql":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}}'
            for method, message in (("RecordSqlService/StreamRecords", rows),
                                    ("RobotService/ListRobots", '{"parent":"orchestrators/sandbox/folders/Shared"}'),
                                    ("JobQueueService/ListJobs", '{"parent":"queues/sandbox"}')):
                called = gateway.call(method, message)
                self.assertEqual(called.returncode, 0, called.stderr)
            self.assertEqual(gateway.stop(), 0, gateway.output)
            with open(trace, encoding="utf-8") as file:
                made = {line.split()[0] for line in file} - {"total", "syscall", "-------"} - BY_THE_KERNEL
        made = {name for name in made if re.fullmatch(r"[a-z]\w+", name)}
        self.assertGreater(len(made), 30)
        self.assertEqual(made - self.allowed(), set())

    def allowed(self):
        with open(UNIT, encoding="utf-8") as file:
            filters = re.findall(r"^SystemCallFilter=(.*)$", file.read(), re.MULTILINE)
        calls = set()
        for text in filters:
            named = set()
            for name in text.lstrip("~").split():
                named |= self.expanded(name)
            calls = calls - named if text.startswith("~") else calls | named
        return calls

    def expanded(self, name):
        if not name.startswith("@"):
            return {name}
        lines = run("systemd-analyze", "syscall-filter", name).stdout.splitlines()[1:]
        found = set()
        for word in (line.strip() for line in lines):
            if word and not word.startswith("#"):
                found |= self.expanded(word)
        return found


@unittest.skipUnless(os.geteuid() == 0, "installing a package needs root")
class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.package = the_package()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.system = System(os.path.join(folder.name, "root"), BUILD)
        cls.addClassCleanup(cls.system.stop)
        eventually(cls.system.ready, "the system is there")

    def test_1_lintian_finds_neither_errors_nor_warnings(self):
        linted = run("lintian", "--allow-root", "--fail-on", "error,warning", self.package)
        self.assertEqual((linted.returncode, linted.stdout), (0, ""), linted.stderr)

    def test_2_is_of_the_version_that_is_built(self):
        version = run("dpkg-deb", "--field", self.package, "Version").stdout.strip()
        self.assertEqual(version.rsplit("-", 1)[0], run(RELAISD, "version").stdout.split()[1])
        with open(os.path.join(DEBIAN, "changelog"), encoding="utf-8") as file:
            self.assertTrue(file.readline().startswith(f"relais ({version}) "))

    def test_3_installs_with_its_user_and_starts_nothing(self):
        self.system.run("dpkg", "--install", self.package)
        self.assertRegex(self.system.run("getent", "passwd", "relais").stdout, r":/usr/sbin/nologin$")
        self.assertTrue(self.system.has("/etc/systemd/system/multi-user.target.wants/relais.service"))
        self.assertNotEqual(run("pgrep", "-fx", "/usr/bin/relaisd serve .*").returncode, 0)
        self.assertIn("valid", self.system.run("relaisd", "config", "check", "--config", "/etc/relais/relais.yaml").stdout)
        self.assertEqual(self.system.run("dpkg", "--verify", "relais").stdout, "")

    def test_4_serves_as_its_unit_says(self):
        unit = Unit(self.system, "/lib/systemd/system/relais.service")
        gateway = unit.start(*AT_ONCE)
        self.addCleanup(gateway.stop)
        self.assertEqual(get(gateway.admin + "/readyz").strip(), "ok")
        called = self.system.run("relaisd", "call", "--address", gateway.address, "list")
        self.assertIn("RecordSqlService", called.stdout)
        self.assertEqual(gateway.stop(), 0, gateway.output)

    def test_5_serves_a_connection_with_a_secret_of_its_own(self):
        """As an operator begins: a file with the password, a few lines, config check, start."""
        self.system.run("tee", "-a", "/etc/relais/relais.yaml", script="""
recordsql:
  erps:
    demo: {base_url: "https://127.0.0.1:1/", user: reader, password: {file: /etc/relais/demo.password}}
""")
        self.system.run("install", "-m", "0400", "-o", "relais", "/dev/stdin", "/etc/relais/demo.password", script="secret")
        unit = Unit(self.system, "/lib/systemd/system/relais.service")
        gateway = unit.start(*AT_ONCE)
        self.addCleanup(gateway.stop)
        erp = gateway.call("RecordSqlService/GetErp", '{"name":"erps/demo"}')
        self.assertIn("REACHABILITY_", erp.stdout, erp.stderr)
        self.assertEqual(gateway.stop(), 0, gateway.output)

    def test_6_an_upgrade_keeps_what_was_changed(self):
        self.system.run("dpkg", "--install", self.package)
        self.assertIn("demo.password", self.system.run("cat", "/etc/relais/relais.yaml").stdout)

    def test_7_removal_keeps_configuration_and_state(self):
        self.system.run("touch", "/var/lib/relais/state.sqlite")
        self.system.run("dpkg", "--remove", "relais")
        self.assertFalse(self.system.has("/usr/bin/relaisd"))
        self.assertTrue(self.system.has("/etc/relais/relais.yaml"))
        self.assertTrue(self.system.has("/var/lib/relais/state.sqlite"))

    def test_8_a_purge_leaves_only_what_is_the_operators(self):
        self.system.run("dpkg", "--purge", "relais")
        self.assertFalse(self.system.has("/etc/relais/relais.yaml"))
        self.assertTrue(self.system.has("/etc/relais/demo.password"))
        self.assertFalse(self.system.has("/var/lib/relais"))
        self.assertFalse(self.system.has("/etc/systemd/system/multi-user.target.wants/relais.service"))
        self.assertFalse(self.system.has("/etc/systemd/system/relais.service"))

    def test_9_has_changed_nothing_outside(self):
        self.assertNotEqual(run("getent", "passwd", "relais").returncode, 0)
        self.assertFalse(os.path.exists("/lib/systemd/system/relais.service"))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""The topology of docker-compose.yml, as `make demo` starts it: plain processes from the same file."""

import json
import os
import re
import shlex
import signal
import ssl
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

import yaml
from processes import ROOT, SECONDS, Process, eventually, get, get_json

COMPOSE = os.path.join(ROOT, "docker-compose.yml")
RUNNER = os.path.join(ROOT, "deploy", "compose", "run_as_processes")
CERTIFICATES = os.path.join(ROOT, "build", "compose", "certificates")
PROTOS = os.path.join(ROOT, "build", "compose", "front", "protos.binpb")
GRPCURL = os.path.join(ROOT, ".deps", "bin", "grpcurl")
ROBOTS = '{"parent":"orchestrators/sandbox/folders/Shared"}'


def services():
    with open(COMPOSE, encoding="utf-8") as file:
        return yaml.safe_load(file)["services"]


class File(unittest.TestCase):
    def test_takes_no_right_that_a_gateway_does_not_need(self):
        for name in ("gateway-1", "gateway-2", "sandbox", "envoy"):
            with self.subTest(name):
                self.assertTrue(services()[name]["read_only"])
                self.assertEqual(services()[name]["cap_drop"], ["ALL"])

    def test_publishes_on_loopback_only_and_no_port_of_a_gateway(self):
        for name, service in services().items():
            for mapping in service.get("ports", ()):
                self.assertTrue(mapping.startswith("127.0.0.1:"), mapping)
                self.assertNotIn("gateway", name)

    def test_mounts_only_what_there_is_or_prepare_makes(self):
        for service in services().values():
            for mount in service.get("volumes", ()):
                source = mount.split(":")[0]
                if source.startswith("./") and not source.startswith("./build/compose/"):
                    self.assertTrue(os.path.exists(os.path.join(ROOT, source)), source)

    def test_waits_for_gateways_longer_than_they_may_drain(self):
        with open(os.path.join(ROOT, "deploy", "compose", "relais.yaml"), encoding="utf-8") as file:
            server = yaml.safe_load(file)["server"]
        drain = sum(int(server[key].rstrip("s")) for key in ("drain_delay", "drain_deadline"))
        self.assertGreater(int(services()["gateway-1"]["stop_grace_period"].rstrip("s")), drain)

    def test_provisioning_leads_to_the_dashboard_that_is_mounted(self):
        grafana = os.path.join(ROOT, "deploy", "grafana", "provisioning")
        with open(os.path.join(grafana, "dashboards", "relais.yaml"), encoding="utf-8") as file:
            provider = yaml.safe_load(file)["providers"][0]
        with open(os.path.join(grafana, "datasources", "prometheus.yaml"), encoding="utf-8") as file:
            source = yaml.safe_load(file)["datasources"][0]
        mounts = [mount.split(":")[1] for mount in services()["grafana"]["volumes"]]
        self.assertIn(provider["options"]["path"] + "/relais.json", mounts)
        self.assertEqual(source["url"], "http://prometheus:9090")


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.demo = Process([os.path.join(ROOT, ".deps", "operations", "bin", "python"), RUNNER, cls.folder.name])
        cls.addClassCleanup(cls.demo.stop, signal.SIGINT)
        cls.demo.wait_for("Ctrl-C ends all")
        cls.front = cls.demo.wait_for(r"envoy +https://(localhost:\d+)/")[1]
        cls.prometheus = cls.demo.wait_for(r"prometheus +(http://\S+)/alerts")[1]

    def call(self, caller, method, message="{}"):
        words = [GRPCURL, "-cacert", f"{CERTIFICATES}/callers-ca.pem", "-protoset", PROTOS, "-d", message]
        if caller:
            words += ["-cert", f"{CERTIFICATES}/{caller}.pem", "-key", f"{CERTIFICATES}/{caller}.key"]
        return subprocess.run([*words, self.front, method], capture_output=True, text=True, timeout=SECONDS, check=False)

    def test_what_is_printed_works_as_it_is_printed(self):
        printed = re.findall(r"^  ((?:\.deps/bin/grpcurl|curl) .*)$", self.demo.output, re.MULTILINE)
        self.assertEqual(len(printed), 4)
        for command in printed:
            with self.subTest(command):
                done = subprocess.run(shlex.split(command), cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn("code", json.loads(done.stdout), done.stdout)
                self.assertTrue(json.loads(done.stdout) or "clearCache" in command, done.stdout)

    def test_every_address_answers(self):
        for name, address in re.findall(r"^(gateway-\d) +(http://\S+)/status", self.demo.output, re.MULTILINE):
            self.assertIn("<html", get(address + "/status"), name)
            self.assertEqual(get(address + "/readyz").strip(), "ok", name)
        self.assertIn("Ready", get(self.prometheus + "/-/ready"))
        self.assertIn("grafana", self.demo.wait_for(r"(\S+) +not here")[1])

    def test_every_service_serves_what_the_sandbox_has(self):
        for method, message in (("relais.recordsql.v1.RecordSqlService/GetRecordSql",
                                 '{"name":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal"}'),
                                ("relais.jobqueue.v1.JobQueueService/GetQueue", '{"name":"queues/sandbox"}'),
                                ("relais.robot.v1.RobotService/ListRobots", ROBOTS),
                                ("relais.campaign.v1.CampaignService/ListCampaigns", '{"parent":"instances/sandbox"}')):
            with self.subTest(method):
                called = self.call("administrator", method, message)
                self.assertEqual(called.returncode, 0, called.stderr)

    def test_roles_hold(self):
        change = "relais.recordsql.v1.RecordSqlService/ClearCache", '{"name":"erps/sandbox","cache":"CACHE_DICTIONARIES"}'
        self.assertEqual(self.call("administrator", *change).returncode, 0)
        self.assertIn("PermissionDenied", self.call("reader", *change).stderr)
        self.assertIn("Unauthenticated", self.call(None, *change).stderr)

    def test_serves_rest_to_the_reader(self):
        context = ssl.create_default_context(cafile=f"{CERTIFICATES}/callers-ca.pem")
        context.load_cert_chain(f"{CERTIFICATES}/reader.pem", f"{CERTIFICATES}/reader.key")
        with urllib.request.urlopen(f"https://{self.front}/v1/erps", context=context, timeout=SECONDS) as reply:
            self.assertEqual(json.load(reply)["erps"][0]["name"], "erps/sandbox")
        reference = self.demo.wait_for(r"as REST: (\S+)")[1]
        with urllib.request.urlopen(reference, context=context, timeout=SECONDS) as reply:
            self.assertIn("text/html", reply.headers["content-type"])

    def test_prometheus_reads_all_and_nothing_is_wrong(self):
        def up():
            results = get_json(self.prometheus + "/api/v1/query?query=up")["data"]["result"]
            found = [(sample["metric"]["job"], sample["value"][1]) for sample in results]
            return sorted(found) if len(found) == 3 else None
        # Until they have been read once, every 5 s.
        self.assertEqual(eventually(up, "both gateways and Envoy are read"), [("envoy", "1"), ("relais", "1"), ("relais", "1")])
        groups = get_json(self.prometheus + "/api/v1/rules")["data"]["groups"]
        self.assertEqual(sum(len(group["rules"]) for group in groups), 17)
        alerts = get_json(self.prometheus + "/api/v1/alerts")["data"]["alerts"]
        self.assertEqual([alert for alert in alerts if alert["state"] == "firing"], [])

    def test_zz_ctrl_c_ends_all_in_order(self):
        # All that it has started has its folder in the command.
        own = ["pgrep", "-f", self.folder.name]
        before = subprocess.run(own, capture_output=True, text=True, check=True).stdout.split()
        # The runner, and five services.
        self.assertGreaterEqual(len(before), 5)
        self.assertEqual(self.demo.stop(signal.SIGINT), 0, self.demo.output)
        self.assertEqual(subprocess.run(own, capture_output=True, text=True, check=False).stdout, "")
        for gateway in ("gateway-1", "gateway-2"):
            with open(os.path.join(self.folder.name, gateway + ".log"), encoding="utf-8") as file:
                self.assertIn('"stopped"', file.read())


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""The alerts of deploy/prometheus: read by promtool, fired on made-up series, and fired by a real gateway in trouble."""

import os
import re
import subprocess
import unittest

import yaml
from monitored import RULES, ROWS, Monitored, alerts
from processes import PROMETHEUS, ROOT, SECONDS, eventually

CASES = os.path.join(ROOT, "deploy", "prometheus", "rules_test.yaml")
NAMES = {alert["alert"] for alert in alerts()}
# What a real gateway cannot be brought to within seconds fires on made-up series only.
MADE_UP_ONLY = {"RelaisCallsSlow", "RelaisConnectionsRefused", "RelaisLogLinesDropped", "RelaisUpstreamLogins",
                "RelaisExportOverdue"}
# The certificate is of three days, and there is no collector of traces.
FROM_THE_START = {"RelaisCertificateExpires", "RelaisSpansDropped"}
ROBOTS = '{"parent":"orchestrators/sandbox/folders/Shared"}'
WRONG_EXPORT = """{"request_id":"wrong","export_id":"wrong","export":{
    "source":{"records":{"query":{"record_sql":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}}},
    "columns":[{"field":"VIL","type":"TYPE_INTEGER"}],
    "schedule":{"daily":{},"time_zone":"Europe/Paris"},"deliveries":[{"destination":"outbox"}]}}"""


def promtool(*arguments):
    return subprocess.run([os.path.join(PROMETHEUS, "promtool"), *arguments], capture_output=True, text=True,
                          timeout=SECONDS, check=False)


class MadeUpSeries(unittest.TestCase):
    def test_promtool_accepts_the_rules(self):
        checked = promtool("check", "rules", RULES)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_promtool_accepts_the_configuration_of_compose(self):
        checked = promtool("check", "config", "--syntax-only",
                           os.path.join(ROOT, "deploy", "prometheus", "prometheus.yaml"))
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_every_case_comes_out_as_written(self):
        tested = promtool("test", "rules", CASES)
        self.assertEqual(tested.returncode, 0, tested.stdout + tested.stderr)

    def test_every_alert_has_a_case_where_it_fires_and_one_where_it_is_quiet(self):
        with open(CASES, encoding="utf-8") as file:
            asked = [case for test in yaml.safe_load(file)["tests"] for case in test["alert_rule_test"]]
        self.assertEqual({case["alertname"] for case in asked if case["exp_alerts"]}, NAMES)
        self.assertEqual({case["alertname"] for case in asked if not case["exp_alerts"]}, NAMES)

    def test_every_alert_tells_how_urgent_it_is_and_what_to_do(self):
        for alert in alerts():
            with self.subTest(alert["alert"]):
                self.assertIn(alert["labels"]["severity"], ("page", "ticket"))
                self.assertEqual(set(alert["annotations"]), {"summary", "description"})

    def test_the_page_for_operators_lists_every_alert(self):
        with open(os.path.join(ROOT, "docs", "operations.md"), encoding="utf-8") as file:
            listed = set(re.findall(r"^\| `(Relais\w+)`", file.read(), re.MULTILINE))
        self.assertEqual(listed, NAMES)


class RealGateway(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.it = Monitored()
        cls.addClassCleanup(cls.it.stop)

    def assert_fires(self, *names, again=lambda: None):
        def all_fire():
            again()
            return set(names) <= self.it.prometheus.firing()
        eventually(all_fire, f"{names} fire", pause=0.25)
        self.fired.update(names)

    fired = set()

    def test_1_is_quiet_while_all_else_is_well(self):
        self.assertEqual(self.it.gateway.call("RobotService/ListRobots", ROBOTS).returncode, 0)
        eventually(lambda: self.it.prometheus.query('grpc_server_handled_total{grpc_method="ListRobots"}'), "calls")
        self.assert_fires(*FROM_THE_START, again=lambda: self.it.gateway.call("RobotService/ListRobots", ROBOTS))
        self.assertEqual(self.it.prometheus.firing(), FROM_THE_START)

    def test_2_fires_for_a_certificate_that_cannot_be_used(self):
        with open(self.it.key, encoding="utf-8") as file:
            key = file.read()
        self.addCleanup(self.replace_key, key)
        self.replace_key("no key")
        self.assert_fires("RelaisCertificateKeptOut")

    def replace_key(self, text):
        with open(self.it.key + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(self.it.key + ".new", self.it.key)

    def test_3_fires_when_watches_are_used_up(self):
        for _ in range(2):
            self.it.watch("RobotService/WatchRobots", ROBOTS)
        eventually(lambda: 'relais_limit_used{limit="watches"} 2' in self.it.gateway.metrics(), "two watches")
        refused = self.it.gateway.call("RobotService/WatchRobots", ROBOTS)
        self.assertIn("GATEWAY_LIMIT_REACHED", refused.stderr)
        self.assert_fires("RelaisLimitNear", "RelaisLimitReached")

    def test_4_fires_for_a_password_that_is_refused(self):
        # No session has begun yet.
        self.it.disturb({"operation": "auth", "status": 401})
        self.assertIn("INTERNAL", self.it.gateway.call("RecordSqlService/QueryRecords", ROWS).stderr)
        self.assert_fires("RelaisCallsFailInside")

    def test_5_fires_for_an_export_that_fails(self):
        self.it.disturb()
        for method, message in (("CreateExport", WRONG_EXPORT), ("RunExport", '{"name":"exports/wrong"}')):
            called = self.it.gateway.call("ExportService/" + method, message)
            self.assertEqual(called.returncode, 0, called.stderr)
        self.assert_fires("RelaisExportFailed")

    def test_6_fires_for_an_upstream_that_is_down(self):
        self.it.disturb({"operation": "robot/list", "status": 503})
        self.assert_fires("RelaisUpstreamBreakerOpen", "RelaisUpstreamFails",
                          again=lambda: self.it.gateway.call("RobotService/ListRobots", ROBOTS))

    def test_7_fires_for_an_upstream_that_is_too_slow_for_the_load(self):
        self.it.disturb({"operation": "jobs/list", "latency_ms": 20000})
        calls = [self.it.gateway.start_call("JobQueueService/ListJobs", '{"parent":"queues/sandbox"}')
                 for _ in range(16)]
        for call in calls:
            self.addCleanup(call.stop)
        self.assert_fires("RelaisUpstreamSaturated")

    def test_7_tells_every_label_that_a_rule_names(self):
        told = {}
        for name, labels in re.findall(r"^(\w+){(.*)} \S+$", self.it.gateway.metrics(), re.MULTILINE):
            told.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
        for alert in alerts():
            for name, labels in re.findall(r"((?:relais|grpc)_\w+){(.*?)}", alert["expr"]):
                with self.subTest(alert["alert"], metric=name):
                    self.assertLessEqual(set(re.findall(r'(\w+)[=!]', labels)), told.get(name, set()))

    def test_8_fires_for_a_gateway_that_is_gone(self):
        self.it.disturb()
        self.it.gateway.stop()
        self.assert_fires("RelaisGatewayDown", "RelaisNoGateway")

    def test_9_has_fired_all_that_a_real_gateway_can(self):
        self.assertEqual(self.fired, NAMES - MADE_UP_ONLY)


if __name__ == "__main__":
    unittest.main()

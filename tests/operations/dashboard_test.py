#!/usr/bin/env python3
"""The dashboard of deploy/grafana: every query of it finds what a real gateway tells a real Prometheus."""

import json
import os
import re
import subprocess
import unittest

from monitored import ROWS, WINDOW, Monitored
from processes import ROOT, SECONDS, eventually

GRAFANA = os.path.join(ROOT, "deploy", "grafana")
EXPORT = """{"request_id":"first","export_id":"postcodes","export":{
    "source":{"records":{"query":{"record_sql":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}}},
    "alert_after":"3600s","schedule":{"daily":{},"time_zone":"Europe/Paris"},"deliveries":[{"destination":"outbox"}]}}"""
VARIABLES = {"$job": "relais", "$instance": ".*", "$service": ".*", "$connection": ".*", "$__rate_interval": WINDOW}


def dashboard():
    with open(os.path.join(GRAFANA, "relais.json"), encoding="utf-8") as file:
        return json.load(file)


def queries():
    """All queries with the panel that they are of, their variables replaced."""
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            text = target["expr"]
            for name, value in VARIABLES.items():
                text = text.replace(name, value)
            yield panel["title"], target, text


class Dashboard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.it = Monitored()
        cls.addClassCleanup(cls.it.stop)

    def busy(self):
        """Calls of several services; one of them fails."""
        self.it.gateway.call("RecordSqlService/QueryRecords", ROWS)
        self.it.gateway.call("RecordSqlService/StreamRecords", ROWS)
        self.it.gateway.call("RobotService/ListRobots", '{"parent":"orchestrators/sandbox/folders/none"}')

    def test_is_what_generate_writes(self):
        checked = subprocess.run([os.path.join(GRAFANA, "generate"), "--check"], capture_output=True, text=True,
                                 timeout=SECONDS, check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_every_query_finds_data(self):
        self.it.watch("RobotService/WatchRobots", '{"parent":"orchestrators/sandbox/folders/Shared"}')
        for method, message in (("CreateExport", EXPORT), ("RunExport", '{"name":"exports/postcodes"}')):
            called = self.it.gateway.call("ExportService/" + method, message)
            self.assertEqual(called.returncode, 0, called.stderr)
        for title, _, text in queries():
            self.assertNotIn("$", text, title)
            with self.subTest(panel=title, query=text):
                def found(text=text):
                    values = [float(sample["value"][1]) for sample in self.it.prometheus.query(text)]
                    if not values or values[0] != values[0]:  # nothing yet, or not a number
                        self.busy()
                        return False
                    return True
                eventually(found, "data")

    def test_every_legend_names_labels_that_the_query_has(self):
        self.busy()
        eventually(lambda: self.it.prometheus.query('grpc_server_handled_total{grpc_code="NotFound"}'), "calls")
        for title, target, text in queries():
            for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                with self.subTest(panel=title, label=label):
                    found = self.it.prometheus.query(text)
                    self.assertTrue(all(label in sample["metric"] for sample in found), found)

    def test_every_variable_at_its_top_has_values(self):
        for variable in dashboard()["templating"]["list"]:
            if variable["type"] == "query":
                asked = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["definition"])
                selector, label = asked[1].replace("$job", "relais").replace("$service", ".*"), asked[2]
                with self.subTest(variable["name"]):
                    found = eventually(lambda: self.it.prometheus.query(selector), "data")  # noqa: B023
                    self.assertTrue(all(sample["metric"].get(label) for sample in found), found)

    def test_every_metric_that_the_gateway_has_is_shown(self):
        told = set(re.findall(r"^# TYPE (\w+)", self.it.gateway.metrics(), re.MULTILINE))
        shown = " ".join(text for _, _, text in queries())
        self.assertEqual({name for name in told if name not in shown} -
                         {"grpc_server_started_total", "grpc_server_msg_received_total"}, set())

    def test_panels_do_not_overlap_and_have_ids_of_their_own(self):
        panels = dashboard()["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        taken = set()
        for panel in panels:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
            taken |= cells


if __name__ == "__main__":
    unittest.main()

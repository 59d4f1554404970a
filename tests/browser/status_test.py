#!/usr/bin/env python3
"""The status page as an operator sees it, in a browser: through an outage and back, on a phone, by keyboard.

    tests/browser/status_test.py          from the root; RELAISD names the program
    tests/browser/status_test.py --pictures FOLDER    makes those of docs/pictures/ instead
"""

import sys
import unittest

from gateway import Gateway
from webdriver import Browser, eventually

QUEUE = {"parent": "queues/sandbox"}
ROBOTS = {"parent": "orchestrators/sandbox/folders/Shared"}
ROW = '#connections-table tr[data-key="jobqueue sandbox"]'
HOSTILE = "<img src=x onerror=alert(1)>\u202egnp.exe" + "x" * 100_000
EXPORT = {"request_id": "first", "export_id": "postcodes", "export": {
    "source": {"records": {"query": {"record_sql": "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}}},
    "schedule": {"daily": {}, "time_zone": "Europe/Paris"}, "deliveries": [{"destination": "outbox"}]}}

SECOND_EXPORT = EXPORT | {"request_id": "second", "export_id": "postcodes-again"}


def cell(label):
    return f'{ROW} [data-label="{label}"]'


def keep_busy(gateway):
    """Callers of all kinds, as a gateway has them on a working day."""
    for _ in range(3):
        gateway.keep_calling("JobQueueService/WatchJobs", QUEUE)
    for _ in range(2):
        gateway.keep_calling("RobotService/WatchRobots", ROBOTS)
    gateway.to_sandbox("POST", "/sandbox/jobqueue/jobs", {"count": 12, "name": "Import", "status": "Running"})
    gateway.to_sandbox("POST", "/sandbox/jobqueue/jobs", {"count": 3, "name": "Import", "status": "Failed"})
    gateway.call("ExportService/CreateExport", EXPORT)
    gateway.call("ExportService/RunExport", {"name": "exports/postcodes"})
    gateway.to_sandbox("PUT", "/sandbox/faults", {"faults": [{"operation": "execute", "count": 3, "status": 503}]})
    gateway.call("ExportService/CreateExport", SECOND_EXPORT)
    gateway.call("ExportService/RunExport", {"name": "exports/postcodes-again"})
    eventually(lambda: [run for run in gateway.status()["runs"] if run["state"] == "WAITING"], "a run that waits")
    gateway.to_sandbox("DELETE", "/sandbox/faults")
    for _ in range(20):
        gateway.call("RecordSqlService/GetErp", {"name": "erps/sandbox"})
    gateway.call("JobQueueService/GetJob", {"name": "queues/sandbox/jobs/none"})
    gateway.call("RobotService/ListRobots", {"parent": "orchestrators/nowhere/folders/Shared"})


class StatusPage(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()
        cls.addClassCleanup(cls.gateway.stop)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        for _ in range(3):
            cls.gateway.keep_calling("JobQueueService/WatchJobs", QUEUE)

    def setUp(self):
        self.browser.resize(1280, 900)
        self.browser.prefer("light")
        self.browser.open(self.gateway.admin + "/status")
        self.see(cell("Readiness"), "ready")

    def see(self, selector, text):
        """Waits until that is seen there."""
        eventually(lambda: text in (self.browser.text(selector) or ""), f'"{text}" at {selector}')

    def test_leads_through_an_outage_and_back(self):
        gateway = Gateway("--set=jobqueue.queues.sandbox.limits.breaker_failures=2")
        self.addCleanup(gateway.stop)
        gateway.keep_calling("JobQueueService/WatchJobs", QUEUE)
        self.browser.open(gateway.admin + "/status")
        self.see(cell("Readiness"), "ready")
        self.see(cell("Breaker"), "closed")
        gateway.to_sandbox("PUT", "/sandbox/faults", {"faults": [{"cut": "before"}]})
        self.see(cell("Readiness"), "unreachable")
        self.see(cell("Last error"), "UPSTREAM_UNREACHABLE")
        self.assertIn("failed", self.browser.text(cell("Latency")))
        self.assertNotEqual(gateway.call("JobQueueService/ListJobs", QUEUE), 0)
        self.see(cell("Breaker"), "open")
        self.see("#news", "jobqueue sandbox is")
        self.see("#failures-table", "ListJobs")
        self.see("#watched-table", "polls fail")
        gateway.to_sandbox("DELETE", "/sandbox/faults")
        # Somebody must ask it again, once the breaker lets one through.
        eventually(lambda: gateway.call("JobQueueService/ListJobs", QUEUE) == 0, "the queue")
        self.see(cell("Readiness"), "ready")
        self.see(cell("Breaker"), "closed")
        self.see("#news", "jobqueue sandbox is ready.")
        self.see(cell("Last error"), "UPSTREAM_UNREACHABLE")  # what was, with its time

    def test_counts_what_watchers_share(self):
        self.see("#watched-table", "queues/sandbox")
        self.see(cell("Polls"), "watchers")
        row = next(one for one in self.gateway.status()["connections"] if one["service"] == "jobqueue")
        self.assertEqual(row["polls"]["saved"], row["polls"]["without_sharing"] - row["polls"]["made"])
        eventually(lambda: "0 saved" not in self.browser.text(cell("Polls")), "a poll that was saved")

    def test_has_no_barriers(self):
        for width, phone in ((1280, False), (360, True)):
            for scheme in ("light", "dark"):
                with self.subTest(width=width, scheme=scheme):
                    self.browser.resize(width, 900, phone)
                    self.browser.prefer(scheme)
                    self.assertEqual(self.browser.barriers(), [])

    def test_follows_the_colours_of_the_system(self):
        colour = "return getComputedStyle(document.body).backgroundColor"
        light = self.browser.run(colour)
        self.browser.prefer("dark")
        self.assertNotEqual(self.browser.run(colour), light)

    def test_fits_a_phone(self):
        for width in (320, 360, 414, 768, 1280):
            with self.subTest(width=width):
                self.browser.resize(width, 800, phone=width < 500)
                wide = self.browser.run("return document.documentElement.scrollWidth")
                self.assertLessEqual(wide, width, "it would have to be scrolled sideways")
        self.browser.resize(360, 800, phone=True)
        label = self.browser.run("return getComputedStyle(document.querySelector(arguments[0]), '::before').content",
                                 cell("Breaker"))
        self.assertIn("Breaker", label)

    def test_is_used_by_keyboard_alone(self):
        focus = "return document.activeElement.id || document.activeElement.textContent"
        self.browser.press("Tab")
        self.assertEqual(self.browser.run(focus), "Skip to the content")
        self.assertTrue(self.browser.run("return document.activeElement.getBoundingClientRect().left >= 0"))
        self.browser.press("Tab")
        self.assertEqual(self.browser.run(focus), "pause")
        self.browser.press("Space")
        self.assertEqual(self.browser.run("return document.activeElement.ariaPressed"), "true")
        self.see("#news", "paused")
        shown = self.browser.text("#updated")
        made = self.gateway.status()["time"]
        eventually(lambda: self.gateway.status()["time"][:18] > made[:18], "a later document")
        self.assertEqual(self.browser.text("#updated"), shown)
        self.browser.press("Space")
        eventually(lambda: self.browser.text("#updated") != shown, "an update")
        self.assertEqual(self.browser.run(focus), "pause")
        self.browser.press("Tab")
        self.assertEqual(self.browser.run(focus), "Connections")
        self.browser.press("Enter")
        self.assertEqual(self.browser.run("return location.hash"), "#connections")

    def test_tells_how_far_a_run_is(self):
        drawn = self.browser.run("""
            const run = {name: "exports/a/runs/b", rows: 1200, bytes: 2048, percent: 40.6};
            return import("/status/tables.js").then(({TABLES}) => {
              const cell = TABLES.runs.columns.find(([title]) => title === "Progress")[1](run);
              document.querySelector("main").append(cell);
              return [cell.innerText.replace(/\\s+/g, " ").trim(), cell.querySelector("progress").value];
            })""")
        self.assertEqual(drawn, ["40 % 1,200 rows, 2 KiB", 40.6])
        self.assertEqual(self.browser.barriers(), [])

    def test_keeps_rows_while_it_updates(self):
        self.browser.run("document.querySelector(arguments[0]).mark = 'the same'; return null", ROW)
        shown = self.browser.text("#updated")
        eventually(lambda: self.browser.text("#updated") != shown, "an update")
        self.assertEqual(self.browser.run("return document.querySelector(arguments[0]).mark", ROW), "the same")

    def test_shows_hostile_names_as_text(self):
        self.gateway.keep_calling("RobotService/WatchRobots", {"parent": "orchestrators/sandbox/folders/" + HOSTILE})
        self.gateway.call("RobotService/ListRobots", {"parent": "orchestrators/<b>bold</b>/folders/Shared"})
        self.see("#failures-table", "ListRobots")
        self.assertEqual(self.browser.run("return document.querySelectorAll('main img, main b').length"), 0)
        self.assertLess(len(self.browser.run("return document.body.textContent")), 20_000)

    def test_loads_nothing_from_elsewhere_and_breaks_no_rule_of_its_own(self):
        self.browser.open("about:blank")
        self.browser.errors()  # of pages that were left while they were reading
        self.browser.open(self.gateway.admin + "/status")
        self.see(cell("Readiness"), "ready")
        loaded = self.browser.run("return performance.getEntries().map((one) => one.name).filter((name) => "
                                  "name.includes(':') && !name.startsWith(location.origin))")
        self.assertEqual(loaded, [])
        self.assertEqual(self.browser.errors(), [])
        refused = self.browser.run("try { document.body.insertAdjacentHTML('beforeend', '<p>x</p>'); return false }"
                                   " catch (error) { return error instanceof TypeError }")
        self.assertTrue(refused, "texts could become markup")
        self.browser.errors()

    def test_z_says_when_the_gateway_drains_and_when_it_is_gone(self):
        gateway = Gateway("--set=server.drain_delay=60s")
        self.addCleanup(gateway.stop)
        self.browser.open(gateway.admin + "/status")
        self.see("#state", "serving")
        gateway.drain()
        self.see("#state", "draining")
        self.see("#news", "The gateway is draining.")
        gateway.stop()
        self.see("#news", "does not answer")


def make_pictures(folder):
    """The pictures of docs/status.md."""
    gateway = Gateway("--set=jobqueue.queues.sandbox.limits.breaker_failures=2")
    browser = Browser(1280, 900)
    try:
        keep_busy(gateway)
        browser.open(gateway.admin + "/status")
        eventually(lambda: "AVAILABLE" in str(gateway.status()["watched"]), "robots")
        gateway.to_sandbox("PUT", "/sandbox/faults", {"faults": [{"operation": "jobs/list", "cut": "before"}]})
        eventually(lambda: "unreachable" in (browser.text(cell("Readiness")) or ""), "the outage")
        gateway.call("JobQueueService/ListJobs", QUEUE)
        eventually(lambda: "open" in (browser.text(cell("Breaker")) or ""), "the breaker")
        for scheme in ("light", "dark"):
            browser.prefer(scheme)
            browser.resize(1200, 900)
            browser.picture(f"{folder}/status-{scheme}.png", height=900)
            browser.resize(390, 844, phone=True)
            browser.picture(f"{folder}/status-phone-{scheme}.png", height=844)
    finally:
        browser.close()
        gateway.stop()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pictures"]:
        make_pictures(sys.argv[2])
    else:
        unittest.main()

#!/usr/bin/env python3
"""Opens the front door as a user does: the real `make run`, the calls that it prints, Ctrl-C.

    tests/door/door_test.py

Runs in the checkout, on free ports. Needs nothing that `make run` does not bring itself; where
tools/setup.sh test has installed grpcurl, each service is called with it too.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
import unittest
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GRPCURL = os.path.join(ROOT, ".deps", "bin", "grpcurl")
ADDRESSES = " ".join(
    f"--{name}listen 127.0.0.1:0" for name in ("", "admin-", "sandbox-", "campaign-"))
BUILD_SECONDS = 3 * 60 * 60  # the first build of a small machine
CALL_SECONDS = 60
# Printed last by `relaisd dev`.
LAST_LINE = re.compile(r"grpcurl -plaintext (\S+) list\n")
SERVICES = ("RecordSqlService", "JobQueueService", "RobotService", "CampaignService",
            "ExportService")
ENDLESS = ("Watch", "Tail", "StartPolling")


class MakeRun:
    """`make run` in a process group of its own, as a terminal starts it."""

    def __init__(self):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("RELAIS_", "MAKE", "MFLAGS"))}
        self.output = ""
        self._changed = threading.Condition()
        self._closed = False
        self._process = subprocess.Popen(
            ["make", "run", f"ARGS={ADDRESSES}"], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            with self._changed:
                self.output += line
                self._changed.notify_all()
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait_for(self, pattern, seconds):
        """The match of `pattern` in the output, once it is there; None: the end or the time came first."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or pattern.search(self.output), seconds)
            return pattern.search(self.output)

    def interrupt(self):
        os.killpg(self._process.pid, signal.SIGINT)

    def wait(self, seconds):
        """Its exit code."""
        code = self._process.wait(seconds)
        self._reader.join()
        return code

    def kill(self):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()


def run(command, **options):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=CALL_SECONDS,
                          check=False, **options)


class Door(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.door = MakeRun()
        cls.addClassCleanup(cls.door.kill)
        listening = cls.door.wait_for(LAST_LINE, BUILD_SECONDS)
        if listening is None:
            raise AssertionError("make run ended, or does not listen")
        cls.address = listening.group(1)

    def printed_calls(self):
        """The `relaisd call` lines that make run has printed, as they stand there."""
        calls = re.findall(r"^  (\S+relaisd call .*)$", self.door.output, re.MULTILINE)
        self.assertTrue(calls, self.door.output)
        return calls

    def first_call_of(self, service):
        """The first printed call of a service that ends by itself."""
        for call in self.printed_calls():
            if f" {service}/" in call and not any(f"/{word}" in call for word in ENDLESS):
                return call
        return self.fail(f"make run prints no call of {service}")

    def test_1_says_where_it_listens(self):
        admin = re.search(r"admin on (http://\S+)", self.door.output)
        self.assertIsNotNone(admin, self.door.output)
        with urllib.request.urlopen(admin.group(1) + "/readyz", timeout=CALL_SECONDS) as reply:
            self.assertEqual(reply.status, 200)
            self.assertEqual(reply.read().strip(), b"ok")

    def test_2_every_service_answers_the_call_that_is_printed(self):
        for service in SERVICES:
            call = self.first_call_of(service)
            with self.subTest(call=call):
                done = run(call, shell=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(json.loads(done.stdout), done.stdout)

    def test_3_every_service_can_be_watched_as_printed(self):
        for call in self.printed_calls():
            if any(f"/{word}" in call for word in ENDLESS[:2]):
                with self.subTest(call=call):
                    first = json.loads(self.first_message(shlex.split(call)))
                    self.assertTrue(first)

    def first_message(self, words):
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as watch:
            timer = threading.Timer(CALL_SECONDS, watch.kill)
            timer.start()
            lines = []
            for line in watch.stdout:
                lines.append(line)
                if line == "}\n":
                    break
            watch.send_signal(signal.SIGINT)
            watch.wait()
            timer.cancel()
        return "".join(lines)

    def test_4_an_export_delivers_where_it_is_printed(self):
        look = re.search(r"^  (ls \S* ?(\S+/outbox)) ", self.door.output, re.MULTILINE)
        self.assertIsNotNone(look, self.door.output)
        calls = [call for call in self.printed_calls() if " ExportService/" in call]
        self.assertEqual(len(calls), 3, calls)
        until = time.monotonic() + CALL_SECONDS
        answers, delivered = [], False
        while not delivered and time.monotonic() < until:
            # Each may be pasted twice.
            answers = [run(call, shell=True) for call in calls]
            for call, answer in zip(calls, answers):
                self.assertEqual(answer.returncode, 0, call + answer.stderr)
            delivered = "STATE_SUCCEEDED" in answers[-1].stdout
        self.assertTrue(delivered, answers[-1].stdout)
        self.assertIn("postcodes_", run(look.group(1), shell=True).stdout)

    def test_5_every_service_answers_grpcurl(self):
        if not os.access(GRPCURL, os.X_OK):
            self.skipTest("grpcurl is not installed yet: tools/setup.sh test does")
        listed = run([GRPCURL, "-plaintext", self.address, "list"])
        self.assertEqual(listed.returncode, 0, listed.stderr)
        for service in SERVICES:
            words = shlex.split(self.first_call_of(service))
            method, message = words[-2:]
            full = next(name for name in listed.stdout.split() if name.endswith("." + service))
            with self.subTest(method=method):
                done = run([GRPCURL, "-plaintext", "-d", message, self.address,
                            f"{full}/{method.split('/')[1]}"])
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(json.loads(done.stdout))

    def test_6_ends_in_order_on_ctrl_c(self):
        self.door.interrupt()
        # make ends by the signal that it got too; "*** … Error" would be the gateway's exit code.
        self.assertIn(self.door.wait(CALL_SECONDS), (0, 2, 130, -signal.SIGINT))
        self.assertIn("stopped", self.door.output.rsplit("draining", 1)[-1])
        self.assertNotRegex(self.door.output, r"Error \d")
        outbox = re.search(r"(\S+)/outbox ", self.door.output)
        self.assertFalse(os.path.exists(outbox.group(1)), "files are left behind")


if __name__ == "__main__":
    unittest.main()

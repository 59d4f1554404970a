#!/usr/bin/env python3
"""Shows that the harness of the scenarios sees what differs: cutter, scripted server, lying runners.

    RELAISD=build/release/bin/relaisd clients/scenarios/harness_test.py

matching_test.py has the matchers.
"""

import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PYTHON = ROOT / ".deps/python-client/bin/python"
if os.access(PYTHON, os.X_OK) and pathlib.Path(sys.prefix) != PYTHON.parents[1]:
    os.execv(PYTHON, [str(PYTHON), *sys.argv])
sys.path.insert(0, str(HERE))

import grpc  # noqa: E402

from harness import runners, scenario  # noqa: E402
from harness.cutter import Cutter  # noqa: E402
from harness.protos import Protos  # noqa: E402
from harness.scripted import ScriptedServer  # noqa: E402

RELAISD = os.environ.get("RELAISD", str(ROOT / "build/release/bin/relaisd"))
GET_JOB = "relais.jobqueue.v1.JobQueueService/GetJob"
SUBMIT_JOB = "relais.jobqueue.v1.JobQueueService/SubmitJob"
WATCH_JOB = "relais.jobqueue.v1.JobQueueService/WatchJob"


class Cutting(unittest.TestCase):
    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.cutter = Cutter(self.listener.getsockname())
        self.addCleanup(self.cutter.close)

    def connected(self):
        client = socket.create_connection(("127.0.0.1", self.cutter.port), timeout=20)
        server, _ = self.listener.accept()
        server.settimeout(20)
        self.addCleanup(client.close)
        self.addCleanup(server.close)
        return client, server

    @staticmethod
    def all_of(end):
        content = b""
        try:
            while piece := end.recv(1 << 16):
                content += piece
        except ConnectionResetError:
            content += b"RESET"
        return content

    def test_passes_everything_on(self):
        client, server = self.connected()
        sent = os.urandom(3 << 20)
        threading.Thread(target=lambda: (client.sendall(sent), client.shutdown(socket.SHUT_WR))).start()
        self.assertEqual(self.all_of(server), sent)
        server.sendall(b"answer")
        server.close()
        self.assertEqual(self.all_of(client), b"answer")
        self.assertEqual((self.cutter.passed("up"), self.cutter.passed("down")), (len(sent), 6))

    def test_cuts_at_the_very_byte_and_delivers_what_came_before(self):
        client, server = self.connected()
        self.cutter.reset(lambda way, passed: None if way == "up" else 100_001 - passed if passed < 100_001 else self.cutter.cut())
        sent = os.urandom(1 << 20)

        def send():
            try:
                server.sendall(sent)
            except OSError:
                pass

        threading.Thread(target=send).start()
        self.assertEqual(self.all_of(client), sent[:100_001])
        with self.assertRaises(OSError):
            while True:
                server.sendall(b"x")

    def test_new_connections_wait_while_they_are_held(self):
        self.cutter.hold()
        client = socket.create_connection(("127.0.0.1", self.cutter.port), timeout=20)
        self.addCleanup(client.close)
        client.sendall(b"early")
        self.listener.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            self.listener.accept()
        self.listener.settimeout(20)
        self.cutter.release()
        server, _ = self.listener.accept()
        self.addCleanup(server.close)
        self.assertEqual(server.recv(5), b"early")

    def test_a_target_that_is_away_ends_the_connection(self):
        client, server = self.connected()
        self.listener.close()
        with self.assertRaises(ConnectionResetError):
            with socket.create_connection(("127.0.0.1", self.cutter.port), timeout=20) as another:
                while another.recv(1):
                    pass


class Scripted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.protos = Protos()
        cls.server = ScriptedServer(cls.protos)
        cls.channel = grpc.insecure_channel(f"127.0.0.1:{cls.server.port}")

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        cls.server.close()

    def stub(self, name):
        method = self.protos.method(name)
        kind = {(False, False): "unary_unary", (False, True): "unary_stream", (True, False): "stream_unary"}[
            method.client_streaming, method.server_streaming]
        call = getattr(self.channel, kind)(method.path, method.request.SerializeToString, method.response.FromString)
        return lambda content, **options: call(
            map(lambda one: self.protos.message(method.request, one), content) if method.client_streaming
            else self.protos.message(method.request, content), timeout=20, **options)

    def test_answers_in_order_and_notes_what_was_asked(self):
        self.server.begin([{"method": GET_JOB, "replies": [{"name": "1"}]}, {"method": GET_JOB, "replies": [{"name": "2"}], "times": 0}])
        get = self.stub(GET_JOB)
        names = [get({"name": "x"}, metadata=[("authorization", "Bearer t")]).name for _ in range(3)]
        self.assertEqual(names, ["1", "2", "2"])
        self.assertEqual(self.server.calls(), [{"method": GET_JOB, "request": {"name": "x"}, "token": "t"}] * 3)

    def test_errors_have_details_where_the_script_names_some(self):
        self.server.begin([
            {"method": GET_JOB, "error": {"code": "ABORTED", "message": "no", "reason": "MOON", "metadata": {"a": "b"}, "retry_after_ms": 1500}},
            {"method": GET_JOB, "error": {"code": "INTERNAL"}}])
        with self.assertRaises(grpc.RpcError) as caught:
            self.stub(GET_JOB)({})
        status = self.protos.type("google.rpc.Status").FromString(
            dict(caught.exception.trailing_metadata())["grpc-status-details-bin"])
        self.assertEqual((status.code, caught.exception.details()), (10, "no"))
        info, retry = self.protos.type("google.rpc.ErrorInfo")(), self.protos.type("google.rpc.RetryInfo")()
        self.assertTrue(status.details[0].Unpack(info) and status.details[1].Unpack(retry))
        self.assertEqual((info.reason, info.domain, dict(info.metadata)), ("MOON", "relais", {"a": "b"}))
        self.assertEqual(retry.retry_delay.ToMilliseconds(), 1500)
        with self.assertRaises(grpc.RpcError) as caught:
            self.stub(GET_JOB)({})
        self.assertNotIn("grpc-status-details-bin", dict(caught.exception.trailing_metadata()))

    def test_what_the_script_does_not_have_is_unimplemented(self):
        self.server.begin([])
        with self.assertRaises(grpc.RpcError) as caught:
            self.stub(GET_JOB)({})
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNIMPLEMENTED)

    def test_streams_end_or_hang(self):
        self.server.begin([{"method": WATCH_JOB, "replies": [{"resumeToken": "a"}]},
                           {"method": WATCH_JOB, "replies": [{"resumeToken": "b"}], "hang": True}])
        self.assertEqual([one.resume_token for one in self.stub(WATCH_JOB)({})], ["a"])
        stream = self.stub(WATCH_JOB)({})
        self.assertEqual(next(stream).resume_token, "b")
        stream.cancel()

    def test_uploads_are_summed_up(self):
        self.server.begin([{"method": SUBMIT_JOB, "replies": [{"name": "j"}]}])
        job = self.stub(SUBMIT_JOB)([{"start": {"parent": "p"}}, {"file": {"path": "a"}}, {"chunk": "YWI="}, {"chunk": "Yw=="},
                                     {"end": {}}])
        self.assertEqual(job.name, "j")
        self.assertEqual(self.server.calls()[0]["files"], {"a": {
            "bytes": 3, "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}})


# A runner that gives the same answer to everything, whatever is asked.
RUNNER = """#!{python}
import json, sys
for line in sys.stdin:
    {body}
"""


class LyingRunners(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def runner(self, body):
        path = self.folder / "runner"
        path.write_text(RUNNER.format(python=sys.executable, body=body))
        path.chmod(0o755)
        return str(path)

    def run_with(self, body, only="E18"):
        command = [sys.executable, str(HERE / "run"), "--relaisd", RELAISD, "--runner", f"tried={self.runner(body)}",
                   "--language", "tried", "--only", only]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    ANSWER = "print(json.dumps({{'id': json.loads(line)['id'], 'ms': 1, {0}}}), flush=True)"

    def test_a_right_answer_passes(self):
        code, said = self.run_with(self.ANSWER.format("'error': {'local': 'refused'}"))
        self.assertEqual(code, 0, said)
        self.assertRegex(said, "E18 +tried +as said")

    def test_wrong_answers_fail(self):
        for wrong in ("'value': {}", "'error': {'local': 'other'}", "'error': {'code': 'UNAVAILABLE'}"):
            code, said = self.run_with(self.ANSWER.format(wrong))
            self.assertEqual(code, 1, said)
            self.assertRegex(said, "E18 +tried +DIFFERS")
            self.assertIn("step 0: error", said)

    def test_an_error_that_nobody_expects_fails(self):
        code, said = self.run_with(self.ANSWER.format("'value': {'jobs': []}, 'error': {'code': 'UNKNOWN'}"), "E10")
        self.assertEqual(code, 1, said)
        self.assertIn("step 0: error is", said)

    def test_what_the_gateway_and_the_server_saw_counts(self):
        right = "'value': {'jobs': [{'name': 'queues/sandbox/jobs/1'}]}, 'events': [{'kind': 'repeat', 'code': 'INTERNAL'}]"
        code, said = self.run_with(self.ANSWER.format(right), "E10")
        self.assertEqual(code, 1, said)
        self.assertIn("at the end: the length of calls is 0, expected 2", said)

    def test_what_was_given_and_has_not_happened_fails(self):
        code, said = self.run_with(self.ANSWER.format("'rows': 300000"), "R03")
        self.assertEqual(code, 1, said)

    def test_a_runner_that_ends_or_babbles_fails_and_is_quoted(self):
        code, said = self.run_with("sys.exit('out of order')")
        self.assertEqual(code, 1, said)
        self.assertIn("out of order", said)
        code, said = self.run_with("print('hello', flush=True)")
        self.assertIn("which is no JSON", said)
        self.assertEqual(code, 1, said)

    def test_a_silent_runner_fails_in_time(self):
        runner = runners.Runner("tried", [self.runner("pass")], self.folder / "log")
        with self.assertRaisesRegex(runners.NoAnswer, "none within 0.3 s"):
            runner.ask({"op": "ping"}, 0.3)

    def test_an_answer_to_another_command_fails(self):
        runner = runners.Runner("tried", [self.runner("print('{\"id\": 7}', flush=True)")], self.folder / "log")
        with self.assertRaisesRegex(runners.NoAnswer, "to command 1"):
            runner.ask({"op": "ping"}, 20)


class Files(unittest.TestCase):
    ROWS = [f"E{n:02d}" for n in range(1, 19)] + [f"P{n:02d}" for n in range(1, 4)] + [f"R{n:02d}" for n in range(1, 13)] + \
           [f"W{n:02d}" for n in range(1, 9)] + [f"S{n:02d}" for n in range(1, 7)] + [f"D{n:02d}" for n in range(1, 5)] + \
           ["C01", "T01", "T02"]

    def test_every_row_of_the_table_has_a_file_that_can_be_read(self):
        self.assertEqual(sorted({one.id[:3] for one in scenario.load()}), sorted(self.ROWS))

    def test_every_scenario_expects_something_of_each_step(self):
        for one in scenario.load():
            for step in one.steps:
                self.assertTrue(step["expect"], one.id)


if __name__ == "__main__":
    unittest.main()

"""Gateways are restarted one after the other while callers of all kinds go on."""

import collections
import json
import os
import threading
import time

import pytest
import relais
from harness import runners
from mesh.mesh import Mesh
from mesh.relay import Relay
from relais.jobqueue.v1 import jobqueue_pb2
from relais.recordsql.v1 import recordsql_pb2

ROUNDS = int(os.environ.get("RELAIS_RESTART_ROUNDS", "1"))
ROWS = 100_000
MOVEMENTS = {"query": {"recordSql": "erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/Mouvement"}, "keysetField": "MOUV.MOUV_ID"}
STEELS = jobqueue_pb2.JobDefinition(display_name="Steels", text_import=jobqueue_pb2.TextImport(
    template=jobqueue_pb2.JobFile(path="template.xml"), data=[jobqueue_pb2.JobFile(path="steels.csv")]))
FILES = {"template.xml": b"<Template/>\n", "steels.csv": b"Number,Build,Speed\n" + b"1,a,2\n" * 20_000}
WATCH = {"op": "watch", "service": "jobqueue", "parent": "queues/sandbox"}
LONGEST = 180


class Load:
    """Calls that are made again and again, none of which is repeated by its client, until `stop`."""

    def __init__(self, mesh, workers, upload):
        self.over = threading.Event()
        self.made, self.failures = collections.Counter(), []
        self._client = relais.connect(mesh.target, tls=relais.Tls(roots=mesh.callers.pem), token=mesh.token("administrator"),
                                      retry=relais.Retry(attempts=1))
        calls = [self._list_erps, self._list_jobs, self._read_rows]
        tasks = [calls[number % 3] for number in range(workers)] + [self._submit] * upload
        self._threads = [threading.Thread(target=self._again, args=(task,)) for task in tasks]
        for thread in self._threads:
            thread.start()

    def _list_erps(self):
        self._client.recordsql.ListErps(recordsql_pb2.ListErpsRequest())

    def _list_jobs(self):
        self._client.jobqueue.ListJobs(jobqueue_pb2.ListJobsRequest(parent="queues/sandbox", page_size=5))

    def _read_rows(self):
        self._client.recordsql.QueryRecords(recordsql_pb2.QueryRecordsRequest(page_size=3, query={
            "record_sql": "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}))

    def _submit(self):
        self._client.jobqueue.submit("queues/sandbox", STEELS, FILES)

    def _again(self, task):
        while not self.over.is_set():
            try:
                task()
            except relais.RelaisError as error:
                self.failures.append(f"{task.__name__}: {error}")
            self.made[task.__name__] += 1
            self.over.wait(0.01)

    def stop(self):
        self.over.set()
        for thread in self._threads:
            thread.join()
        self._client.close()


def restart_all(mesh):
    for _ in range(ROUNDS):
        for gateway in mesh.gateways:
            gateway.stop()
            gateway.start()
            mesh.front.await_stat("cluster.gateways.membership_healthy", len(mesh.gateways))


def open_streams(mesh, method):
    return sum(gateway.metric("relais_grpc_open_calls", grpc_method=method) for gateway in mesh.gateways)


def ask(language, command, log, answers, ready):
    runner = runners.Runner(language, runners.command_of(language, {}), log)
    try:
        # A runtime that has begun to work: from here on all languages are as fast.
        runner.ask({**command, **WATCH, "until": {"complete": True, "ms": 30_000}}, LONGEST)
        ready.wait(LONGEST)
        answers[language, command["op"]] = runner.ask(command, LONGEST * ROUNDS)
    finally:
        runner.end()


def test_nothing_is_lost(tmp_path):
    languages = runners.built({})
    assert "python" in languages
    answers = {}
    with Mesh(sandbox={"recordsql": {"movement_rows": ROWS}}) as mesh, Relay(mesh) as relay:
        common = {"target": f"127.0.0.1:{relay.port}", "connect": {"token": mesh.token("administrator")}}
        commands = [
            {"op": "rows", "request": MOVEMENTS, "batch_ms": 150 * ROUNDS},
            {**WATCH, "until": {"ms": 20_000 * ROUNDS}},
        ]
        ready = threading.Barrier(len(languages) * len(commands))
        asked = [threading.Thread(target=ask, args=(language, {**common, **command}, tmp_path / f"{language}-{command['op']}.log", answers, ready))
                 for language in languages for command in commands]
        load = Load(mesh, workers=3, upload=1)
        try:
            for thread in asked:
                thread.start()
            # All streams are open.
            limit = time.monotonic() + LONGEST
            while min(open_streams(mesh, method) for method in ("WatchJobs", "StreamRecords")) < len(languages):
                assert time.monotonic() < limit, "streams do not begin"
                time.sleep(0.05)
            restart_all(mesh)
        finally:
            load.stop()
            for thread in asked:
                thread.join()
        mesh_lines = mesh.front.lines()
    print(f"{sum(load.made.values())} calls {dict(load.made)}, {len(load.failures)} failed; languages: {', '.join(languages)}")
    assert load.failures == []
    assert min(load.made.values()) > 5
    assert not [line for line in mesh_lines if "SubmitJob" in line["path"] and line["grpc"] not in ("OK", None)], "an upload was lost"
    digests = set()
    for language in languages:
        rows = answers[language, "rows"]
        assert "error" not in rows, (language, rows["error"])
        assert (rows["rows"], rows["resumes"] > 0) == (ROWS, True), (language, rows["rows"], rows["resumes"])
        digests.add(rows["digest"])
        watched = answers[language, "watch"]
        assert "error" not in watched, (language, watched["error"])
        kinds = [event["kind"] for event in watched["events"]]
        assert "restart" in kinds, (language, json.dumps(watched["events"])[:1000])
        after = next(number for number, change in enumerate(watched["changes"]) if number and change["restarted"])
        assert any(change["complete"] for change in watched["changes"][after:]), f"{language}: the set was not told anew"
    assert len(digests) == 1, digests

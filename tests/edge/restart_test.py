"""Gateways are restarted one after the other while callers of all kinds go on."""

import base64
import collections
import json
import os
import threading

from harness import runners
from harness.waiting import eventually
from mesh.mesh import Mesh
from mesh.relay import Relay

ROUNDS = int(os.environ.get("RELAIS_RESTART_ROUNDS", "1"))
ROWS = 100_000
MOVEMENTS = {"query": {"recordSql": "erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/Mouvement"}, "keysetField": "MOUV.MOUV_ID"}
RECORDS = "relais.recordsql.v1.RecordSqlService/"
POSTAL_CODES = {"recordSql": "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}
FILES = {"template.xml": b"<Template/>\n", "steels.csv": b"Number,Build,Speed\n" + b"1,a,2\n" * 20_000}
TIMES = 20
# What each language does again and again, all of it at once.
UNARY = [{"op": "call", "times": TIMES, "method": method, "request": request} for method, request in (
    (f"{RECORDS}ListErps", {}),
    ("relais.jobqueue.v1.JobQueueService/ListJobs", {"parent": "queues/sandbox", "pageSize": 5}),
    (f"{RECORDS}QueryRecords", {"query": POSTAL_CODES, "pageSize": 3}))]
SUBMIT = {"op": "submit", "parent": "queues/sandbox", "definition": {"displayName": "Steels", "textImport": {
    "template": {"path": "template.xml"}, "data": [{"path": "steels.csv"}]}},
    "sources": {name: {"bytes": base64.b64encode(content).decode()} for name, content in FILES.items()}}
WATCH = {"op": "watch", "service": "jobqueue", "parent": "queues/sandbox"}
LONGEST = 180


class Load:
    """Calls and uploads by the clients of all languages, none of which is repeated by its client, until `stop`."""

    def __init__(self, languages, common, folder):
        self._over = threading.Event()
        self.made, self.failures = collections.Counter(), []
        self._command = {"op": "parallel", "calls": [*UNARY, SUBMIT], **common, "connect": {**common["connect"], "attempts": 1}}
        self._threads = [threading.Thread(target=self._again, args=(language, folder / f"{language}-load.log")) for language in languages]
        for thread in self._threads:
            thread.start()

    def _again(self, language, log):
        runner = runners.Runner(language, runners.command_of(language, {}), log)
        try:
            while not self._over.is_set():
                results = runner.ask(self._command, LONGEST)["results"]
                for asked, result in zip(self._command["calls"], results, strict=True):
                    self.made[language, asked["op"]] += asked.get("times", 1)
                    if "error" in result:
                        self.failures.append((language, asked.get("method", "submit"), result["error"]))
        except runners.NoAnswer as error:
            self.failures.append((language, str(error)))
        finally:
            runner.end()

    def stop(self):
        self._over.set()
        for thread in self._threads:
            thread.join()


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
        load = Load(languages, common, tmp_path)
        try:
            for thread in asked:
                thread.start()
            eventually(lambda: min(open_streams(mesh, method) for method in ("WatchJobs", "StreamRecords")) >= len(languages),
                       "all streams are open", LONGEST)
            restart_all(mesh)
        finally:
            load.stop()
            for thread in asked:
                thread.join()
        mesh_lines = mesh.front.lines()
    print(f"{sum(load.made.values())} calls {dict(load.made)}, {len(load.failures)} failed; languages: {', '.join(languages)}")
    assert load.failures == [], [line for line in mesh_lines if line["status"] != 200 or line["grpc"] not in ("OK", None)]
    assert {language for language, _ in load.made} == set(languages)
    assert min(count for (_, what), count in load.made.items() if what == "call") > 5 * TIMES, load.made
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

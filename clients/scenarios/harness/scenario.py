"""Reads the files of scenarios and carries one out."""

import base64
import hashlib
import json
import pathlib
import time

from harness.acts import Acts
from harness.matching import Values, differences, set_of
from harness.runners import NoAnswer

FOLDER = pathlib.Path(__file__).resolve().parents[1]
_KEYS = {"id", "title", "gateway", "given", "script", "steps", "expect", "connect", "files", "fresh"}
_EXPECT_KEYS = {"upstream", "in_flight", "sandbox", "gateway", "calls", "files", "within_ms"}
_POLL_SECONDS = 0.01
_STEP_SECONDS = 40  # a step that takes longer has failed, unless its `limit_s` says otherwise


class Scenario:
    """One file; `id` is that of the file's name."""

    def __init__(self, path):
        content = json.loads(path.read_text())
        unknown = set(content) - _KEYS | set(content.get("expect", {})) - _EXPECT_KEYS
        if unknown:
            raise ValueError(f"{path.name}: {sorted(unknown)} is not known")
        self.id, self.title = content["id"], content["title"]
        if path.stem != self.id:
            raise ValueError(f"{path.name}: its id is {self.id}")
        self.gateway = content.get("gateway", {})
        unknown = set(self.gateway) - {"own", "set", "sandbox"}
        if unknown:
            raise ValueError(f"{path.name}: gateway: {sorted(unknown)} is not known")
        self.given, self.script = content.get("given", []), content.get("script", [])
        self.steps, self.expect = content["steps"], content.get("expect", {})
        self.connect, self.files = content.get("connect"), content.get("files", {})
        self.fresh = content.get("fresh", False)


def load(names=None):
    """The scenarios, all or those whose ids begin with one of `names`."""
    paths = sorted(FOLDER.glob("*.json"))
    scenarios = [Scenario(path) for path in paths]
    return [one for one in scenarios if not names or any(one.id.startswith(name) for name in names)]


class Run:
    """One scenario with one language. `say` is told what is sent and answered."""

    def __init__(self, scenario, lab, server, folder, say):
        self._scenario, self._lab, self._server, self._say = scenario, lab, server, say
        self._folder = pathlib.Path(folder)
        self._folder.mkdir(parents=True)
        target = f"127.0.0.1:{server.port}" if scenario.script else lab.target
        self._values = Values(target=target, dir=str(self._folder), sandbox=f"http://127.0.0.1:{lab.sandbox_port}")
        self._seen = {}

    def problems(self, runner, other):
        """Carries it out; the list of what differs is empty when all is as expected. `runner` and `other` are functions
        that give a running runner, of this language and of the next one."""
        for name, content in self._scenario.files.items():
            _make(self._folder / name, self._values.filled(content))
        self._lab.reset()
        self._server.begin(self._values.filled(self._scenario.script))
        started = self._lab.metrics()["started"]
        acts = Acts(self._lab, self._scenario.given, self._values)
        found = []
        try:
            for number, step in enumerate(self._scenario.steps):
                acts.step_begins(number)
                answerer = other() if step.get("runner") == "other" else runner()
                found += self._step(number, step, answerer)
                if found:
                    break
        except NoAnswer as error:
            found.append(f"step {number}: {error}")
        except KeyError as error:
            found.append(f"step {number}: {error.args[0]}")
        finally:
            given = acts.finish()
        # What did not happen because a step failed before is no news.
        return found or given or self._after(started)

    def _step(self, number, step, runner):
        command = {key: value for key, value in step.items() if key not in ("expect", "runner", "limit_s")}
        command.setdefault("target", "${target}")
        if self._scenario.connect:
            command.setdefault("connect", self._scenario.connect)
        command = self._values.filled(command)
        for call in command.get("calls", []):
            call.setdefault("target", command["target"])
            if "connect" in command:
                call.setdefault("connect", command["connect"])
        for name, source in command.get("sources", {}).items():
            if "zeros" in source:
                path = self._folder.parent / (self._folder.name + ".zeros")
                _make(path, source)
                command["sources"][name] = {"path": str(path)}
        self._say(f"{runner.language} < {json.dumps(command, ensure_ascii=False)[:1000]}")
        answer = runner.ask(command, step.get("limit_s", _STEP_SECONDS))
        self._say(f"{runner.language} > {json.dumps(answer, ensure_ascii=False)[:1000]}")
        if "changes" in answer:
            answer["set"] = set_of(answer["changes"])
        self._values.set(f"step{number}", answer)
        expected = self._values.filled(step.get("expect", {}))
        expected.setdefault("error", {"$absent": True})
        return [f"step {number}: {difference}" for difference in differences(expected, answer, self._seen)]

    def _after(self, started):
        """What differs when the steps are over, at the latest `within_ms` after them."""
        expected = self._values.filled(self._scenario.expect)
        end = time.monotonic() + expected.pop("within_ms", 0) / 1000
        while True:
            seen = dict(self._seen)
            found = [f"at the end: {one}" for one in differences(expected, self._state(expected, started), seen)]
            if not found or time.monotonic() >= end:
                return found
            time.sleep(_POLL_SECONDS)

    def _state(self, expected, started):
        state = {}
        if "upstream" in expected or "in_flight" in expected:
            requests = self._lab.request("GET", "/sandbox/requests")
            state["in_flight"] = requests["in_flight"]
            state["upstream"] = {name: 0 for name in expected.get("upstream", {})} | requests["operations"]
        if "sandbox" in expected:
            state["sandbox"] = {path: self._lab.request("GET", path) for path in expected["sandbox"]}
        if "gateway" in expected:
            now = self._lab.metrics()
            state["gateway"] = {"open": now["open"], "started": {
                name: count - started.get(name, 0) for name, count in now["started"].items()}}
        if "calls" in expected:
            state["calls"] = self._server.calls()
        if "files" in expected:
            state["files"] = _files_below(self._folder)
        return state


def _make(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    if "zeros" in content:
        with open(path, "wb") as file:
            file.truncate(content["zeros"])
    elif "base64" in content:
        path.write_bytes(base64.b64decode(content["base64"]))
    else:
        path.write_text(content["text"])


def _files_below(folder):
    files = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            files.append({"path": str(path.relative_to(folder)), "bytes": len(content),
                          "sha256": hashlib.sha256(content).hexdigest()})
    return files

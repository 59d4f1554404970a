"""The languages' runners: programs that carry out commands with the client of their language."""

import collections
import json
import os
import pathlib
import queue
import shlex
import subprocess
import sys
import threading

from harness.protos import ROOT

# language -> its runner, below the root of the repository; without its first file the language is not built.
COMMANDS = {
    "python": ["clients/python/tests/scenario_runner.py"],
    "python-aio": ["clients/python/tests/scenario_runner.py", "--aio"],
    "go": ["build/clients/go/scenario-runner"],
    "java": ["build/clients/java/scenario-runner"],
    "cpp": ["build/clients/cpp/tests/scenario_runner"],
}


def command_of(language, given):
    """The words of a language's command; `given` maps languages to commands that stand in for the table."""
    if language in given:
        return shlex.split(given[language])
    words = COMMANDS[language]
    interpreter = [sys.executable] if words[0].endswith(".py") else []
    return [*interpreter, str(ROOT / words[0]), *words[1:]]


def built(given):
    """The languages that have a runner, in the order of the table."""
    return [language for language in COMMANDS if language in given or (ROOT / COMMANDS[language][0]).exists()] + \
           [language for language in given if language not in COMMANDS]


NO_ANSWER = "no answer: "


class NoAnswer(Exception):
    """A runner has ended or said nothing in time."""


class Runner:
    """A running runner. Commands are sent one at a time."""

    def __init__(self, language, command, log):
        self.language = language
        self._log = pathlib.Path(log)
        self._stderr = open(log, "ab")
        # Proxies of this machine are none of the clients' business.
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr,
                                         env=environment, cwd=ROOT)
        self._lines = queue.Queue()
        self._last_id = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def ask(self, command, seconds):
        """The answer to a command, a dict. Whatever keeps it from being one is NoAnswer, and ends the runner."""
        self._last_id += 1
        line = json.dumps({"id": self._last_id, **command}, ensure_ascii=False)
        try:
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
            said = self._lines.get(timeout=seconds)
        except (OSError, queue.Empty) as error:
            self.end()
            what = f"none within {seconds} s" if isinstance(error, queue.Empty) else "it has ended"
            raise NoAnswer(f"{NO_ANSWER}{what}; {self._complaint()}") from None
        if said is None:
            self.end()
            raise NoAnswer(f"{NO_ANSWER}it has ended; {self._complaint()}")
        try:
            answer = json.loads(said)
        except ValueError:
            self.end()
            raise NoAnswer(f"{NO_ANSWER}it said {said[:200]!r}, which is no JSON") from None
        if not isinstance(answer, dict) or answer.get("id") != self._last_id:
            self.end()
            raise NoAnswer(f"it answered {said[:200]!r} to command {self._last_id}")
        return answer

    def end(self):
        """Closes its input, which ends it, else kills it."""
        try:
            self._process.stdin.close()
        except OSError:
            pass
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()
        self._stderr.close()

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(line.decode(errors="replace"))
        self._lines.put(None)

    def _complaint(self):
        lines = collections.deque(self._log.read_text(errors="replace").splitlines(), maxlen=8)
        return "its standard error ends with:\n      " + "\n      ".join(lines) if lines else "it said nothing"

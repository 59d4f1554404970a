"""Does what is `given`, when its time has come."""

import threading
import time

_POLL_SECONDS = 0.005  # between two looks at the sandbox's counters


class Acts:
    """Runs the entries of `given` while the steps of a scenario go on; each once.

    An entry is armed when its `step` begins (0 unless it says otherwise); what it counts is counted from then.
    """

    def __init__(self, lab, given, values):
        self._lab = lab
        self._entries = [_Entry(number, entry, values) for number, entry in enumerate(given)]
        self._values = values
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads = []
        self.problems = []
        lab.cutter.reset(self._on_bytes)

    def step_begins(self, number):
        """Arms the entries of this step; those that happen at its start have happened on return."""
        for entry in self._entries:
            if entry.step != number:
                continue
            entry.began = time.monotonic()
            entry.base = {way: self._lab.cutter.passed(way) for way in ("up", "down")}
            if "upstream" in entry.when:
                entry.counted = self._count(entry.when["upstream"])
            if entry.at_start:
                self._happen(entry)
            elif entry.bytes is None:
                thread = threading.Thread(target=self._wait_for, args=(entry,), daemon=True)
                self._threads.append(thread)
                thread.start()
            entry.armed = True

    def finish(self):
        """Waits for nothing more; returns what went wrong, entries that have not happened among it."""
        self._over.set()
        self._lab.cutter.reset()
        for thread in self._threads:
            thread.join()
        for entry in self._entries:
            if not entry.begun:
                self.problems.append(f"given[{entry.number}] has not happened: {entry.when} has not come")
        return self.problems

    def _wait_for(self, entry):
        try:
            if "after" in entry.when:
                other = self._entries[entry.when["after"]]
                if not self._wait(other.done):
                    return
                entry.began = time.monotonic()
            if "upstream" in entry.when:
                while self._count(entry.when["upstream"]) - entry.counted < entry.when.get("count", 1):
                    if self._over.wait(_POLL_SECONDS):
                        return
            if "after_ms" in entry.when:
                left = entry.began + entry.when["after_ms"] / 1000 - time.monotonic()
                if self._over.wait(max(0, left)):
                    return
        except Exception as error:  # whatever it is, it is told at the end
            self.problems.append(f"given[{entry.number}]: {error}")
            return
        self._try(entry)

    def _wait(self, event):
        while not event.wait(_POLL_SECONDS):
            if self._over.is_set():
                return False
        return True

    def _count(self, operation):
        return self._lab.request("GET", "/sandbox/requests")["operations"].get(operation, 0)

    def _on_bytes(self, direction, passed):
        """Called by the cutter before it passes bytes on: how many may pass until the next entry's time comes."""
        due, left = [], None
        with self._lock:
            if self._over.is_set():
                return None
            for entry in self._entries:
                if not entry.armed or entry.begun or entry.bytes is None or entry.bytes[0] != direction:
                    continue
                missing = entry.base[direction] + entry.bytes[1] - passed
                if missing <= 0:
                    entry.begun = True
                    due.append(entry)
                elif left is None or missing < left:
                    left = missing
        for entry in due:
            if entry.drains:  # the gateway's last words must pass meanwhile
                thread = threading.Thread(target=self._try, args=(entry,), daemon=True)
                self._threads.append(thread)
                thread.start()
            else:
                self._try(entry)
        return left

    def _try(self, entry):
        try:
            self._happen(entry)
        except Exception as error:  # whatever it is, it is told at the end
            self.problems.append(f"given[{entry.number}]: {error}")

    def _happen(self, entry):
        entry.begun = True
        self._lab.cutter.hold()
        try:
            for act in entry.acts:
                result = self._do(self._values.filled(act))
                if result is not None:
                    self._values.set(f"given{entry.number}", result)
        finally:
            self._lab.cutter.release()
        entry.done.set()

    def _do(self, act):
        lab = self._lab
        plain = {"cut": lab.cutter.cut, "stop": lab.stop, "start": lab.start, "freeze": lab.freeze, "thaw": lab.thaw}
        if act in ("restart", "kill"):
            lab.stop() if act == "restart" else lab.stop(9)
            if act == "restart":
                lab.start()
        elif isinstance(act, str):
            plain[act]()
        elif "fault" in act:
            lab.request("POST", "/sandbox/faults", {"faults": [act["fault"]]})
        elif "request" in act:
            return lab.request(*act["request"])
        elif "call" in act:
            return lab.call(*act["call"])
        else:
            raise ValueError(f"there is no act {act}")
        return None


class _Entry:
    def __init__(self, number, entry, values):
        unknown = set(entry) - {"when", "do"}
        when = entry.get("when", "start")
        when = {} if when == "start" else dict(when)
        unknown |= set(when) - {"step", "bytes_down", "bytes_up", "upstream", "count", "after_ms", "after"}
        if unknown:
            raise ValueError(f"given[{number}]: {sorted(unknown)} is not known")
        self.number = number
        self.acts = entry["do"] if isinstance(entry["do"], list) else [entry["do"]]
        self.drains = "stop" in self.acts or "restart" in self.acts
        self.step = when.pop("step", 0)
        self.when = when
        self.at_start = not when
        self.bytes = next((("down" if key == "bytes_down" else "up", when[key]) for key in ("bytes_down", "bytes_up")
                           if key in when), None)
        self.began, self.base, self.counted = 0.0, {}, 0
        self.armed = self.begun = False
        self.done = threading.Event()

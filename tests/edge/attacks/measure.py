#!/usr/bin/env python3
"""What attacks cost a gRPC server and its other callers, as a table:

    tests/edge/attacks/measure.py --pid PID --address HOST:PORT [--attack ADDRESS] [--ca FILE] [--scale N] [ATTACK…]

--address is where the others call, --attack where the attacks go when that is elsewhere, PID the server whose CPU and
memory are told. With --json FILE the figures are written there too.
"""

import argparse
import dataclasses
import json
import os
import re
import ssl
import subprocess
import sys
import threading
import time

import attacks
from http2 import Connection, Target

HEIGHT_SECONDS = 2
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "attacks.py")


def memory(pid):
    """Resident set in MiB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024


def cpu(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Watched:
    """Another caller, and a look at the server's memory, both every 10 ms, while it stands in a `with`. Every tenth call
    is that of a new caller."""

    def __init__(self, target, pid):
        self._target, self._pid = target, pid
        self.waits, self.failed, self.peak = [], 0, memory(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _run(self):
        connection, calls = None, 0
        while not self._stop.wait(0.01):
            began = time.monotonic()
            try:
                if connection is None or calls % 10 == 0:
                    if connection:
                        connection.close()
                    connection = Connection(self._target)
                calls += 1
                if not connection.call(attacks.METHOD):
                    raise OSError
            except OSError:
                self.failed, connection = self.failed + 1, None
            self.waits.append((time.monotonic() - began) * 1000)
            self.peak = max(self.peak, memory(self._pid))

    def wait_of(self, share):
        return sorted(self.waits)[min(len(self.waits) - 1, int(len(self.waits) * share))] if self.waits else 0.0


@dataclasses.dataclass
class Figures:
    attack: str
    cpu: float  # seconds, of the server, to the end of the attack's height
    attacker_cpu: float
    peak: float  # MiB above what it had
    kept: float  # the same, after the attack
    p99: float  # ms, of the other caller
    longest: float
    failed: int  # of its calls
    told: dict  # by the attack


def measure(name, target, pid, address, ca=None, scale=1, cert=None):
    """Runs one attack on `address` beside a caller of `target`."""
    command = [sys.executable, PROGRAM, name, address, "--scale", str(scale), *(("--ca", ca) if ca else ()),
               *(("--cert", cert) if cert else ())]
    memory_before, cpu_before = memory(pid), cpu(pid)
    with Watched(target, pid) as others, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                                          text=True) as attack:
        told = json.loads(attack.stdout.readline() or "{}")
        time.sleep(HEIGHT_SECONDS)
        used = cpu(pid) - cpu_before
        out, _ = attack.communicate()
        told.update(json.loads(out or "{}"))
    if attack.returncode != 0:
        sys.exit(f"{name}: the attack itself failed")
    time.sleep(1)
    return Figures(name, used, told.pop("cpu"), others.peak - memory_before, memory(pid) - memory_before,
                   others.wait_of(0.99), others.wait_of(1), others.failed, told)


def row(figures):
    told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.told.items())
    return (f"| {figures.attack.replace('_', ' ')} | {figures.cpu:.2f} s | {figures.peak:+.0f} MiB | {figures.kept:+.0f} MiB "
            f"| {figures.p99:.0f} ms | {figures.longest:.0f} ms | {figures.failed} | {told} |")


HEADING = ("| attack | CPU | memory at most | memory kept | others' p99 | longest | failed | the attacker |\n"
           "|---|---|---|---|---|---|---|---|")


def calm(target, pid, seconds=2):
    """The same figures without any attack."""
    memory_before, cpu_before = memory(pid), cpu(pid)
    with Watched(target, pid) as others:
        time.sleep(seconds)
    return Figures("none", cpu(pid) - cpu_before, 0, others.peak - memory_before, memory(pid) - memory_before,
                   others.wait_of(0.99), others.wait_of(1), others.failed, {})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("attacks", nargs="*", metavar="ATTACK", help=", ".join(attacks.ATTACKS))
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--address", required=True)
    parser.add_argument("--attack")
    parser.add_argument("--ca")
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--json")
    args = parser.parse_args()
    target = Target(args.address, ssl.create_default_context(cafile=args.ca) if args.ca else None)
    print(HEADING)
    rows = []
    for name in [None, *(args.attacks or attacks.ATTACKS)]:
        rows.append(measure(name, target, args.pid, args.attack or args.address, args.ca, args.scale) if name else
                    calm(target, args.pid))
        print(row(rows[-1]), flush=True)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump([dataclasses.asdict(each) for each in rows], file, indent=1)


if __name__ == "__main__":
    main()

"""What a running server has used so far, counted by a program that it runs behind."""

import os
import re
import subprocess
import sys
import tempfile

# With these of a CPU valgrind shows programs its whole own one, whatever else the CPU can.
COMMON_CPU = {"avx2", "bmi1", "bmi2", "abm", "f16c", "rdrand"}


def require_common_cpu():
    """Ends the program on a CPU on which instructions cannot be compared with those of others."""
    with open("/proc/cpuinfo", encoding="ascii") as file:
        flags = next(set(line.split()) for line in file if line.startswith("flags"))
    if missing := COMMON_CPU - flags:
        sys.exit(f"budgets hold on x86-64 with AVX2 only: this CPU has no {', '.join(sorted(missing))}")


class Callgrind:
    """Instructions in user space. It shows every program the same CPU (see README.md), and addresses are fixed."""

    UNIT = "instructions"

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="relais-bench-")
        self._out = os.path.join(self._folder.name, "out")
        self._dumps = 0
        self._total = 0
        self.wrapper = ["setarch", "-R", "valgrind", "--tool=callgrind", f"--callgrind-out-file={self._out}", "-q"]

    def read(self, server):
        result = subprocess.run(["vgdb", "--wait=60", f"--pid={server.pid}", "dump"], capture_output=True, text=True,
                                check=False)
        if result.returncode != 0:
            raise RuntimeError(f"vgdb could not ask callgrind: {result.stderr}")
        self._dumps += 1
        # Each dump has what came since the one before.
        with open(f"{self._out}.{self._dumps}", encoding="utf-8") as file:
            self._total += next(int(line.split()[1]) for line in file if line.startswith(("summary:", "totals:")))
        return self._total


class Strace:
    """System calls of all threads."""

    UNIT = "system calls"
    _CALL = re.compile(rb"^\d+ +[a-z_0-9]+\(")  # neither the second half of one that was interrupted nor an end

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="relais-bench-")
        self._out = os.path.join(self._folder.name, "out")
        self._read = 0
        self._total = 0
        self.wrapper = ["setarch", "-R", "strace", "-f", "-s", "0", "-e", "raw=all", "-e", "signal=none", "-o", self._out]

    def read(self, _):
        with open(self._out, "rb") as file:
            file.seek(self._read)
            lines = file.read()
        lines = lines[:lines.rfind(b"\n") + 1]
        self._read += len(lines)
        self._total += sum(1 for line in lines.splitlines() if self._CALL.match(line))
        return self._total


def cost_of(meter, server, run):
    """What the server uses while `run()` runs."""
    before = meter.read(server)
    run()
    return meter.read(server) - before


def slope(meter, server, run, counts):
    """What one more costs of whatever `run(count)` does, so that connecting and the like drop out."""
    few, many = (cost_of(meter, server, lambda count=count: run(count)) for count in counts)
    return (many - few) / (counts[1] - counts[0])

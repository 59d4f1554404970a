"""Programs under measurement, and how figures are taken from them and printed."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, os.environ.get("RELAIS_BENCH_BUILD", "build/release"))
BIN = os.path.join(BUILD, "bin")
# The gateway has one core for itself; what calls it and what it calls share the other.
GATEWAY_CPU, OTHER_CPU = 0, 1
RESULTS = []
CURVES = []


def report(name, value, unit, goal, only):
    RESULTS.append((name, value, unit, goal))
    print(json.dumps({"name": name, "value": value, "unit": unit, "goal": goal, "command": f"bench/run --only {only}"}),
          flush=True)


def curve(*drawing, **options):
    """Keeps what drawing.draw shall draw, of points that are reported."""
    CURVES.append((drawing, options))


def print_table():
    width = max(len(row[0]) for row in RESULTS)
    print()
    for name, value, unit, goal in RESULTS:
        print(f"{name:<{width}}  {value:>12} {unit:<14} {goal}")


def pinned(cpu):
    return ["taskset", "-c", str(cpu)] if cpu is not None else []


def mib(kib):
    return round(kib / 1024, 1)


class Process:
    """A program that prints a line that matches `pattern`, and ends on SIGTERM."""

    def __init__(self, argv, pattern, env=None, cpu=None, stderr=subprocess.DEVNULL):
        self.started = time.monotonic()
        self.process = subprocess.Popen(pinned(cpu) + argv, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
                                        stderr=stderr, env={**os.environ, **(env or {})})
        while True:
            line = self.process.stdout.readline()
            if not line:
                sys.exit(f"{argv[0]} ended before it listened")
            if match := re.search(pattern, line):
                break
        self.listening = time.monotonic() - self.started
        self.found = match.groups()
        self.address = self.found[0]

    @property
    def pid(self):
        """Of the program itself, behind wrappers such as strace."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(children, encoding="ascii") as file:
            inner = file.read().split()
        return int(inner[0]) if inner and "strace" in self.process.args else self.process.pid

    def status(self, key):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(key + ":"))

    def cpu_seconds(self):
        """Of all its threads, by the clock that the kernel has for each process."""
        return time.clock_gettime(~self.pid << 3 | 2)  # as clock_getcpuclockid(3) makes it

    def reset_peak(self):
        """From now on VmHWM is the peak since now."""
        with open(f"/proc/{self.pid}/clear_refs", "w", encoding="ascii") as file:
            file.write("5")

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line):
        """Tells it a line and gives the JSON object that it answers."""
        self.tell(line)
        return json.loads(self.process.stdout.readline())

    def stop(self, with_signal=signal.SIGTERM):
        os.kill(self.pid, with_signal)
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


def upstream(rows=300_000, page=1000):
    return Process([f"{BIN}/bench_upstream", str(rows), str(page)], r"^(\d+)$", cpu=OTHER_CPU)


def fetch(url):
    with urllib.request.urlopen(f"http://{url}", timeout=30) as reply:
        return reply.read().decode()


def gateway(services, wrapper=(), cpu=GATEWAY_CPU, program=f"{BIN}/relaisd"):
    """The gateway with `services`, the part of its configuration that says what it serves."""
    config = os.path.join(tempfile.gettempdir(), f"relais-bench-{os.getpid()}.yaml")
    with open(config, "w", encoding="utf-8") as file:
        file.write("server: {listen: 127.0.0.1:0, drain_delay: 0s, drain_deadline: 1s}\n"
                   'admin: {listen: 127.0.0.1:0}\nstate: {file: ":memory:"}\n' + services)
    return Process([*wrapper, program, "serve", "--config", config],
                   r"gRPC on (\S+), admin on http://(\S+)", env={"BENCH_PASSWORD": "bench"}, cpu=cpu)


def metric(server, name):
    """The sum of a metric of the gateway over all its labels."""
    lines = (line for line in fetch(f"{server.found[1]}/metrics").splitlines() if line.startswith(name))
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line[len(name)] in " {")


def run_json(argv, cpu=OTHER_CPU):
    result = subprocess.run(pinned(cpu) + argv, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{' '.join(argv)}: {result.stderr}")
    return json.loads(result.stdout)


def client(*words):
    return run_json([f"{BIN}/bench_client", *words])


class Callgrind:
    COUNTS = "instructions"

    @staticmethod
    def wrapper(out):
        return ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "-q"]

    @staticmethod
    def total(out):
        with open(out, encoding="utf-8") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(("summary:", "totals:")))


class Strace:
    COUNTS = "system calls"

    @staticmethod
    def wrapper(out):
        return ["strace", "-f", "-c", "-o", out]

    @staticmethod
    def total(out):
        with open(out, encoding="utf-8") as file:
            total = [line.split() for line in file if line.rstrip().endswith("total")][-1]
        return int(total[3])  # % time, seconds, usecs/call, calls


def slope(tool, run, counts):
    """What one call costs, start and end left out: `run(wrapper, calls)` runs a program behind the tool."""
    totals = []
    for calls in counts:
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out")
            run(tool.wrapper(out), calls)
            totals.append(tool.total(out))
    return (totals[1] - totals[0]) / (counts[1] - counts[0])


def serve_calls(serve, workload):
    """For slope: `serve(wrapper)` starts a server, which gets the calls of a workload of bench_client."""
    def run(wrapper, calls):
        with serve(wrapper) as server:
            client(workload, "--address", server.address, "--calls", str(calls))
            server.stop()
    return run


def echo(wrapper, cpu=None, program=f"{BIN}/bench_echo"):
    process = Process([*wrapper, program], r"^(\d+)$", cpu=cpu)
    process.address = f"127.0.0.1:{process.address}"
    return process


def report_cost(args, what, workload, serve, goal, only):
    """Instructions and system calls per call of a workload, and what gRPC alone takes of them."""
    counts = (200, 700) if args.quick else (300, 1800)
    for tool, aim in ((Callgrind, goal), (Strace, "")):
        cost = slope(tool, serve_calls(serve, workload), counts)
        report(f"{what} {tool.COUNTS} per call", round(cost, 1), tool.COUNTS, aim, only)
    report(f"{what} over bare echo, instructions per call",
           round(slope(Callgrind, serve_calls(echo, workload), counts)), "instructions", "peer", only)

"""The figures of JobQueueService: single jobs, files, watchers."""

import os
import signal
import statistics
import time

from harness import (BIN, GATEWAY_CPU, Callgrind, Process, OTHER_CPU, client, fetch, gateway, metric, mib, report,
                     report_cost, run_json, slope, upstream)

WATCHERS = 10_000


def services(source, poll_interval="1s", in_flight=4):
    """What the gateway serves, for its configuration."""
    return f"""
jobqueue:
  spool_directory: /var/tmp
  queues:
    bench:
      base_url: http://127.0.0.1:{source.address}/mi_servicelayer
      authentication: {{user: bench, password: {{env: BENCH_PASSWORD}}}}
      poll_interval: {poll_interval}
      idle_poll_interval: {poll_interval}
      limits: {{in_flight: {in_flight}}}
"""


def jobqueue(source, in_flight=4, **options):
    return gateway(services(source, in_flight=in_flight), **options)


def bench_get_job(args):
    calls = 2000 if args.quick else 10000
    with upstream() as source:
        report_cost(args, "GetJob", "get_job", lambda wrapper: jobqueue(source, wrapper=wrapper, cpu=None), "<= 140000",
                    "get_job")
        curl = lambda wrapper, count: run_json(
            [*wrapper, f"{BIN}/bench_curl", "get", f"127.0.0.1:{source.address}", str(count)])
        report("libcurl alone, instructions per call", round(slope(Callgrind, curl, (300, 1800))), "instructions",
               "peer", "get_job")
        with jobqueue(source) as server:
            client("get_job", "--address", server.address, "--calls", "500")
            figures = []
            for _ in range(3 if args.quick else 7):
                before = server.cpu_seconds()
                client("get_job", "--address", server.address, "--calls", str(calls))
                figures.append((server.cpu_seconds() - before) / calls * 1e6)
    report("GetJob gateway CPU per call, median", round(statistics.median(figures), 1), "us",
           f"min {min(figures):.1f} max {max(figures):.1f}", "get_job")


def file_speeds(args, server, source, way, size):
    """MB/s through the gateway and straight from libcurl in its place, and their ratio, round by round."""
    rounds = []
    for _ in range(3 if args.quick else 7):
        direct = run_json([f"{BIN}/bench_curl", way, f"127.0.0.1:{source.address}", str(size)], cpu=GATEWAY_CPU)
        through = client(way, "--address", server.address, "--bytes", str(size))
        rounds.append((through["mb_per_second"], direct["mb_per_second"]))
    return rounds


def bench_files(args):
    size = 1 << (28 if args.quick else 30)
    with upstream() as source, jobqueue(source) as server:
        for way in ("download", "upload"):
            client(way, "--address", server.address, "--bytes", "1000000")
            before = server.status("VmRSS")
            server.reset_peak()
            rounds = file_speeds(args, server, source, way, size)
            growth = server.status("VmHWM") - before
            ratios = [through / direct for through, direct in rounds]
            what = f"{way} of {size >> 20} MiB"
            report(f"{what}, median", round(statistics.median(through for through, _ in rounds)), "MB/s", "", "files")
            report(f"{what}, libcurl alone, median", round(statistics.median(direct for _, direct in rounds)), "MB/s",
                   "peer", "files")
            report(f"{what}, share of libcurl alone, median", round(statistics.median(ratios), 3), "",
                   f">= 0.25; min {min(ratios):.3f} max {max(ratios):.3f}", "files")
            report(f"{what}, RSS growth", mib(growth), "MiB", "<= 8", "files")
        if not args.quick:
            before = server.status("VmRSS")
            server.reset_peak()
            client("download", "--address", server.address, "--bytes", str(8 << 30))
            report("download of 8192 MiB, RSS growth", mib(server.status("VmHWM") - before), "MiB", "<= 8", "files")
        before = server.status("VmRSS")
        server.reset_peak()
        client("download", "--address", server.address, "--bytes", str(64 << 20), "--pause", "0.02")
        report("download, slow reader, RSS growth", mib(server.status("VmHWM") - before), "MiB", "<= 8", "files")


def watchers(server, count=WATCHERS, connections=10):
    """Returns when all of them have the first state."""
    return Process([f"{BIN}/bench_client", "watch", "--address", server.address, "--watchers", str(count),
                    "--connections", str(connections)], "^(ready)$", cpu=OTHER_CPU, stderr=None)


def await_small(read, limit, seconds):
    """Asks until `read()` is at most `limit`: how long that took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if read() <= limit:
            return f"{time.monotonic() - began:.1f} s"
        time.sleep(0.2)
    return f"not in {seconds} s"


class Observed:
    """What happens within some seconds while `changing` jobs change with every list."""

    def __init__(self, source, server, crowd, changing, seconds):
        fetch(f"127.0.0.1:{source.address}/bench/changing/{changing}")
        time.sleep(2.5)  # until what was on its way has arrived
        crowd.tell("reset")
        cpu, lists, began = server.cpu_seconds(), self.lists(source), time.monotonic()
        time.sleep(seconds)
        self.delays = crowd.ask("report")
        span = time.monotonic() - began
        self.requests_per_second = round((self.lists(source) - lists) / span, 2)
        self.cpu_us = round((server.cpu_seconds() - cpu) / max(1, self.delays["events"]) * 1e6, 1)

    @staticmethod
    def lists(source):
        return int(fetch(f"127.0.0.1:{source.address}/bench/lists"))


def report_delays(source, server, crowd, seconds):
    one = Observed(source, server, crowd, 1, 2 * seconds)
    report("watch, upstream requests", one.requests_per_second, "per s", "<= 5", "watch")
    report("watch, one job changes, p50 delay", one.delays["p50_ms"], "ms", "", "watch")
    report("watch, one job changes, p99 delay", one.delays["p99_ms"], "ms", "<= 10", "watch")
    burst = Observed(source, server, crowd, 100, seconds)
    report("watch, all jobs change, p50 delay", burst.delays["p50_ms"], "ms", "", "watch")
    report("watch, all jobs change, p99 delay", burst.delays["p99_ms"], "ms",
           f"<= 300; {burst.delays['events']} events", "watch")
    report("watch, gateway CPU per delivered event", burst.cpu_us, "us", "<= 15", "watch")


def report_stopped_reader(source, server, crowd, seconds):
    with watchers(server, 1000, 1) as stopped:
        before = server.status("VmRSS")
        os.kill(stopped.pid, signal.SIGSTOP)
        burst = Observed(source, server, crowd, 100, seconds)
        report("watch, all jobs change, p99 delay beside 1000 that do not read", burst.delays["p99_ms"], "ms",
               "as without", "watch")
        report("watch, RSS growth by 1000 that do not read", mib(server.status("VmRSS") - before), "MiB", "<= 8",
               "watch")
        os.kill(stopped.pid, signal.SIGCONT)


def report_end(source, server, crowd, idle):
    fetch(f"127.0.0.1:{source.address}/bench/changing/0")
    lost = crowd.ask("report")["lost"]
    report("watch, streams lost", lost, "", "0", "watch")
    crowd.stop(signal.SIGKILL)
    gone = await_small(lambda: metric(server, "relais_watchers"), 0, 10)
    report("watch, clients killed, until there are no watchers", gone, "", "<= 5 s", "watch")
    lists = Observed.lists(source)
    time.sleep(5)
    report("watch, clients killed, upstream requests in 5 s", Observed.lists(source) - lists, "", "0", "watch")
    settled = await_small(lambda: server.status("VmRSS"), 1.1 * idle, 30)
    report("watch, clients killed, RSS", mib(server.status("VmRSS")), "MiB",
           f"<= {mib(1.1 * idle)}, idle + 10 %; reached: {settled}", "watch")


def bench_watch(args):
    seconds = 8 if args.quick else 20
    with upstream() as source, jobqueue(source) as server:
        client("get_job", "--address", server.address, "--calls", "10")
        time.sleep(1)
        idle = server.status("VmRSS")
        began = time.monotonic()
        with watchers(server) as crowd:
            report(f"watch, {WATCHERS} watchers have the first state", round(time.monotonic() - began, 1), "s", "",
                   "watch")
            time.sleep(3)
            report("watch, RSS per watcher", round((server.status("VmRSS") - idle) / WATCHERS, 1), "KiB", "<= 18",
                   "watch")
            report_delays(source, server, crowd, seconds)
            report_stopped_reader(source, server, crowd, seconds)
            report_end(source, server, crowd, idle)

"""How figures change with load, rows, watchers and connections. What they cost each must stay flat."""

import time

from harness import client, curve, mib, report, upstream
from jobqueue import Observed, jobqueue, watchers
from recordsql import recordsql
from versus import IN_FLIGHT, calls, go_peer, relais, spread

SHARES = (0.25, 0.5, 0.75, 1, 1.5, 2, 3)
WHO = ("relais", "Go peer")


def bench_goodput(args):
    """Calls begun at a rate, whatever becomes of those before, each with a second of time."""
    seconds, rounds = (2, 1) if args.quick else (4, 3)
    with upstream() as source, relais(source) as mine, go_peer(source) as other:
        servers = (mine, other)
        for server in servers:
            calls(server, 3000, IN_FLIGHT)
        capacity = [max(seen["ok"] / seen["seconds"] for _, seen in (calls(server, 10_000, 256) for _ in range(3))) for server in servers]
        series = {"goodput": [[], []], "p99 of good calls": [[], []], "p99 of refusals": [[], []]}
        for share in SHARES:
            seen = [[], []]
            for _ in range(rounds):
                for index, server in enumerate(servers):
                    rate = share * capacity[index]
                    seen[index].append(client("load", "--address", server.address, "--rate", str(rate), "--calls", str(int(rate * seconds)),
                                              "--deadline", "1", "--connections", "4"))
            for index, who in enumerate(WHO):
                good = sorted(one["ok"] / one["seconds"] / capacity[index] for one in seen[index])
                middle = len(good) // 2
                report(f"goodput at {share} of capacity, {who}", round(good[middle], 3), "of capacity", spread(good, 3), "goodput")
                series["goodput"][index].append((share, good[middle]))
                for what, key in (("p99 of good calls", "p99_ms"), ("p99 of refusals", "refused_p99_ms")):
                    waits = sorted(one[key] for one in seen[index])
                    report(f"{what} at {share} of capacity, {who}", waits[middle], "ms",
                           f"{sum(one['refused'] for one in seen[index])} refused, {sum(one['late'] for one in seen[index])} late", "goodput")
                    series[what][index].append((share, waits[middle]))
        for index, who in enumerate(WHO):
            report(f"capacity, {who}", round(capacity[index]), "calls/s", "256 in flight, highest of 3", "goodput")
    curve("goodput", "calls begun, of capacity", "calls answered well, of capacity", dict(zip(WHO, series["goodput"])))
    curve("overload", "calls begun, of capacity", "p99, ms",
          {f"{what}, {who}": [(x, y) for x, y in series[what][index] if y > 0] for what in series if what != "goodput"
           for index, who in enumerate(WHO)}, log_y=True)


def bench_watchers(args):
    """All jobs change with every list, once a second."""
    delays, costs, sizes = {"p50": [], "p99": []}, [], []
    seconds = 5 if args.quick else 10
    for count in (1, 10, 100, 1000, 10_000) if args.quick else (1, 10, 100, 1000, 5000, 10_000, 20_000):
        with upstream() as source, jobqueue(source) as server:
            client("get_job", "--address", server.address, "--calls", "10")
            time.sleep(1)
            idle = server.status("VmRSS")
            with watchers(server, count, min(count, 20)) as crowd:
                time.sleep(2)
                size = (server.status("VmRSS") - idle) / count
                seen = Observed(source, server, crowd, 100, seconds)
            for what in delays:
                report(f"{count} watchers, {what} delay", seen.delays[f"{what}_ms"], "ms", f"{seen.delays['events']} events", "watchers")
                delays[what].append((count, seen.delays[f"{what}_ms"]))
            report(f"{count} watchers, gateway CPU per event", seen.cpu_us, "us", "contains the polls", "watchers")
            costs.append((count, seen.cpu_us))
            if count >= 100:
                report(f"{count} watchers, RSS of each", round(size, 1), "KiB", "", "watchers")
                sizes.append((count, size))
    curve("watchers-delay", "watchers", "delay, ms", delays, log_x=True, log_y=True)
    curve("watchers-cost", "watchers", "CPU per event, µs; memory of each, KiB", {"CPU per event": costs, "memory of each": sizes},
          log_x=True, log_y=True)


def bench_rows(args):
    costs, peaks = [], []
    for rows in (1000, 10_000, 100_000, 1_000_000) if args.quick else (1000, 10_000, 100_000, 1_000_000, 10_000_000):
        times = max(1, min(50, 300_000 // rows))
        with upstream(rows) as source, recordsql(source) as server:
            client("stream", "--address", server.address)
            before, cpu = server.status("VmRSS"), server.cpu_seconds()
            server.reset_peak()
            for _ in range(times):
                client("stream", "--address", server.address)
            cost = (server.cpu_seconds() - cpu) / rows / times * 1e9
            growth = mib(server.status("VmHWM") - before)
        report(f"{rows} rows, gateway CPU per row", round(cost), "ns", "the call and its end are in it", "rows")
        report(f"{rows} rows, RSS growth", growth, "MiB", "", "rows")
        costs.append((rows, cost))
        peaks.append((rows, growth))
    curve("rows", "rows of a stream", "CPU per row, ns; growth of memory, MiB", {"CPU per row": costs, "growth of memory": peaks},
          log_x=True)


def bench_connections(args):
    """As many connections as said, with one call after another in each of 32 of them at a time."""
    costs, sizes = [], []
    count = 5000 if args.quick else 20_000
    for connections in (1, 10, 100, 500):
        with upstream() as source, jobqueue(source, in_flight=IN_FLIGHT) as server:
            calls(server, 1000, IN_FLIGHT)
            idle, cpu = server.status("VmRSS"), server.cpu_seconds()
            seen = client("load", "--address", server.address, "--calls", str(count), "--in-flight", str(IN_FLIGHT), "--connections",
                          str(connections))
            cost = (server.cpu_seconds() - cpu) / seen["ok"] * 1e6
            server_peak = mib(server.status("VmHWM") - idle)
        report(f"{connections} connections, CPU per call", round(cost, 1), "us", f"{seen['ok']} calls, connecting included", "connections")
        report(f"{connections} connections, RSS growth", server_peak, "MiB", "", "connections")
        costs.append((connections, cost))
        sizes.append((connections, server_peak))
    curve("connections", "connections", "CPU per call, µs; growth of memory, MiB", {"CPU per call": costs, "growth of memory": sizes},
          log_x=True)

"""The figures of RecordSqlService, and those that belong to no service."""

import statistics
import sys
import time

from harness import (BIN, GATEWAY_CPU, ROOT, client, gateway, mib, report, report_cost, run_json, upstream)


def services(source, verify="true"):
    """What the gateway serves, for its configuration."""
    return f"""
recordsql:
  erps:
    bench:
      base_url: http://127.0.0.1:{source.address}
      user: bench
      password: {{env: BENCH_PASSWORD}}
      verify_last_page: {verify}
      limits: {{in_flight: 32}}
      data_dictionary: {ROOT}/bench/catalogue/data_dictionary.txt
      dictionaries: [{ROOT}/bench/catalogue/gtrsmou.dhsq]
"""


def recordsql(source, verify="true", **options):
    return gateway(services(source, verify), **options)


def bench_unary_cost(args):
    with upstream() as source:
        report_cost(args, "unary", "unary", lambda wrapper: recordsql(source, "false", wrapper=wrapper, cpu=None),
                    "<= 140000", "unary_cost")


def bench_unary_speed(args):
    calls = 2000 if args.quick else 10000
    with upstream() as source, recordsql(source, "false") as server:
        client("unary", "--address", server.address, "--calls", "500")
        figures = []
        for _ in range(3 if args.quick else 7):
            before = server.cpu_seconds()
            client("unary", "--address", server.address, "--calls", str(calls))
            figures.append((server.cpu_seconds() - before) / calls * 1e6)
        report("unary gateway CPU per call, median", round(statistics.median(figures), 1), "us",
               f"min {min(figures):.1f} max {max(figures):.1f}", "unary_speed")


def bench_unary_idle(args):
    calls = 20 if args.quick else 100
    with upstream() as source, recordsql(source, "false") as server:
        client("unary", "--address", server.address, "--calls", "10")
        result = client("unary", "--address", server.address, "--calls", str(calls), "--interval", "1.05")
        report("unary p99 of calls 1.05 s apart", result["p99_ms"], "ms", "<= 5", "unary_idle")
        report("unary p50 of calls 1.05 s apart", result["p50_ms"], "ms", "", "unary_idle")


def bench_stream(args):
    for rows in (300_000,) if args.quick else (300_000, 3_000_000):
        with upstream(rows) as source, recordsql(source) as server:
            client("unary", "--address", server.address, "--calls", "10")
            before, speeds = server.status("VmRSS"), []
            server.reset_peak()
            for _ in range(1 if rows > 1_000_000 else 7):
                cpu = server.cpu_seconds()
                result = client("stream", "--address", server.address)
                if result["rows"] != rows:
                    sys.exit(f"{result['rows']} rows instead of {rows}")
                speeds.append(result["rows_per_second"])
                cpu = server.cpu_seconds() - cpu
            growth = server.status("VmHWM") - before
            report(f"stream of {rows} rows, median", round(statistics.median(speeds)), "rows/s",
                   f">= 1000000; min {min(speeds)} max {max(speeds)}", "stream")
            report(f"stream of {rows} rows, gateway CPU per row", round(cpu / rows * 1e9), "ns", "", "stream")
            report(f"stream of {rows} rows, RSS growth", mib(growth), "MiB", "<= 8", "stream")


def bench_slow_reader(args):
    with upstream(100_000) as source, recordsql(source) as server:
        client("unary", "--address", server.address, "--calls", "10")
        before = server.status("VmRSS")
        server.reset_peak()
        client("stream", "--address", server.address, "--pause", "0.02" if args.quick else "0.05")
        report("stream, slow reader, RSS growth", mib(server.status("VmHWM") - before), "MiB", "<= 8", "slow_reader")


def bench_footprint(args):
    starts = []
    with upstream() as source:
        for _ in range(5 if args.quick else 15):
            with recordsql(source) as server:
                starts.append(server.listening * 1000)
        with recordsql(source) as server:
            time.sleep(1)
            rss = server.status("VmRSS")
            cpu, span = server.cpu_seconds(), 5 if args.quick else 20
            time.sleep(span)
            cpu = (server.cpu_seconds() - cpu) / span * 1000
    report("start-up until it listens, median", round(statistics.median(starts), 1), "ms",
           f"<= 25; min {min(starts):.1f} max {max(starts):.1f}", "footprint")
    report("idle RSS", mib(rss), "MiB", "<= 25", "footprint")
    report("idle CPU", round(cpu, 2), "ms/s", "<= 0.5", "footprint")


def bench_peers(_):
    result = run_json([f"{BIN}/bench_decode"])
    report("decode only", result["rows_per_second"], "rows/s", "peer", "peers")
    report("decode only", result["json_mb_per_second"], "MB/s of JSON", "peer", "peers")
    rows = 300_000
    with upstream(rows) as source:
        result = run_json([sys.executable, f"{ROOT}/bench/peers/python_records.py", source.address, "1000", str(rows)],
                          cpu=GATEWAY_CPU)
    report("python script, 300000 rows", result["rows_per_second"], "rows/s", "peer", "peers")
    report("python script, peak memory", result["peak_mib"], "MiB", "peer", "peers")

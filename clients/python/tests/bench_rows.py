#!/usr/bin/env python3
"""Rows per second of `rows`, of raw stubs, and of a script without the gateway, in one run.

    bench_rows.py [--rows N] [--rounds N]     prints the median of each, in rows/s; fails when `rows` is slower than raw stubs should be

Needs bench_upstream and relaisd (`make build-bench`; RELAIS_BENCH_BUILD names another build folder).
"""

import argparse
import asyncio
import datetime
import decimal
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".deps/python-client/bin/python"
if os.access(PYTHON, os.X_OK) and pathlib.Path(sys.prefix) != PYTHON.parents[1]:
    os.execv(PYTHON, [str(PYTHON), *sys.argv])

import relais  # noqa: E402
from relais.recordsql.v1 import Query, StreamRecordsRequest  # noqa: E402
from relais.recordsql.v1.recordsql_pb2_grpc import RecordSqlServiceStub  # noqa: E402

REQUEST = StreamRecordsRequest(query=Query(record_sql="erps/bench/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT"))


def raw_batches(target):
    """Raw stubs, which touch no value."""
    with relais.connect(target) as client:
        return sum(len(batch.rows) for batch in RecordSqlServiceStub(client.channel).StreamRecords(REQUEST))


def raw_values(target):
    """Raw stubs, and each value as the message has it, dates and decimals as messages and texts."""
    count = 0
    with relais.connect(target) as client:
        for batch in RecordSqlServiceStub(client.channel).StreamRecords(REQUEST):
            for row in batch.rows:
                tuple([getattr(value, value.WhichOneof("kind")) for value in row.values])
                count += 1
    return count


def typed(value):
    """A value as Python has it, by the straight way."""
    kind = value.WhichOneof("kind")
    made = getattr(value, kind)
    if kind == "null_value":
        return None
    if kind == "decimal_value":
        return decimal.Decimal(made)
    if kind == "date_value":
        return datetime.date(made.year, made.month, made.day)
    if kind == "date_time_value":
        return datetime.datetime(made.year, made.month, made.day, made.hours, made.minutes, made.seconds)
    return datetime.time(made.hours, made.minutes, made.seconds) if kind == "time_value" else made


def raw_typed(target):
    """Raw stubs, and each value as `rows` gives it."""
    count = 0
    with relais.connect(target) as client:
        for batch in RecordSqlServiceStub(client.channel).StreamRecords(REQUEST):
            for row in batch.rows:
                tuple([typed(value) for value in row.values])
                count += 1
    return count


def rows(target):
    """`rows`: tuples with names, decimals, dates."""
    count = 0
    with relais.connect(target) as client, client.recordsql.rows(REQUEST) as taken:
        for _ in taken:
            count += 1
    return count


def batches(target):
    """`batches()`, which touches no value."""
    with relais.connect(target) as client, client.recordsql.rows(REQUEST) as taken:
        return sum(len(batch.rows) for batch in taken.batches())


def aio_rows(target):
    """`rows` of the asyncio client."""
    async def read():
        count = 0
        async with relais.aio.connect(target) as client, client.recordsql.rows(REQUEST) as taken:
            async for _ in taken:
                count += 1
        return count
    return asyncio.run(read())


WAYS = {way.__name__: way for way in (raw_batches, batches, raw_values, raw_typed, rows, aio_rows)}


def timed(way, target):
    began = time.monotonic()
    count = WAYS[way](target)
    seconds, used = time.monotonic() - began, time.process_time() / count
    print(json.dumps({"rows": count, "rows_per_second": round(count / seconds), "cpu_us": used * 1e6}))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT / "bench"))
    from harness import OTHER_CPU, pinned, run_json, upstream
    from recordsql import recordsql
    speeds, costs = {way: [] for way in (*WAYS, "script")}, {way: [] for way in WAYS}
    with upstream(given.rows) as source, recordsql(source) as server:
        for _ in range(given.rounds):
            for way in WAYS:
                command = pinned(OTHER_CPU) + [sys.executable, __file__, "--work", way, f"127.0.0.1:{server.address.rsplit(':', 1)[-1]}"]
                result = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
                assert result["rows"] == given.rows, (way, result)
                speeds[way].append(result["rows_per_second"])
                costs[way].append(result["cpu_us"])
            speeds["script"].append(run_json([sys.executable, f"{ROOT}/bench/peers/python_records.py", source.address, "1000",
                                              str(given.rows)], cpu=OTHER_CPU)["rows_per_second"])
    median = {way: statistics.median(figures) for way, figures in speeds.items()}
    for way, figure in median.items():
        cost = f"   {min(costs[way]):.1f} us of CPU a row at best" if way in costs else ""
        print(f"{way:12} {figure:>9.0f} rows/s   {min(speeds[way])} to {max(speeds[way])}{cost}")
    print(f"rows: {median['rows'] / median['raw_values']:.2f} of raw stubs with values untouched, "
          f"{median['rows'] / median['raw_typed']:.2f} with values as Python's (>= 0.8)")
    print(f"against the script (>= 5): {median['rows'] / median['script']:.2f} rows, {median['batches'] / median['script']:.2f} batches")
    sys.exit(median["rows"] < 0.8 * median["raw_typed"])


if __name__ == "__main__":
    timed(*sys.argv[2:]) if sys.argv[1:2] == ["--work"] else main()

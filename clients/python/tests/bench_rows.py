#!/usr/bin/env python3
"""Rows per second of `rows`, of raw stubs, and of a script without the gateway, in one run.

    bench_rows.py [--rows N] [--rounds N]     prints the median of each, in rows/s, and fails where the client is too slow

Needs bench_upstream and relaisd (`make build-bench`; RELAIS_BENCH_BUILD names another build folder).
"""

import argparse
import asyncio
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
    """Raw stubs, and each value as the message has it: what a caller would write."""
    count = 0
    with relais.connect(target) as client:
        for batch in RecordSqlServiceStub(client.channel).StreamRecords(REQUEST):
            for row in batch.rows:
                tuple([getattr(value, value.WhichOneof("kind")) for value in row.values])
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


WAYS = {way.__name__: way for way in (raw_batches, batches, raw_values, rows, aio_rows)}


def timed(way, target):
    began = time.monotonic()
    count = WAYS[way](target)
    print(json.dumps({"rows": count, "rows_per_second": round(count / (time.monotonic() - began))}))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT / "bench"))
    from harness import OTHER_CPU, pinned, run_json, upstream
    from recordsql import recordsql
    speeds = {way: [] for way in (*WAYS, "script")}
    with upstream(given.rows) as source, recordsql(source) as server:
        for _ in range(given.rounds):
            for way in WAYS:
                command = pinned(OTHER_CPU) + [sys.executable, __file__, "--work", way, f"127.0.0.1:{server.address.rsplit(':', 1)[-1]}"]
                result = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
                assert result["rows"] == given.rows, (way, result)
                speeds[way].append(result["rows_per_second"])
            speeds["script"].append(run_json([sys.executable, f"{ROOT}/bench/peers/python_records.py", source.address, "1000",
                                              str(given.rows)], cpu=OTHER_CPU)["rows_per_second"])
    median = {way: statistics.median(figures) for way, figures in speeds.items()}
    for way, figure in median.items():
        print(f"{way:12} {figure:>9.0f} rows/s   {min(speeds[way])} to {max(speeds[way])}")
    against_stubs, against_script = median["rows"] / median["raw_values"], median["rows"] / median["script"]
    print(f"rows: {against_stubs:.2f} of raw stubs (>= 0.8), {against_script:.1f} times the script (>= 5)")
    sys.exit(against_stubs < 0.8 or against_script < 5)


if __name__ == "__main__":
    timed(*sys.argv[2:]) if sys.argv[1:2] == ["--work"] else main()

"""The figures of ExportService: large files, beside a Python script that does the same job in the same run."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

from harness import BIN, ROOT, gateway, mib, report, run_json, upstream

COLUMNS = 11  # of the rows of the benchmark's upstream


def exports(source, folder):
    return gateway(f"""
recordsql:
  erps:
    bench:
      base_url: http://127.0.0.1:{source.address}
      user: bench
      password: {{env: BENCH_PASSWORD}}
      verify_last_page: false
      limits: {{in_flight: 32}}
      data_dictionary: {ROOT}/bench/catalogue/data_dictionary.txt
      dictionaries: [{ROOT}/bench/catalogue/gtrsmou.dhsq]
exports:
  directory: {folder}
""")


def call(server, method, request):
    return run_json([f"{BIN}/relaisd", "call", "--address", server.address,
                     f"ExportService/{method}", json.dumps(request)])


def run_to_its_end(server, name):
    """Watches a run; the last state of it."""
    argv = [f"{BIN}/relaisd", "call", "--address", server.address,
            "ExportService/WatchExportRun", json.dumps({"name": name})]
    text = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    decoder, at, last = json.JSONDecoder(), 0, None
    while at < len(text):
        message, at = decoder.raw_decode(text, at)
        last = message.get("run", last)
        while at < len(text) and text[at].isspace():
            at += 1
    return last


def measure(rows, export_format, script_format, python, goal):
    folder = tempfile.mkdtemp(prefix="relais-bench-")
    try:
        with upstream(rows) as source, exports(source, folder) as server:
            def make(export_id, limit):
                query = {"record_sql": "erps/bench/dictionaries/gtrsmou.dhoq/recordSqls/MOUVEMENT"}
                call(server, "CreateExport", {"export_id": export_id, "export": {
                    "source": {"records": {"query": query, "skip": str(rows - limit)}}, "format": export_format}})
                run = call(server, "RunExport", {"name": f"exports/{export_id}"})
                return run_to_its_end(server, run["name"])

            make("warm", 2000)
            before, cpu = server.status("VmRSS"), server.cpu_seconds()
            server.reset_peak()
            run = make("whole", rows)
            cpu = server.cpu_seconds() - cpu
            growth = server.status("VmHWM") - before
            if run["state"] != "STATE_SUCCEEDED" or int(run["rows"]) != rows:
                sys.exit(f"the run ended with {run}")
            # As many rows as take it a few seconds; both read the same pages.
            script_rows = min(rows, 500_000)
            peer = run_json([python, f"{ROOT}/bench/peers/export.py", source.address, script_format,
                             str(rows - script_rows), f"{folder}/peer"], cpu=0)
        name, only = f"export of {rows} rows to {script_format}", f"export_{script_format}"
        mine, other = cpu / rows * 1e9, peer["cpu_seconds"] / script_rows * 1e9
        report(f"{name}, gateway CPU per row", round(mine), "ns", "", only)
        report(f"{name}, Python script CPU per row", round(other), "ns", "peer", only)
        report(f"{name}, times less CPU", round(other / mine, 1), "x", goal, only)
        report(f"{name}, RSS growth", mib(growth), "MiB", "<= 32", only)
    finally:
        shutil.rmtree(folder)


def bench_export_csv(args):
    measure(500_000 if args.quick else 5_000_000, {"csv": {}}, "csv", sys.executable, ">= 10")


def bench_export_xlsx(args):
    """Needs XlsxWriter in the Python that RELAIS_BENCH_PYTHON names; without it there is no peer."""
    python = os.environ.get("RELAIS_BENCH_PYTHON", sys.executable)
    measure(200_000 if args.quick else 5_000_000, {"xlsx": {}}, "xlsx", python, ">= 3")

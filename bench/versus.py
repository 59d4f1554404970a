"""The gateway and the Go gateway of peers/go by turns, with the same upstream, connections upstream, core and client."""

import json
import statistics
import sys

import jobqueue
import recordsql
from harness import BIN, GATEWAY_CPU, ROOT, Process, client, gateway, mib, report, run_json, upstream

GO_PEER = f"{ROOT}/build/peers/go"
IN_FLIGHT = 32  # connections to the upstream, for both
JOB = "queues/bench/jobs/00000000-0000-4000-8000-000000000000"


def relais(source):
    return gateway(jobqueue.services(source, in_flight=IN_FLIGHT) + recordsql.services(source))


def go_peer(source):
    process = Process([GO_PEER, "-upstream", f"127.0.0.1:{source.address}", "-in-flight", str(IN_FLIGHT)], r"^(\d+)$",
                      cpu=GATEWAY_CPU)
    process.address = f"127.0.0.1:{process.address}"
    return process


def answer(server, method, request):
    return run_json([f"{BIN}/relaisd", "call", "--address", server.address, method, json.dumps(request)])


def require_same_answer(servers, method, request):
    answers = [answer(server, method, request) for server in servers]
    if answers[0] != answers[1]:
        sys.exit(f"{method}: the gateway and its peer do not say the same: {answers}")


def by_turns(args, servers, measure):
    """What `measure(server)` gives for each, in several rounds of which every other one begins with the other."""
    figures = [[], []]
    for number in range(3 if args.quick else 7):
        for index in (0, 1) if number % 2 == 0 else (1, 0):
            figures[index].append(measure(servers[index]))
    return figures


def spread(values, digits):
    return f"min {min(values):.{digits}f} max {max(values):.{digits}f}"


def report_versus(name, figures, unit, only, goal="", digits=1):
    """Both medians, and the median of the ratios of each round: below 1 the gateway needs less."""
    for who, values in zip(("relais", "Go peer"), figures):
        report(f"{name}, {who}", round(statistics.median(values), digits), unit, spread(values, digits), only)
    ratios = [mine / other for mine, other in zip(*figures)]
    report(f"{name}, relais / Go peer", round(statistics.median(ratios), 3), "", f"{goal}; {spread(ratios, 3)}".lstrip("; "),
           only)


def calls(server, count, in_flight):
    """The CPU that the server takes per call, in microseconds, and what the client saw."""
    before = server.cpu_seconds()
    seen = client("load", "--address", server.address, "--calls", str(count), "--in-flight", str(in_flight), "--connections",
                  str(min(in_flight, 4)))
    if seen["ok"] != count:
        sys.exit(f"not every call succeeded: {seen}")
    return (server.cpu_seconds() - before) / count * 1e6, seen


def bench_versus_unary(args):
    count = 3000 if args.quick else 10_000
    with upstream() as source, relais(source) as mine, go_peer(source) as other:
        servers = (mine, other)
        require_same_answer(servers, "JobQueueService/GetJob", {"name": JOB})
        for in_flight in (1, 32, 256):
            for server in servers:
                calls(server, 1000, in_flight)
            pairs = by_turns(args, servers, lambda server, at=in_flight: calls(server, count, at))
            name, only = f"GetJob, {in_flight} in flight", "versus_unary"
            report_versus(f"{name}, CPU per call", [[cpu for cpu, _ in rounds] for rounds in pairs], "us", only, "<= 0.6")
            for what, unit in (("p50_ms", "ms"), ("p99_ms", "ms")):
                report_versus(f"{name}, {what[:3]}", [[seen[what] for _, seen in rounds] for rounds in pairs], unit, only,
                              digits=3)
            report_versus(f"{name}, calls per second",
                          [[seen["calls"] / seen["seconds"] for _, seen in rounds] for rounds in pairs], "/s", only, digits=0)
        for who, server in zip(("relais", "Go peer"), servers):
            report(f"resident set after these calls, {who}", mib(server.status("VmRSS")), "MiB", "", "versus_unary")

"""What the dashboard shows: rows of panels, each with its queries. `generate` makes Grafana's JSON of it.

Every query is asked of a real Prometheus that reads a real gateway in tests/operations/dashboard_test.py.
"""

import dataclasses

# The gateways that are chosen at the top of the page, and the connections.
G = 'job="$job", instance=~"$instance"'
C = f'{G}, service=~"$service", connection=~"$connection"'
UNARY = f'{G}, grpc_type="unary"'
STEP = "$__rate_interval"


@dataclasses.dataclass(frozen=True)
class Panel:
    title: str
    description: str
    queries: tuple  # of (PromQL, legend)
    unit: str = "short"
    kind: str = "timeseries"  # or "stat", the newest value alone
    width: int = 8  # of 24
    stacked: bool = False
    mappings: tuple = ()  # of (value, text, colour)
    thresholds: tuple = ()  # of (from, colour), beside green


def latency(metric, quantile, labels, by):
    return (f"histogram_quantile({quantile}, sum by ({by}) "
            f"(rate({metric}_bucket{{{labels}}}[{STEP}])))")


ROWS = (
    ("At a glance", (
        Panel("Gateways", "How many answer Prometheus.",
              ((f"sum(up{{{G}}})", "up"), (f"count(up{{{G}}})", "known")), kind="stat", width=4),
        Panel("Calls", "Calls that end in a second.",
              ((f"sum(rate(grpc_server_handled_total{{{G}}}[{STEP}]))", "calls"),), "reqps", "stat", 4),
        Panel("Failed by the gateway or an upstream",
              "Share of calls that end UNAVAILABLE, INTERNAL, UNKNOWN, DATA_LOSS or DEADLINE_EXCEEDED.",
              ((f'(sum(rate(grpc_server_handled_total{{{G}, grpc_code=~"Unavailable|Internal|Unknown|DataLoss|DeadlineExceeded"}}'
                f"[{STEP}])) or vector(0)) / sum(rate(grpc_server_handled_total{{{G}}}[{STEP}]))", "share"),),
              "percentunit", "stat", 4, thresholds=((0.01, "orange"), (0.1, "red"))),
        Panel("Open calls", "Calls under way, streams included.",
              ((f"sum(relais_grpc_open_calls{{{G}}})", "open"),), kind="stat", width=4),
        Panel("Breakers not closed", "Connections to upstreams that get no requests but probes.",
              ((f"count(relais_upstream_breaker_state{{{C}}} > 0) or vector(0)", "open"),),
              kind="stat", width=4, thresholds=((1, "red"),)),
        Panel("Exports overdue", "Exports that should be there and are not.",
              ((f"sum(relais_export_overdue{{{G}}}) or vector(0)", "overdue"),),
              kind="stat", width=4, thresholds=((1, "red"),)),
    )),
    ("Calls", (
        Panel("Calls by service", "Calls that end in a second.",
              ((f"sum by (grpc_service) (rate(grpc_server_handled_total{{{G}}}[{STEP}]))",
                "{{grpc_service}}"),), "reqps", stacked=True),
        Panel("Calls that fail, by status", "All codes but OK and CANCELLED.",
              ((f'sum by (grpc_code) (rate(grpc_server_handled_total{{{G}, grpc_code!~"OK|Canceled"}}[{STEP}]))',
                "{{grpc_code}}"),), "reqps", stacked=True),
        Panel("Duration of unary calls", "Upstreams included.",
              tuple((latency("grpc_server_handling_seconds", q, UNARY, "le"), name)
                    for q, name in ((0.5, "half"), (0.95, "95 %"), (0.99, "99 %"))), "s"),
        Panel("Slowest methods", "99 % of the calls of a unary method are faster.",
              ((f"topk(5, {latency('grpc_server_handling_seconds', 0.99, UNARY, 'le, grpc_method')})",
                "{{grpc_method}}"),), "s"),
        Panel("Messages of streams", "Messages sent; counted when a call ends.",
              ((f'sum by (grpc_method) (rate(grpc_server_msg_sent_total{{{G}, grpc_type="server_stream"}}[{STEP}]))',
                "{{grpc_method}}"),)),
        Panel("Open calls by gateway", "Streams included: the load of one should be that of another.",
              ((f"relais_grpc_open_calls{{{G}}}", "{{instance}}"),)),
    )),
    ("Upstreams", (
        Panel("Breaker", "Open: nothing is sent. Half open: one request as a probe.",
              ((f"max by (service, connection) (relais_upstream_breaker_state{{{C}}})",
                "{{service}} {{connection}}"),),
              mappings=((0, "closed", "green"), (1, "open", "red"), (2, "half open", "orange"))),
        Panel("Requests by outcome", "Logins and retries included.",
              ((f"sum by (outcome) (rate(relais_upstream_requests_total{{{C}}}[{STEP}]))", "{{outcome}}"),),
              "reqps", stacked=True),
        Panel("Duration of requests", "95 % are faster.",
              ((latency("relais_upstream_request_seconds", 0.95, C, "le, service, connection"),
                "{{service}} {{connection}}"),), "s"),
        Panel("Calls that wait for a worker", "Above 0 for long: a slow upstream, or limits.in_flight is too low.",
              ((f"sum by (service, connection) (relais_upstream_queue_depth{{{C}}})",
                "{{service}} {{connection}}"),)),
        Panel("Busy workers", "Of limits.in_flight of each connection and gateway.",
              ((f"sum by (service, connection) (relais_upstream_workers_busy{{{C}}})",
                "{{service}} {{connection}}"),)),
        Panel("Requests under way", "Sent, and not answered yet.",
              ((f"sum by (service, connection) (relais_upstream_in_flight{{{C}}})",
                "{{service}} {{connection}}"),)),
        Panel("Retries", "Requests that repeat a failed one.",
              ((f"sum by (service, connection) (rate(relais_upstream_retries_total{{{C}}}[{STEP}]))",
                "{{service}} {{connection}}"),), "reqps"),
        Panel("Logins", "Many of them: sessions end early.",
              ((f"sum by (service, connection) (increase(relais_upstream_logins_total{{{C}}}[{STEP}]))",
                "{{service}} {{connection}}"),)),
        Panel("Broken downloads", "Downloads that broke off after they had begun.",
              ((f"sum by (service, connection) (increase(relais_upstream_broken_streams_total{{{C}}}[{STEP}]))",
                "{{service}} {{connection}}"),)),
    )),
    ("Watching", (
        Panel("Watchers", "Streams that watch something.",
              ((f"sum by (service, connection) (relais_watchers{{{C}}})", "{{service}} {{connection}}"),)),
        Panel("Polls", "One poll serves all who watch the same.",
              ((f"sum by (service, connection) (rate(relais_polls_total{{{C}}}[{STEP}]))",
                "{{service}} {{connection}}"),), "reqps"),
        Panel("Polls saved", "What watchers would have asked besides, each for itself.",
              ((f"sum by (service, connection) (rate(relais_polls_saved_total{{{C}}}[{STEP}]))",
                "{{service}} {{connection}}"),), "reqps"),
    )),
    ("Limits and callers", (
        Panel("Limits used", "Of what server.limits allows.",
              ((f"max by (limit) (relais_limit_used{{{G}}} / relais_limit{{{G}}})", "{{limit}}"),), "percentunit",
              thresholds=((0.8, "orange"),)),
        Panel("Refused for a limit", "Calls refused because it was used up.",
              ((f"sum by (limit) (increase(relais_limit_refused_total{{{G}}}[{STEP}]))", "{{limit}}"),)),
        Panel("Connections of callers", "Accepted, and refused for lack of descriptors.",
              ((f"sum(rate(relais_connections_accepted_total{{{G}}}[{STEP}]))", "accepted"),
               (f"sum(rate(relais_connections_refused_total{{{G}}}[{STEP}]))", "refused"))),
        Panel("Certificate of the gateway", "Until it ends; nothing where the gateway has none.",
              ((f"relais_tls_certificate_expiry_timestamp_seconds{{{G}}} - time()", "{{instance}}"),), "s", "stat",
              thresholds=((0, "red"), (604800, "green"))),
        Panel("Changes of certificates", "Taken over, or kept out because they cannot be used.",
              ((f"sum by (result) (increase(relais_tls_reloads_total{{{G}}}[{STEP}]))", "{{result}}"),)),
        Panel("Spans of traces", "Delivered to the collector, or dropped; nothing where tracing is off.",
              ((f"sum by (outcome) (rate(relais_trace_spans_total{{{G}}}[{STEP}]))", "{{outcome}}"),)),
        Panel("Log lines dropped", "Not written, because standard error was not read.",
              ((f"sum by (instance) (increase(relais_log_lines_dropped_total{{{G}}}[{STEP}]))", "{{instance}}"),)),
    )),
    ("Exports", (
        Panel("Runs that ended", "By their state.",
              ((f"sum by (export, state) (relais_export_runs_total{{{G}}})", "{{export}} {{state}}"),)),
        Panel("Rows and bytes", "Of runs that ended in a second.",
              ((f"sum by (export) (rate(relais_export_rows_total{{{G}}}[{STEP}]))", "{{export}} rows"),
               (f"sum by (export) (rate(relais_export_bytes_total{{{G}}}[{STEP}]))", "{{export}} bytes"))),
        Panel("Age of the last success", "Nothing for those that have never succeeded.",
              ((f"time() - (max by (export) (relais_export_last_success_timestamp_seconds{{{G}}}) > 0)",
                "{{export}}"),), "s"),
        Panel("Lateness and duration", "Of the run that ended last.",
              ((f"max by (export) (relais_export_lateness_seconds{{{G}}})", "{{export}} late"),
               (f"max by (export) (relais_export_duration_seconds{{{G}}})", "{{export}} took"))),
        Panel("Attempts repeated", "To read or to deliver.",
              ((f"sum by (export) (increase(relais_export_retries_total{{{G}}}[{STEP}]))", "{{export}}"),)),
        Panel("Overdue or paused", "1: it is.",
              ((f"max by (export) (relais_export_overdue{{{G}}})", "{{export}} overdue"),
               (f"max by (export) (relais_export_paused{{{G}}})", "{{export}} paused"))),
    )),
)

"""Traces of the gateway, as a collector of OpenTelemetry receives them."""

import json
import os
import re
import subprocess
import tempfile
import unittest
import urllib.parse

from processes import ROOT, SECONDS, Gateway, Process, eventually, free_port, put

COLLECTOR = os.path.join(ROOT, ".deps", "bin", "otel-collector")
QUERY = ('{"query":{"record_sql":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CodePostal","fields":["CPOSTAL"]},'
         '"page_size":1}')
METHOD = "relais.recordsql.v1.RecordSqlService/QueryRecords"


class Collector(Process):
    """Writes what it receives as lines of JSON."""

    def __init__(self, folder):
        self.endpoint = f"http://127.0.0.1:{free_port()}"
        self._spans = os.path.join(folder, "spans.json")
        settings = os.path.join(folder, "collector.json")
        with open(settings, "w", encoding="utf-8") as file:
            json.dump({
                "receivers": {"otlp": {"protocols": {"http": {"endpoint": self.endpoint.removeprefix("http://")}}}},
                "exporters": {"file": {"path": self._spans, "flush_interval": "100ms"}},
                "service": {"telemetry": {"metrics": {"level": "none"}},
                            "pipelines": {"traces": {"receivers": ["otlp"], "exporters": ["file"]}}}}, file)
        super().__init__([COLLECTOR, "--config", settings])
        self.wait_for("Everything is ready")

    def spans(self):
        """All spans with their attributes as a dictionary, and the resource that they belong to."""
        if not os.path.exists(self._spans):
            return []
        found = []
        with open(self._spans, encoding="utf-8") as file:
            for line in file:
                if not line.endswith("\n"):
                    break  # it is being written
                for resource in json.loads(line)["resourceSpans"]:
                    for scope in resource["scopeSpans"]:
                        for span in scope["spans"]:
                            span["resource"] = attributes(resource["resource"])
                            span["is"] = attributes(span)
                            found.append(span)
        return found


def attributes(holder):
    return {entry["key"]: next(iter(entry["value"].values())) for entry in holder.get("attributes", [])}


class Traces(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.collector = Collector(folder.name)
        self.addCleanup(self.collector.stop)

    def gateway(self, **variables):
        environment = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": self.collector.endpoint,
                       "OTEL_BSP_SCHEDULE_DELAY": "50", **variables}
        gateway = Gateway(env=environment)
        self.addCleanup(gateway.stop)
        return gateway

    def awaited(self, condition, what):
        return eventually(lambda: [span for span in self.collector.spans() if condition(span)], what)

    def test_a_call_and_what_it_asks_are_one_trace_below_the_callers(self):
        gateway = self.gateway(OTEL_SERVICE_NAME="gateway-1", OTEL_RESOURCE_ATTRIBUTES="deployment.environment.name=test")
        trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
        subprocess.run([os.path.join(ROOT, ".deps", "bin", "grpcurl"), "-plaintext", "-H", f"traceparent: 00-{trace}-{parent}-01",
                        "-H", "tracestate: a=b", "-d", QUERY, gateway.address, METHOD],
                       check=True, capture_output=True, timeout=SECONDS)
        server = self.awaited(lambda span: span["name"] == METHOD, "the span of the call")[0]
        self.assertEqual((server["traceId"], server["parentSpanId"], server["kind"]), (trace, parent, 2))
        self.assertEqual(server["traceState"], "a=b")
        self.assertEqual(server["is"]["rpc.system"], "grpc")
        self.assertEqual(server["is"]["rpc.method"], "QueryRecords")
        self.assertEqual(server["is"]["rpc.grpc.status_code"], "0")
        self.assertEqual(server["is"]["relais.connection"], "sandbox")
        self.assertEqual(server["resource"]["service.name"], "gateway-1")
        self.assertEqual(server["resource"]["deployment.environment.name"], "test")
        asked = self.awaited(lambda span: span.get("parentSpanId") == server["spanId"], "what the call asks")
        query = asked[-1]
        self.assertEqual((query["traceId"], query["kind"], query["name"]), (trace, 3, "POST"))
        self.assertEqual(query["is"]["http.response.status_code"], "200")
        url = urllib.parse.urlsplit(re.search(r"Sandbox on (http://[^,]+),", gateway.output)[1])
        self.assertEqual((query["is"]["server.address"], query["is"]["server.port"]), (url.hostname, str(url.port)))
        self.assertTrue(query["is"]["url.full"].startswith(url.geturl()))
        self.assertNotIn("?", query["is"]["url.full"])
        self.assertLessEqual(int(server["startTimeUnixNano"]), int(query["startTimeUnixNano"]))
        self.assertGreaterEqual(int(server["endTimeUnixNano"]), int(query["endTimeUnixNano"]))

    def test_a_failure_says_why_in_each_attempt(self):
        gateway = self.gateway()
        sandbox = re.search(r"Sandbox on (http://[^,]+),", gateway.output)[1]
        put(sandbox + "/sandbox/faults", {"faults": [{"operation": "execute", "status": 503}]})
        gateway.call(METHOD, QUERY)
        server = self.awaited(lambda span: span["name"] == METHOD, "the span of the call")[0]
        self.assertEqual(server["status"]["code"], 2)
        self.assertEqual(server["is"]["error.type"], "UPSTREAM_UNAVAILABLE")
        asked = self.awaited(lambda span: span["is"].get("http.request.resend_count") == "2", "the third attempt")
        self.assertEqual(asked[0]["is"]["http.response.status_code"], "503")
        self.assertEqual(asked[0]["status"]["code"], 2)

    def test_what_the_caller_does_not_sample_is_not_told(self):
        gateway = self.gateway()
        for flags in ("00", "01"):
            subprocess.run([os.path.join(ROOT, ".deps", "bin", "grpcurl"), "-plaintext", "-H",
                            f"traceparent: 00-{flags * 16}-b7ad6b7169203331-{flags}" if flags == "01" else
                            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
                            "-d", QUERY, gateway.address, METHOD], check=True, capture_output=True, timeout=SECONDS)
        self.awaited(lambda span: span["name"] == METHOD, "the sampled call")
        self.assertEqual({span["traceId"] for span in self.collector.spans()}, {"01" * 16})

    def test_a_collector_that_is_gone_holds_up_nobody(self):
        gateway = self.gateway(OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{free_port()}", OTEL_BSP_MAX_QUEUE_SIZE="1",
                               OTEL_EXPORTER_OTLP_TIMEOUT="1000")
        for _ in range(3):
            self.assertEqual(gateway.call(METHOD, QUERY).returncode, 0)
        eventually(lambda: re.search(r'relais_trace_spans_total\{outcome="dropped"\} [1-9]', gateway.metrics()), "spans are dropped")
        gateway.wait_for("traces cannot be delivered")
        self.assertEqual(gateway.stop(), 0)

    def test_what_is_left_is_sent_at_the_end(self):
        gateway = self.gateway(OTEL_BSP_SCHEDULE_DELAY="3600000")
        gateway.call(METHOD, QUERY)
        self.assertEqual(self.collector.spans(), [])
        gateway.stop()
        self.awaited(lambda span: span["name"] == METHOD, "the span of the call")


if __name__ == "__main__":
    unittest.main()

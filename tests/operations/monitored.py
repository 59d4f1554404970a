"""A gateway with its sandbox, busy, and a Prometheus that reads it twice a second."""

import os
import re
import tempfile

import yaml
from processes import ROOT, Gateway, Prometheus, certificate, put

RULES = os.path.join(ROOT, "deploy", "prometheus", "rules.yaml")
ROWS = '{"query":{"record_sql":"erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"}}'
WINDOW = "20s"
# Tracing is on, and nobody takes the spans: port 1 is closed.
NO_COLLECTOR = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_TIMEOUT": "200",
                "OTEL_BSP_SCHEDULE_DELAY": "100"}


def alerts():
    with open(RULES, encoding="utf-8") as file:
        return [rule for group in yaml.safe_load(file)["groups"] for rule in group["rules"]]


def hurried_rules():
    """The rules with windows of seconds, so that a test need not wait for minutes."""
    with open(RULES, encoding="utf-8") as file:
        text = re.sub(r"(\[|offset |for: )\d+[mh]", lambda found: found[1] + WINDOW, file.read())
    return text.replace("for: " + WINDOW, "for: 1s")


class Monitored:
    """Both, with a certificate of three days, room for two watches and no collector of traces."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        folder = self._folder.name
        self.certificate, self.key = certificate(folder, "gateway", 3)
        self.gateway = Gateway("--set", f"server.tls.certificate_file={self.certificate}",
                               "--set", f"server.tls.key_file={self.key}", "--set", "server.limits.watches=2",
                               env={**os.environ, **NO_COLLECTOR})
        self.gateway.call_options = ["--tls-ca", self.certificate]
        self.sandbox = re.search(r"Sandbox on (http://[^,]+),", self.gateway.output)[1]
        self._watches = []
        try:
            self.prometheus = Prometheus(self._configuration(), folder)
        except BaseException:
            self.gateway.stop()
            raise

    def _configuration(self):
        folder = self._folder.name
        with open(os.path.join(folder, "rules.yaml"), "w", encoding="utf-8") as file:
            file.write(hurried_rules())
        configuration = os.path.join(folder, "prometheus.yaml")
        with open(configuration, "w", encoding="utf-8") as file:
            yaml.safe_dump({
                "global": {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "500ms"},
                "rule_files": ["rules.yaml"],
                "scrape_configs": [{"job_name": "relais", "static_configs": [
                    {"targets": [self.gateway.admin.removeprefix("http://")]}]}]}, file)
        return configuration

    def disturb(self, *faults):
        put(self.sandbox + "/sandbox/faults", {"faults": list(faults)})

    def watch(self, method, message):
        """A watch that is open until stop()."""
        self._watches.append(self.gateway.start_call(method, message))

    def stop(self):
        for watch in self._watches:
            watch.stop()
        self.gateway.stop()
        self.prometheus.stop()
        self._folder.cleanup()

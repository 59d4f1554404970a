#!/usr/bin/env python3
"""The Helm chart and the plain manifests made of it: linted, valid, restricted, and what they start serves."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

import helm_python
import kubernetes_validate
import yaml
from processes import RELAISD, ROOT, SECONDS, Gateway, certificate, get

HELM = os.path.join(ROOT, "deploy", "helm")
CHART = os.path.join(HELM, "relais")
VERSIONS = ("1.30", "1.34", "1.37")
# Of operators: no schema of Kubernetes knows them.
FOREIGN = {"ServiceMonitor"}


def example():
    with open(os.path.join(HELM, "example.yaml"), encoding="utf-8") as file:
        return yaml.safe_load(file)


VARIANTS = {
    "as it is": {},
    "everything": example(),
    "in a mesh": {"tls": {"secret": ""}, "behindProxy": True, "front": {"enabled": False}},
    "bare": {"podDisruptionBudget": {"enabled": False}, "networkPolicy": {"enabled": False}, "front": {"enabled": False}},
}


def render(values):
    with helm_python.Chart.load(CHART) as chart:
        rendered = chart.render(values, name="relais", namespace="relais")
    return [document for path, text in rendered.items() if path.endswith(".yaml")
            for document in yaml.safe_load_all(text) if document]


def of_kind(documents, kind, name=None):
    return next(document for document in documents
                if document["kind"] == kind and name in (None, document["metadata"]["name"]))


def pods(documents):
    return {document["metadata"]["name"]: document["spec"]["template"]
            for document in documents if document["kind"] in ("StatefulSet", "Deployment")}


class Chart(unittest.TestCase):
    def each(self):
        for name, values in VARIANTS.items():
            with self.subTest(name):
                yield render(values)

    def test_helm_has_nothing_to_say(self):
        for values in VARIANTS.values():
            found = helm_python.lint(CHART, values, strict=True)
            self.assertEqual([text for text in found["messages"] if text["severity"] > 1] + found["errors"], [])

    def test_is_of_the_version_that_is_built(self):
        with open(os.path.join(CHART, "Chart.yaml"), encoding="utf-8") as file:
            self.assertEqual(yaml.safe_load(file)["appVersion"],
                             subprocess.run([RELAISD, "version"], capture_output=True, text=True, check=True).stdout.split()[1])

    def test_kubernetes_knows_every_field(self):
        for documents in self.each():
            for document in documents:
                if document["kind"] not in FOREIGN:
                    for version in VERSIONS:
                        kubernetes_validate.validate(document, version, strict=True)

    def test_refuses_values_that_cannot_be(self):
        for values in ({"drain": {"preStopSeconds": 0}}, {"replicas": "two"}, {"tls": {"certificate": "x"}}):
            with self.subTest(values), self.assertRaises(helm_python.HelmError):
                render(values)

    def test_the_plain_manifests_are_what_it_renders(self):
        checked = subprocess.run([sys.executable, os.path.join(HELM, "generate"), "--check"], capture_output=True, text=True,
                                 timeout=SECONDS, check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_every_pod_keeps_to_the_restricted_profile(self):
        for documents in self.each():
            for pod in pods(documents).values():
                whole = pod["spec"]["securityContext"]
                self.assertTrue(whole["runAsNonRoot"])
                self.assertEqual(whole["seccompProfile"], {"type": "RuntimeDefault"})
                self.assertFalse(pod["spec"]["automountServiceAccountToken"])
                self.assertFalse({"hostNetwork", "hostPID", "hostIPC"} & set(pod["spec"]))
                self.assertFalse([volume for volume in pod["spec"]["volumes"] if "hostPath" in volume])
                for container in pod["spec"]["containers"]:
                    own = container["securityContext"]
                    self.assertFalse(own["allowPrivilegeEscalation"])
                    self.assertTrue(own["readOnlyRootFilesystem"])
                    self.assertEqual(own["capabilities"], {"drop": ["ALL"]})
                    self.assertIn("memory", container["resources"]["limits"])
                    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                        self.assertIn(probe, container)

    def test_every_selector_finds_a_pod(self):
        for documents in self.each():
            labels = [pod["metadata"]["labels"] for pod in pods(documents).values()]
            for document in documents:
                spec = document.get("spec", {})
                selector = {"Service": spec.get("selector"), "NetworkPolicy": spec.get("podSelector"),
                            "PodDisruptionBudget": spec.get("selector")}.get(document["kind"])
                if selector:
                    wanted = selector.get("matchLabels", selector)
                    self.assertEqual(sum(wanted.items() <= label.items() for label in labels), 1, document["metadata"])

    def test_scaling_and_monitoring_name_what_there_is(self):
        documents = render(VARIANTS["everything"])
        target = of_kind(documents, "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
        self.assertNotIn("replicas", of_kind(documents, target["kind"], target["name"])["spec"])
        monitor = of_kind(documents, "ServiceMonitor")["spec"]
        services = [document for document in documents if document["kind"] == "Service" and
                    monitor["selector"]["matchLabels"].items() <= document["metadata"]["labels"].items()]
        self.assertEqual(len(services), 1)
        self.assertIn(monitor["endpoints"][0]["port"], [port["name"] for port in services[0]["spec"]["ports"]])
        # The alerts want the job to be called relais.
        self.assertEqual(services[0]["metadata"]["labels"][monitor["jobLabel"]], "relais")

    def test_waits_for_a_pod_longer_than_it_may_drain(self):
        spec = pods(render({"drain": {"delaySeconds": 20, "deadlineSeconds": 100, "preStopSeconds": 7}}))["relais-gateway"]["spec"]
        self.assertGreater(spec["terminationGracePeriodSeconds"], 20 + 100 + 7)

    def test_another_configuration_is_another_pod(self):
        one, other = (pods(render({"config": {"log": {"level": level}}}))["relais-gateway"]["metadata"]["annotations"]
                      for level in ("info", "warning"))
        self.assertNotEqual(one, other)


class Front(unittest.TestCase):
    def test_mounts_the_files_that_its_generator_makes(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([os.path.join(ROOT, ".deps", "edge", "bin", "python"), os.path.join(ROOT, "deploy", "envoy", "generate"),
                            "--values", os.path.join(HELM, "front.yaml"), "--folder", folder], check=True)
            made = {os.path.relpath(os.path.join(where, name), folder) for where, _, names in os.walk(folder) for name in names}
            with open(os.path.join(folder, "envoy.yaml"), encoding="utf-8") as file:
                envoy = yaml.safe_load(file)
        documents = render({})
        spec = pods(documents)["relais-front"]["spec"]
        items = spec["volumes"][0]["configMap"]["items"]
        self.assertEqual({item["path"] for item in items}, made - {"istio.yaml"} | {"protos.binpb"})
        self.assertTrue(all(re.fullmatch(r"[-._a-zA-Z0-9]+", item["key"]) for item in items))
        (gateways,) = [cluster for cluster in envoy["static_resources"]["clusters"] if cluster["name"] == "gateways"]
        address = gateways["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]["socket_address"]
        service = of_kind(documents, "Service", address["address"])
        self.assertEqual(service["spec"]["clusterIP"], "None")
        self.assertIn(address["port_value"], [port["port"] for port in service["spec"]["ports"]])
        listener = envoy["static_resources"]["listeners"][0]["address"]["socket_address"]
        self.assertEqual(listener["port_value"], spec["containers"][0]["ports"][0]["containerPort"])


class Pod(unittest.TestCase):
    """What the manifests start, as a process, with its mounts below a folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def arguments(self, documents):
        """Those of the container, its files put in place."""
        container = pods(documents)["relais-gateway"]["spec"]["containers"][0]
        self.paths = {mount["mountPath"]: self.folder + mount["mountPath"] for mount in container["volumeMounts"]}
        for inside, outside in self.paths.items():
            os.makedirs(os.path.dirname(outside) if inside.endswith(".yaml") else outside, exist_ok=True)
        configuration = of_kind(documents, "ConfigMap", "relais-gateway")["data"]["relais.yaml"]
        if "/etc/relais/tls" in self.paths:
            made = certificate(self.folder, "tls", 3)
            for name, source in (("tls.crt", made[0]), ("tls.key", made[1]), ("ca.crt", made[0])):
                os.symlink(source, os.path.join(self.paths["/etc/relais/tls"], name))
        if "/run/secrets/relais" in self.paths:
            secret = os.path.join(self.paths["/run/secrets/relais"], "erp-demo")
            with open(secret, "w", encoding="utf-8") as file:
                file.write("secret")
            os.chmod(secret, 0o400)
        with open(self.here("/etc/relais/relais.yaml"), "w", encoding="utf-8") as file:
            file.write(self.here(configuration))
        return [self.here(word) for word in container["args"]]

    def here(self, text):
        known = "|".join(sorted(map(re.escape, self.paths), key=len, reverse=True))
        return re.sub(rf"(?<![\w./])(?:{known})(?![\w.])", lambda found: self.paths[found[0]], text)

    def test_serves_and_its_probes_are_answered(self):
        for name, values in VARIANTS.items():
            with self.subTest(name):
                self.folder = os.path.join(self.folder, name.replace(" ", "-"))
                documents = render(values)
                arguments = self.arguments(documents)
                gateway = Gateway(command=[RELAISD, *arguments, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
                                           "--set", "server.drain_delay=0s"])
                try:
                    container = pods(documents)["relais-gateway"]["spec"]["containers"][0]
                    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                        self.assertEqual(get(gateway.admin + container[probe]["httpGet"]["path"]).strip(), "ok")
                    self.assertIn("relais_grpc_open_calls", gateway.metrics())
                finally:
                    gateway.stop()

    def test_listens_where_the_ports_say(self):
        for name, values in VARIANTS.items():
            with self.subTest(name):
                self.folder = os.path.join(self.folder, name.replace(" ", "-"))
                documents = render(values)
                self.arguments(documents)
                checked = subprocess.run([RELAISD, "config", "check", "--config", self.here("/etc/relais/relais.yaml")],
                                         capture_output=True, text=True, check=False)
                self.assertEqual(checked.returncode, 0, checked.stderr)
                configuration = yaml.safe_load(of_kind(documents, "ConfigMap")["data"]["relais.yaml"])
                ports = {port["name"]: port["containerPort"]
                         for port in pods(documents)["relais-gateway"]["spec"]["containers"][0]["ports"]}
                self.assertEqual(configuration["server"]["listen"], f"0.0.0.0:{ports['grpc']}")
                self.assertEqual(configuration["admin"]["listen"], f"0.0.0.0:{ports['admin']}")


if __name__ == "__main__":
    unittest.main()

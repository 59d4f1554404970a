"""The configuration that is shipped: Envoy takes it, and the generator refuses what would be open to everyone."""

import re
import subprocess
import sys

import pytest
import yaml
from mesh.envoy import ENVOY, pack
from mesh.mesh import ROOT

sys.path.insert(0, str(ROOT / "deploy/envoy"))

from generator.listeners import SHARES  # noqa: E402

GENERATE = ROOT / "deploy/envoy/generate"
SHIPPED = "/etc/relais/front"


def validate(folder):
    return subprocess.run([ENVOY, "--mode", "validate", "-c", folder / "envoy.yaml"], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)


def generate(folder, *arguments):
    return subprocess.run([sys.executable, GENERATE, "--folder", folder, *arguments], text=True, capture_output=True, timeout=60, check=False)


def test_envoy_takes_what_is_shipped_and_has_nothing_to_warn_of(tmp_path):
    pack(tmp_path)
    for file in ["envoy.yaml", *(f"secrets/{name}.yaml" for name in ("edge", "front", "callers-ca", "gateways-ca"))]:
        text = (ROOT / "deploy/envoy" / file).read_text()
        (tmp_path / file).write_text(text.replace(SHIPPED, str(tmp_path)))
    done = validate(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "eprecated" not in done.stdout, done.stdout


def test_envoy_refuses_a_key_that_it_does_not_know(tmp_path):
    pack(tmp_path)
    text = (ROOT / "deploy/envoy/envoy.yaml").read_text().replace(SHIPPED, str(tmp_path))
    (tmp_path / "envoy.yaml").write_text(text.replace("stat_prefix: callers", "stat_prefixx: callers", 1))
    assert validate(tmp_path).returncode != 0


def test_what_is_committed_is_what_the_protos_give():
    done = subprocess.run([sys.executable, GENERATE, "--check"], text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["issuer", "audience", "keys"])
def test_tokens_of_just_anybody_are_not_configured(tmp_path, missing):
    tokens = {"issuer": "https://a.example", "audience": "b", "keys": "https://a.example/keys"}
    del tokens[missing]
    (tmp_path / "values.yaml").write_text(yaml.safe_dump({"tokens": tokens}))
    done = generate(tmp_path, "--values", tmp_path / "values.yaml")
    assert done.returncode == 1 and f"tokens.{missing} is required" in done.stderr


@pytest.mark.parametrize(("entry", "why"), [("JobQueueService/NoSuchMethod", "no method is named"), ("Robot*/NoSuch*", "no method is named")])
def test_a_policy_that_names_no_method_is_refused(tmp_path, entry, why):
    policy = yaml.safe_load((ROOT / "deploy/envoy/policy.yaml").read_text())
    policy["roles"]["submitter"]["may"].append(entry)
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(policy))
    done = generate(tmp_path, "--policy", tmp_path / "policy.yaml")
    assert done.returncode == 1 and why in done.stderr


@pytest.mark.parametrize(("address", "like"), [
    ("10.0.0.17", "192.168.250.37"), ("10.0.0.7", "10.0.1.107"), ("2001:db8:1:2a::1", "2001:db8:1:0a:ffff::2"), ("2001:db8:0:0:0:0:0:1", "2001:db8:0:0:1:1:1:1")])
def test_an_address_has_one_share_with_those_that_end_alike(address, like):
    assert [share_of(address)] == [share_of(like)] and len(share_of(address)) == 1


@pytest.mark.parametrize(("address", "unlike"), [
    ("10.0.0.17", "10.0.0.18"), ("10.0.0.17", "10.0.0.27"), ("127.0.0.1", "127.0.0.2"), ("2001:db8:1:2a::1", "2001:db8:1:3a::1")])
def test_addresses_that_end_differently_share_nothing(address, unlike):
    assert share_of(address) != share_of(unlike)


def share_of(address):
    return [name for name, pattern in SHARES.items() if re.fullmatch(pattern, address)]


def test_only_health_can_be_open_to_everyone(tmp_path):
    policy = yaml.safe_load((ROOT / "deploy/envoy/policy.yaml").read_text())
    policy["everyone"].append("relais.recordsql.v1.RecordSqlService/ListErps")
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(policy))
    assert "everyone may be given only" in generate(tmp_path, "--policy", tmp_path / "policy.yaml").stderr

"""Who gets through the front, as whom, and who may call what."""

import time

import grpc
import pytest
import yaml
from mesh.calls import CAMPAIGNS, EXPORTS, QUEUES, RECORDS, ROBOTS, call, code, error_info, failure
from mesh.certificates import Authority
from mesh.mesh import CALLER, ROOT
from relais.recordsql.v1 import recordsql_pb2

LIST = f"{RECORDS}/ListErps"
NOWHERE = recordsql_pb2.GetErpRequest(name="erps/nowhere")
HOUR = 3600

WRONG_TOKENS = {
    "of another issuer": {"iss": "https://other.example"},
    "without an issuer": {"without": ["iss"]},
    "expired": {"exp": int(time.time()) - HOUR},
    "without an end": {"without": ["exp"]},
    "not yet valid": {"nbf": int(time.time()) + HOUR},
    "signed by another key": {"key": "foreign"},
    "not signed at all": {"key": "none"},
}
FOREIGN_AUDIENCES = {"for another audience": {"aud": "other"}, "without an audience": {"without": ["aud"]}}

# Method -> who may call it.
MAY = {
    f"{RECORDS}/ListErps": {"reader", "submitter", "administrator"},
    f"{RECORDS}/GetSession": {"administrator"},
    f"{RECORDS}/ClearCache": {"administrator"},
    f"{QUEUES}/GetJob": {"reader", "submitter", "administrator"},
    f"{QUEUES}/CreateJob": {"submitter", "administrator"},
    f"{QUEUES}/CancelJob": {"submitter", "administrator"},
    f"{QUEUES}/DeleteJob": {"administrator"},
    f"{ROBOTS}/ListRobots": {"reader", "submitter", "administrator"},
    f"{ROBOTS}/StartJobs": {"submitter", "administrator"},
    f"{ROBOTS}/UpdateUnattendedCredentials": {"administrator"},
    f"{CAMPAIGNS}/LaunchCampaign": {"submitter", "administrator"},
    f"{CAMPAIGNS}/DeleteCampaign": {"administrator"},
    f"{EXPORTS}/RunExport": {"submitter", "administrator"},
    f"{EXPORTS}/CreateExport": {"administrator"},
    "grpc.reflection.v1.ServerReflection/ServerReflectionInfo": set(),
    "relais.recordsql.v1.RecordSqlService/NoSuchMethod": set(),
}
ROLES = ("reader", "submitter", "administrator")
CERTIFICATES = {"reader": "dashboard", "submitter": "nightly-import", "administrator": "operations"}


@pytest.mark.parametrize("key", ["rsa", "ec"])
def test_a_token_of_the_issuer_lets_in(mesh, key):
    with mesh.channel(mesh.token("reader", key=key)) as channel:
        assert code(channel, LIST) == "OK"


@pytest.mark.parametrize("what", WRONG_TOKENS)
def test_a_token_is_refused_that_is(mesh, what):
    with mesh.channel(mesh.token("administrator", **WRONG_TOKENS[what])) as channel:
        assert code(channel, LIST) == "UNAUTHENTICATED"


@pytest.mark.parametrize("what", FOREIGN_AUDIENCES)
def test_a_token_of_the_issuer_is_refused_that_is(mesh, what):
    with mesh.channel(mesh.token("administrator", **FOREIGN_AUDIENCES[what])) as channel:
        assert code(channel, LIST) == "PERMISSION_DENIED"


def test_a_wrong_token_is_not_saved_by_a_right_certificate(mesh):
    with mesh.channel(mesh.token("administrator", key="foreign"), mesh.caller("operations")) as channel:
        assert code(channel, LIST) == "UNAUTHENTICATED"


def test_who_shows_nothing_is_not_known(mesh):
    with mesh.channel() as channel:
        assert code(channel, LIST) == "UNAUTHENTICATED"
    assert mesh.request("GET", "/v1/erps", role=None)[0] in (401, 404)


def test_a_certificate_of_another_authority_does_not_get_as_far_as_a_call(mesh):
    stranger = Authority("strangers").issue("operations", uris=[CALLER + "operations"])
    with mesh.channel(pair=stranger) as channel:
        assert code(channel, LIST) == "UNAVAILABLE"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("by", ["token", "certificate"])
def test_a_role_may_call_what_the_policy_says_and_nothing_else(mesh, role, by):
    token = mesh.token(role) if by == "token" else None
    pair = mesh.caller(CERTIFICATES[role]) if by == "certificate" else None
    with mesh.channel(token, pair) as channel:
        refused = {method for method in MAY if code(channel, method) == "PERMISSION_DENIED"}
    assert refused == {method for method, roles in MAY.items() if role not in roles}


def test_a_token_without_a_role_may_nothing_and_one_with_two_what_either_may(mesh):
    with mesh.channel(mesh.token()) as channel:
        assert {code(channel, method) for method in MAY} == {"PERMISSION_DENIED"}
    with mesh.channel(mesh.token("reader", "submitter")) as channel:
        assert code(channel, f"{QUEUES}/CreateJob") == "INVALID_ARGUMENT"


def test_health_is_told_to_everyone(mesh):
    with mesh.channel() as channel:
        assert call(channel, "grpc.health.v1.Health/Check") == b"\x08\x01"


SPOOFED = [("x-relais-caller", "root"), ("x-forwarded-client-cert", "URI=spiffe://relais/caller/root"),
           ("x-envoy-original-path", "/"), ("x-forwarded-for", "192.0.2.1")]


@pytest.mark.parametrize("by", ["token", "certificate"])
def test_the_gateway_learns_the_name_that_was_proved_and_no_other(mesh, by):
    token = mesh.token("reader", sub="alice") if by == "token" else None
    pair = mesh.caller("dashboard") if by == "certificate" else None
    with mesh.channel(token, pair) as channel:
        error = failure(channel, f"{RECORDS}/GetErp", NOWHERE, [*SPOOFED, ("x-request-id", f"spoofed-{by}")])
    assert error.code() is grpc.StatusCode.NOT_FOUND
    name = "alice" if by == "token" else CALLER + "dashboard"
    assert error_info(error).metadata["caller"] == name
    line = mesh.logged(f'"callId":"spoofed-{by}"')
    assert f'"caller":"{name}"' in line
    assert "root" not in line


def test_the_token_stays_with_the_front(mesh):
    # A gateway with a header of 16 KiB at most would refuse a token of that size; the front takes 8.
    token = mesh.token("reader", padding="x" * 5000)
    with mesh.channel(token) as channel:
        assert code(channel, LIST) == "OK"
    for log in [mesh.front.log, *(gateway.log for gateway in mesh.gateways)]:
        assert token.split(".")[2] not in log.read_text(errors="replace")


def test_only_the_front_is_let_in_by_the_gateway(mesh):
    gateway = f"127.0.0.1:{mesh.gateways[0].port}"

    def answer(pair):
        key, chain = (pair[1], pair[0]) if pair else (None, None)
        credentials = grpc.ssl_channel_credentials(mesh.inside.pem, key, chain)
        options = [("grpc.ssl_target_name_override", "relais-gateway"), ("grpc.use_local_subchannel_pool", 1)]
        with grpc.secure_channel(gateway, credentials, options) as channel:
            return code(channel, LIST)

    assert answer(mesh.inside.issue("front", dns=["relais-front"])) == "OK"
    assert answer(mesh.inside.issue("other", dns=["relais-other"])) == "PERMISSION_DENIED"
    assert answer(mesh.callers.issue("front", dns=["relais-front"])) == "UNAVAILABLE"
    assert answer(None) == "UNAVAILABLE"


def test_istio_is_given_the_same_policy():
    front = yaml.safe_load((ROOT / "deploy/envoy/envoy.yaml").read_text())
    manager = front["static_resources"]["listeners"][1]["filter_chains"][0]["filters"][1]["typed_config"]
    rules = next(one for one in manager["http_filters"] if one["name"] == "may")["typed_config"]["rules"]["policies"]
    policy = list(yaml.safe_load_all((ROOT / "deploy/envoy/istio.yaml").read_text()))[1]["spec"]["rules"]
    for role in ROLES:
        paths = [rule["url_path"]["path"]["exact"] for rule in rules[role]["permissions"]]
        by_claim = [rule for rule in policy if any(when["values"] == [role] for when in rule.get("when", []))]
        by_name = [rule for rule in policy if [f"relais/caller/{CERTIFICATES[role]}"] in
                   [source["source"].get("principals") for source in rule.get("from", [])]]
        assert [rule["to"][0]["operation"]["paths"] for rule in by_claim + by_name] == [paths, paths]

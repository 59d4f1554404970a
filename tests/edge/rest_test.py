"""REST: every method has its URL, errors are google.rpc.Status, streams are lines, files are files."""

import hashlib
import json
import subprocess
import time

import pytest
from harness.waiting import eventually
from mesh.calls import RECORDS, call
from mesh.description import OPERATIONS
from mesh.mesh import ROOT
from relais.jobqueue.v1 import jobqueue_pb2
from relais.recordsql.v1 import recordsql_pb2

JSON = {"content-type": "application/json"}
ROWS = "/v1/erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"


def get(mesh, path, **more):
    status, headers, body = mesh.request("GET", path, **more)
    return status, headers, json.loads(body)


def post(mesh, path, content, **more):
    status, headers, body = mesh.request("POST", path, json.dumps(content), JSON, **more)
    return status, headers, json.loads(body)


def reason(status):
    """The reason of a google.rpc.Status, which it must be."""
    assert set(status) <= {"code", "message", "details"} and isinstance(status["code"], int), status
    return next(detail["reason"] for detail in status["details"] if detail["@type"].endswith("google.rpc.ErrorInfo"))


def test_every_method_has_a_url_that_leads_to_it(mesh):
    methods = {f"{method['service']}_{method['name']}" for method in methods_of_protos()}
    assert set(OPERATIONS) == methods
    wrong = []
    for verb, path, operation in OPERATIONS.values():
        url = path
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                url = url.replace(f"{{{parameter['name']}}}", "nowhere")
        connection = mesh.http()
        try:
            body = "[{}]" if operation.get("x-relais-stream") == "request" else "{}"
            connection.request(verb, url, body if "requestBody" in operation else None,
                               {**JSON, "authorization": f"Bearer {mesh.token('administrator')}", "x-request-id": operation["operationId"]})
            reply = connection.getresponse()
            if reply.status == 200:
                reply.close()
            elif "relais-front" in reply.read().decode(errors="replace"):
                wrong.append((verb, url, reply.status))
        finally:
            connection.close()
    assert wrong == []

    def all_called():
        called = {line["requestId"]: line["called"] for line in mesh.front.lines()}
        return all(called.get(name, "").endswith("/".join(name.split("_"))) for name in methods)

    eventually(all_called, "every method is in the front's log", 20)


def methods_of_protos():
    done = subprocess.run([ROOT / ".deps/bin/buf", "build", "protos", "--as-file-descriptor-set", "--exclude-source-info", "-o", "-#format=json"],
                          cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return [{"service": service["name"], "name": method["name"]} for file in json.loads(done.stdout)["file"]
            for service in file.get("service", []) for method in service["method"]]


def test_names_parameters_and_bodies_are_those_of_the_methods(mesh):
    assert get(mesh, "/v1/erps")[2]["erps"][0]["name"] == "erps/sandbox"
    assert get(mesh, "/v1/queues/sandbox/jobs?pageSize=1")[0] == 200
    for space in ("%20", "+"):
        found = get(mesh, f"/v1/orchestrators/sandbox/folders/Shared/robots?filter=type{space}%3D{space}DEVELOPMENT")[2]
        assert found["robots"][0]["type"] == "TYPE_DEVELOPMENT"
    status, _, answer = post(mesh, ROWS + ":query", {"query": {"where": {"name": "Like_Cpostal", "parameters": {
        "cpostal": {"stringValue": "01%"}}}}, "pageSize": 2})
    assert status == 200 and len(answer["rows"]) == 2


@pytest.mark.parametrize(("path", "http", "code", "why"), [
    ("/v1/erps/nowhere", 404, 5, "CONNECTION_NOT_FOUND"),
    ("/v1/erps?pageSize=-1", 400, 3, "INVALID_REQUEST"),
    ("/v1/queues/sandbox/jobs/no-such-job", 400, 3, "INVALID_REQUEST"),
    ("/v1/queues/sandbox/jobs/00000000-0000-0000-0000-000000000000", 404, 5, "RESOURCE_NOT_FOUND"),
])
def test_an_error_of_the_gateway_has_its_code_and_its_details(mesh, path, http, code, why):
    status, headers, answer = get(mesh, path)
    assert (status, answer["code"], reason(answer)) == (http, code, why), answer
    assert headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(("verb", "path", "http", "code"), [
    ("GET", "/v1/nothing", 404, 5),
    ("GET", "/", 404, 5),
    ("GET", "/v1/queues/sandbox/jobs:nothing", 404, 5),
    ("PUT", "/v1/erps", 405, 12),
    ("GET", "/v1/erps?nothing=1", 400, 3),
    ("GET", "/v1/erps?pageSize=many", 400, 3),
    ("GET", "/v1/erps/%FF", 400, 3),
    ("GET", "/v1/erps/%C0%AF", 400, 3),
    ("GET", "/v1/erps?pageToken=%ED%A0%80", 400, 3),
    ("POST", ROWS + ":query", 400, 3),
])
def test_an_error_of_the_front_has_the_same_form(mesh, verb, path, http, code):
    status, headers, body = mesh.request(verb, path, "{" if verb == "POST" else None, JSON if verb == "POST" else {})
    answer = json.loads(body)
    assert (status, answer["code"], headers["content-type"]) == (http, code, "application/json"), body
    assert reason(answer) == f"FRONT_{http}" and answer["details"][0]["metadata"]["requestId"] == headers["x-request-id"]


@pytest.mark.parametrize(("verb", "path", "allowed"), [
    ("PUT", "/v1/erps", "GET"), ("POST", "/v1/erps?pageSize=1", "GET"), ("OPTIONS", "/v1/erps", "GET"), ("HEAD", "/v1/erps", "GET"),
    ("PUT", "/v1/queues/sandbox/jobs", "GET, POST"), ("POST", "/v1/queues/sandbox/jobs/a%2Fb%3Ac", "DELETE, GET, PATCH"),
    ("GET", "/v1/queues/sandbox/jobs:batchDelete", "POST")])
def test_a_verb_that_a_url_does_not_have_is_405_with_those_it_has(mesh, verb, path, allowed):
    status, headers, _ = mesh.request(verb, path)
    assert (status, headers["allow"]) == (405, allowed)


def test_who_may_not_call_is_told_so_in_the_same_form(mesh):
    assert [(status, answer["code"], reason(answer)) for status, _, answer in (
        get(mesh, "/v1/erps", role=None), get(mesh, "/v1/erps/sandbox/session", role="reader"))] == [
            (401, 16, "FRONT_401"), (403, 7, "FRONT_403")]
    status, _, body = mesh.request("GET", "/v1/erps", headers={"authorization": "Bearer nonsense"}, role=None)
    assert (status, json.loads(body)["code"]) == (401, 16)


def test_a_header_that_is_too_long_ends_no_other_call(mesh):
    with mesh.channel(mesh.token("reader")) as channel:
        watch = channel.unary_stream("/relais.jobqueue.v1.JobQueueService/WatchJobs")(
            jobqueue_pb2.WatchJobsRequest(parent="queues/sandbox").SerializeToString(), timeout=30)
        next(watch)
        status, _, body = mesh.request("GET", "/v1/erps", headers={"x-long": "x" * 17_000})
        assert (status, json.loads(body)["code"]) == (431, 8)
        for _ in range(3):
            next(watch)
        watch.cancel()


# --- streams ---

def test_rows_come_as_lines_and_the_last_one_says_that_it_is_the_last(mesh):
    status, headers, body = mesh.request("POST", ROWS + ":stream", "{}", JSON)
    assert status == 200 and headers["content-type"].startswith("application/json")
    lines = [json.loads(line) for line in body.decode().splitlines()]
    assert [line.get("endOfStream", False) for line in lines] == [False] * (len(lines) - 1) + [True]
    with mesh.channel(mesh.token("reader")) as channel:
        query = recordsql_pb2.QueryRecordsRequest(page_size=1000, query={"record_sql": ROWS[len("/v1/"):]})
        rows = recordsql_pb2.QueryRecordsResponse.FromString(call(channel, f"{RECORDS}/QueryRecords", query)).rows
    assert sum(len(line.get("rows", [])) for line in lines) == len(rows) > 0


@pytest.mark.parametrize("close", [{}, {"connection": "close"}], ids=["kept", "closed"])
def test_a_fast_stream_of_many_rows_is_not_cut(mesh, close):
    status, _, body = mesh.request("POST", "/v1/erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/Mouvement:stream",
                                   json.dumps({"skip": 200_000}), {**JSON, **close})
    lines = body.decode().splitlines()
    assert status == 200 and json.loads(lines[-1])["endOfStream"]
    assert sum(len(json.loads(line).get("rows", [])) for line in lines) == 100_000


def test_a_caller_who_wants_one_answer_and_the_end_gets_both(mesh):
    for _ in range(10):
        assert mesh.request("GET", "/v1/erps", headers={"connection": "close"})[0] == 200


def test_a_watch_tells_at_once_and_lives(mesh):
    connection = mesh.http()
    try:
        connection.request("GET", "/v1/orchestrators/sandbox/folders/Shared/robots:watch", headers={"authorization": f"Bearer {mesh.token('reader')}"})
        reply = connection.getresponse()
        began = time.monotonic()
        told = [json.loads(reply.readline()) for _ in range(3)]
        assert any(message.get("snapshotComplete") for message in told) and time.monotonic() - began < 10
    finally:
        connection.close()


# --- files ---

def test_a_file_goes_up_as_it_is_and_comes_down_with_its_name(mesh):
    content = b"Number,Build,Speed\n" + b"1,steel-1,36.7\n" * 50_000
    digest = hashlib.sha256(content).hexdigest()
    status, _, body = mesh.request("POST", f"/v1/queues/sandbox/inputFiles:uploadContent?fileName=steels.csv&sha256={digest}", content,
                                   {"content-type": "text/csv"}, role="submitter")
    data = json.loads(body)
    assert (status, int(data["sizeBytes"])) == (200, len(content)), body
    template = b"<Template><General><FullName><Item>Build</Item></FullName></General></Template>\n"
    _, _, body = mesh.request("POST", f"/v1/queues/sandbox/inputFiles:uploadContent?fileName=template.xml&sizeBytes={len(template)}", template,
                              {"content-type": "application/xml"}, role="submitter")
    status, _, job = post(mesh, "/v1/queues/sandbox/jobs?requestId=rest-job", {"displayName": "Steels", "textImport": {
        "template": {"inputFile": json.loads(body)["name"]}, "data": [{"inputFile": data["name"]}]}}, role="submitter")
    assert status == 200, job
    connection = mesh.http(timeout=120)
    try:
        connection.request("GET", f"/v1/{job['name']}:watch", headers={"authorization": f"Bearer {mesh.token('reader')}"})
        reply = connection.getresponse()
        while not json.loads(reply.readline()).get("job", {}).get("ended"):
            pass
    finally:
        connection.close()
    files = get(mesh, f"/v1/{job['name']}/outputFiles")[2]["outputFiles"]
    status, headers, body = mesh.request("GET", f"/v1/{files[0]['name']}:content", role="reader")
    assert status == 200 and body and files[0]["fileName"] in headers["content-disposition"]
    assert int(headers.get("x-relais-size-bytes", len(body))) == len(body)


def test_a_file_that_does_not_come_whole_is_refused(mesh):
    status, _, body = mesh.request("POST", "/v1/queues/sandbox/inputFiles:uploadContent?fileName=a.csv&sizeBytes=10", b"short", {"content-type": "text/csv"})
    assert status == 400 and reason(json.loads(body)) in ("INVALID_REQUEST", "CHECKSUM_MISMATCH"), body


# --- description ---

def test_the_front_serves_its_description_and_a_page_to_everyone(mesh):
    status, headers, body = mesh.request("GET", "/openapi.yaml", role=None)
    assert (status, headers["content-type"]) == (200, "application/yaml") and body == (ROOT / "deploy/openapi/openapi.yaml").read_bytes()
    status, headers, _ = mesh.request("GET", "/reference", role=None)
    assert status == 200 and headers["content-type"].startswith("text/html") and "default-src 'none'" in headers["content-security-policy"]


def test_the_description_is_sound():
    done = subprocess.run([ROOT / ".deps/web/node_modules/.bin/redocly", "lint", "--extends=recommended-strict", "--format=summary",
                           ROOT / "deploy/openapi/openapi.yaml"], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env={"PATH": "/usr/local/bin:/usr/bin:/bin", "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"})
    assert done.returncode == 0, done.stdout

"""Which gateway a call goes to, and what is tried again at another."""

import re

from harness.waiting import eventually
from mesh.calls import QUEUES, RECORDS, ROBOTS, call, code
from relais.jobqueue.v1 import jobqueue_pb2
from relais.recordsql.v1 import recordsql_pb2
from relais.robot.v1 import robot_pb2

IDS = 12
TIMES = 4


def takers(mesh, pattern, count):
    """Gateway number -> the call ids that fit and that it has logged, which it does a moment later; together `count`."""
    def taken():
        found = [set(re.findall(rf'"callId":"({pattern})"', gateway.log.read_text())) for gateway in mesh.gateways]
        return found if sum(map(len, found)) >= count else None

    found = eventually(taken, f"{count} calls {pattern} are logged", 20)
    assert sum(map(len, found)) == count
    return found


def all_of_each_together(first, second, groups):
    for group in groups:
        mine = {name for name in first | second if name.startswith(f"{group}-")}
        assert mine <= first or mine <= second, f"{group}: both gateways have it"
    assert first and second, "one gateway has all"


def test_equal_request_ids_reach_one_gateway(mesh):
    groups = [f"same-{number}" for number in range(IDS)]
    with mesh.channel(mesh.token("administrator")) as channel:
        for request_id in groups:
            request = robot_pb2.StartJobsRequest(process="orchestrators/nowhere/folders/1/processes/1", request_id=request_id)
            for turn in range(TIMES):
                code(channel, f"{ROBOTS}/StartJobs", request, [("x-request-id", f"{request_id}-{turn}")])
    all_of_each_together(*takers(mesh, r"same-\d+-\w+", IDS * TIMES), groups)


def test_the_uploads_of_a_caller_reach_one_gateway(mesh):
    callers = {f"from-{number}": {"token": mesh.token("administrator", sub=f"caller-{number}")} for number in range(IDS)}
    callers["from-operations"] = {"pair": mesh.caller("operations")}
    start = jobqueue_pb2.SubmitJobRequest(start={"parent": "queues/nowhere", "request_id": "upload"}).SerializeToString()
    for name, caller in callers.items():
        with mesh.channel(**caller) as channel:
            submit = channel.stream_unary(f"/{QUEUES}/SubmitJob")
            for turn in range(TIMES):
                submit.future(iter([start]), metadata=[("x-request-id", f"{name}-{turn}")], timeout=20).exception()
    all_of_each_together(*takers(mesh, r"from-\w+-\d+", len(callers) * TIMES), callers)


def test_calls_without_a_request_id_go_to_both(mesh):
    with mesh.channel(mesh.token("reader")) as channel:
        for number in range(40):
            call(channel, f"{RECORDS}/ListErps", metadata=[("x-request-id", f"any-{number}")])
    first, second = takers(mesh, r"any-\d+", 40)
    assert first and second


def test_an_upstream_that_is_down_takes_no_gateway_away_and_is_not_asked_again_by_the_front(mesh):
    mesh.sandbox.request("POST", "/sandbox/faults", {"faults": [{"operation": "execute", "status": 503, "count": 1000}]})
    try:
        query = recordsql_pb2.QueryRecordsRequest(page_size=1, query={
            "record_sql": "erps/sandbox/dictionaries/gtrstab.dhoq/recordSqls/CODEPOSTAL"})
        with mesh.channel(mesh.token("reader")) as channel:
            codes = {code(channel, f"{RECORDS}/QueryRecords", query, [("x-request-id", f"down-{number}")]) for number in range(6)}
        assert codes == {"UNAVAILABLE"}
        assert mesh.front.stat("cluster.gateways.membership_healthy") == 2
        assert mesh.front.stat("cluster.gateways.upstream_rq_retry") == 0
        takers(mesh, r"down-\d+", 6)
    finally:
        mesh.sandbox.request("DELETE", "/sandbox/faults")

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


def test_equal_request_ids_reach_one_gateway_whatever_the_shape_of_the_call(mesh):
    with mesh.channel(mesh.token("administrator")) as channel:
        submit = channel.stream_unary(f"/{QUEUES}/SubmitJob")
        for number in range(IDS):
            request_id = f"id-{number}"
            unary = robot_pb2.StartJobsRequest(process="orchestrators/nowhere/folders/1/processes/1", request_id=request_id)
            start = jobqueue_pb2.SubmitJobRequest(start={"parent": "queues/nowhere", "request_id": request_id}).SerializeToString()
            for turn in range(TIMES):
                code(channel, f"{ROBOTS}/StartJobs", unary, [("x-request-id", f"same-{number}-unary{turn}")])
                submit.future(iter([start]), metadata=[("x-request-id", f"same-{number}-stream{turn}")], timeout=20).exception()
    first, second = takers(mesh, r"same-\d+-\w+", IDS * TIMES * 2)
    for number in range(IDS):
        mine = {name for name in first | second if name.startswith(f"same-{number}-")}
        assert mine <= first or mine <= second, f"{number}: both gateways have it"
    assert first and second, "one gateway has all"


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

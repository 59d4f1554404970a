"""Calls of every shape through the front: gRPC, and gRPC-Web as a page in a browser sends it."""

import base64
import struct
import time

import grpc
import http2
import pytest
import relais
from mesh.calls import QUEUES, RECORDS, call, code, error_info, failure
from mesh.mesh import ORIGIN
from relais.jobqueue.v1 import jobqueue_pb2
from relais.recordsql.v1 import recordsql_pb2

STEELS = jobqueue_pb2.JobDefinition(display_name="Steels", text_import=jobqueue_pb2.TextImport(
    template=jobqueue_pb2.JobFile(path="template.xml"), data=[jobqueue_pb2.JobFile(path="steels.csv")]))
TEMPLATE = b"<Template><General><FullName><Item>Build</Item></FullName></General></Template>\n"
MOVEMENTS = "erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/Mouvement"


@pytest.fixture
def client(mesh):
    with relais.connect(mesh.target, tls=relais.Tls(roots=mesh.callers.pem), token=mesh.token("administrator")) as made:
        yield made


def test_a_unary_call_and_its_error_with_details(mesh, client):
    assert [erp.name for erp in client.list(client.recordsql.ListErps, recordsql_pb2.ListErpsRequest())] == ["erps/sandbox"]
    with pytest.raises(relais.RelaisError) as caught:
        client.recordsql.GetErp(recordsql_pb2.GetErpRequest(name="erps/nowhere"))
    assert caught.value.reason is relais.Reason.CONNECTION_NOT_FOUND


def test_rows_all_of_them_and_once(client):
    query = recordsql_pb2.Query(record_sql=MOVEMENTS)
    request = recordsql_pb2.StreamRecordsRequest(query=query, keyset_field="MOUV.MOUV_ID")
    with client.recordsql.rows(request) as rows:
        assert sum(1 for _ in rows) == 300_000


def test_files_up_a_job_and_its_files_down(client, tmp_path):
    rows = b"".join(b"%d,steel-%d,%s\n" % (number, number, b"7" * 1000) for number in range(3000))  # larger than any window
    job = client.jobqueue.submit("queues/sandbox", STEELS, {"template.xml": TEMPLATE, "steels.csv": b"Number,Build,Speed\n" + rows})
    job = client.jobqueue.wait(job.name, timeout=60)
    saved = client.jobqueue.download_all(job.name, tmp_path)
    assert job.succeeded and job.import_summary.created_record_count + job.import_summary.updated_record_count == 3000
    assert saved and all((tmp_path / one.path).stat().st_size == one.bytes for one in saved)


def test_an_upload_arrives_whole_wherever_its_messages_are_cut(mesh):
    """Some clients send several messages in a frame, which can end anywhere."""
    files = ({"file": {"path": "template.xml"}}, {"chunk": TEMPLATE}, {"end": {}}, {"file": {"path": "steels.csv"}}, {"chunk": b"Number,Build,Speed\n"}, {"end": {}})
    parts = ({"start": {"parent": "queues/sandbox", "definition": STEELS, "request_id": "cut"}}, *files)
    first, *others = (http2.message(jobqueue_pb2.SubmitJobRequest(**part).SerializeToString()) for part in parts)
    content = b"".join((first, *others))
    target = http2.Target(f"127.0.0.1:{mesh.front.port}", mesh.context(mesh.caller("operations")))
    with http2.Connection(target) as connection:
        for cut in (3, len(first) - 1, len(first), len(first) + 3, len(first) + 9, len(content) - 1, len(content)):
            stream = connection.new_stream()
            connection.send(http2.header_frames(stream, http2.call_headers(f"{QUEUES}/SubmitJob"))
                            + http2.frame(http2.DATA, 0, stream, content[:cut])
                            + http2.frame(http2.DATA, http2.END_STREAM, stream, content[cut:]))
            assert connection.await_reply(stream), f"cut after {cut} of {len(content)} bytes"


def test_a_watch_lives_on_heartbeats_and_tells_what_changes(mesh, client):
    with mesh.channel(mesh.token("reader")) as channel:
        watch = channel.unary_stream(f"/{QUEUES}/WatchJobs")(
            jobqueue_pb2.WatchJobsRequest(parent="queues/sandbox").SerializeToString(), timeout=20)
        told = [jobqueue_pb2.WatchJobsResponse.FromString(next(watch)) for _ in range(4)]
        assert not told[-1].jobs and not told[-2].jobs
        watch.cancel()
    with client.jobqueue.watch("queues/sandbox") as changes:
        told = iter(changes)
        while not next(told).complete:
            pass
        job = client.jobqueue.submit("queues/sandbox", STEELS, {"template.xml": TEMPLATE, "steels.csv": b"Number,Build,Speed\n"})
        assert job.name in [one.name for one in next(told).changed]


def test_a_compressed_request_is_refused_before_it_grows(mesh):
    with mesh.channel(mesh.token("administrator")) as channel:
        bomb = recordsql_pb2.GetErpRequest(name="x" * 1_000_000).SerializeToString()
        stub = channel.unary_unary(f"/{RECORDS}/GetErp")
        with pytest.raises(grpc.RpcError) as caught:
            stub(bomb, compression=grpc.Compression.Gzip, timeout=20)
        assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
        assert error_info(failure(channel, f"{RECORDS}/GetErp", bomb)).reason


@pytest.mark.parametrize("request_id", ["edge-4711", "01890a5d-ac96-774b-bcce-b302099a8057"])
def test_a_request_id_goes_there_and_comes_back(mesh, request_id):
    status, headers, _ = mesh.request("POST", f"/{RECORDS}/ListErps", frame(b""), {**WEB, "x-request-id": request_id})
    assert (status, headers["x-request-id"]) == (200, request_id)
    assert mesh.logged(f'"callId":"{request_id}"')


# --- gRPC-Web ---

WEB = {"content-type": "application/grpc-web+proto", "x-grpc-web": "1", "origin": ORIGIN}


def frame(message):
    return b"\0" + struct.pack(">I", len(message)) + message


def frames(body):
    """Messages and trailers of an answer."""
    messages, trailers = [], {}
    while body:
        kind, size = body[0], struct.unpack(">I", body[1:5])[0]
        part, body = body[5:5 + size], body[5 + size:]
        if kind & 0x80:
            trailers = dict(line.split(":", 1) for line in part.decode().strip().split("\r\n"))
        else:
            messages.append(part)
    return messages, trailers


def test_a_page_of_the_right_origin_is_answered(mesh):
    status, headers, body = mesh.request("POST", f"/{RECORDS}/ListErps", frame(b""), WEB)
    messages, trailers = frames(body)
    assert status == 200 and headers["access-control-allow-origin"] == ORIGIN
    assert recordsql_pb2.ListErpsResponse.FromString(messages[0]).erps[0].name == "erps/sandbox"
    assert trailers["grpc-status"] == "0"


def test_a_page_sees_why_a_call_failed(mesh):
    request = recordsql_pb2.GetErpRequest(name="erps/nowhere").SerializeToString()
    _, headers, body = mesh.request("POST", f"/{RECORDS}/GetErp", frame(request), WEB)
    told = {**headers, **frames(body)[1]}
    assert told["grpc-status"] == "5" and "grpc-status-details-bin" in told
    exposed = headers["access-control-expose-headers"]
    assert all(name in exposed for name in ("grpc-status", "grpc-message", "grpc-status-details-bin"))


def test_a_page_may_have_base64(mesh):
    kind = "application/grpc-web-text"
    _, headers, body = mesh.request("POST", f"/{RECORDS}/ListErps", base64.b64encode(frame(b"")), {**WEB, "content-type": kind, "accept": kind})
    assert headers["content-type"].startswith(kind)
    assert recordsql_pb2.ListErpsResponse.FromString(frames(base64.b64decode(body[:len(body) // 4 * 4]))[0][0]).erps


@pytest.mark.parametrize(("origin", "allowed"), [(ORIGIN, True), ("https://elsewhere.example", False)])
def test_a_browser_asks_before_it_calls_and_needs_no_token_for_that(mesh, origin, allowed):
    asked = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type,x-grpc-web,authorization"}
    _, headers, _ = mesh.request("OPTIONS", f"/{RECORDS}/ListErps", headers=asked, role=None)
    assert (headers.get("access-control-allow-origin") == origin) == allowed


def test_a_page_watches_and_is_told_at_once(mesh):
    request = jobqueue_pb2.WatchJobsRequest(parent="queues/sandbox").SerializeToString()
    connection = mesh.http()
    try:
        connection.request("POST", f"/{QUEUES}/WatchJobs", frame(request), {**WEB, "authorization": f"Bearer {mesh.token('reader')}"})
        reply = connection.getresponse()
        began = time.monotonic()
        head = reply.read(5)
        assert jobqueue_pb2.WatchJobsResponse.FromString(reply.read(struct.unpack(">I", head[1:])[0])) is not None
        assert time.monotonic() - began < 5
    finally:
        connection.close()


# --- silence ---

def test_a_deadline_of_the_caller_ends_a_call_through_the_front(mesh):
    with mesh.channel(mesh.token("reader")) as channel:
        watch = channel.unary_stream(f"/{QUEUES}/WatchJobs")(
            jobqueue_pb2.WatchJobsRequest(parent="queues/sandbox").SerializeToString(), timeout=1)
        with pytest.raises(grpc.RpcError) as caught:
            for _ in watch:
                pass
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_many_watches_at_once_are_no_overflow(mesh):
    request = jobqueue_pb2.WatchJobsRequest(parent="queues/sandbox").SerializeToString()
    channels = [mesh.channel(mesh.token("reader")) for _ in range(13)]
    try:
        watches = [channel.unary_stream(f"/{QUEUES}/WatchJobs")(request, timeout=30) for channel in channels for _ in range(90)]
        assert all(next(watch) for watch in watches)
        for watch in watches:
            watch.cancel()
    finally:
        for channel in channels:
            channel.close()

"""What scenarios cannot reach."""

import asyncio
import pickle
import time

import grpc
import pytest
import relais
from relais import _files, _types
from relais.jobqueue.v1 import ListQueuesRequest
from relais.jobqueue.v1.jobqueue_pb2_grpc import JobQueueServiceStub
from relais.recordsql.v1 import Query, StreamRecordsRequest

MOVEMENTS = Query(record_sql="erps/sandbox/dictionaries/gtrsmou.dhoq/recordSqls/Mouvement")


@pytest.mark.parametrize("target", ["localhost:1", "127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "dns:///localhost:1", "ipv4:127.0.0.1:1",
                                    "unix:/run/relais"])
def test_this_machine_is_plain_text_and_takes_a_token(target):
    assert _types.credentials(target, None, False, True) is None


@pytest.mark.parametrize("target", ["relais.example:443", "127.0.0.1.example:443", "localhost.example:443", "10.0.0.1:443",
                                    "dns:///relais.example:443"])
def test_other_machines_are_tls(target):
    assert isinstance(_types.credentials(target, None, False, True), grpc.ChannelCredentials)
    assert _types.credentials(target, None, True, False) is None
    with pytest.raises(ValueError, match="plain text"):
        _types.credentials(target, None, True, True)


@pytest.mark.parametrize("name, safe", [
    ("..\\..\\x", "x"), ("/etc/passwd", "passwd"), ("con.txt", "con_.txt"), ("CONtract", "CONtract"), ("COM1", "COM1_"),
    ("a\x00b?.txt", "a_b_.txt"), ("dots. .", "dots"), ("..", "file"), ("a/", "file")])
def test_names_of_files_are_safe(name, safe):
    assert _files.safe_names([name]) == [safe]


def test_names_of_files_are_different_where_case_does_not_count():
    assert _files.safe_names(["a.txt", "x/A.TXT", "a (2).txt"]) == ["a.txt", "A (2).TXT", "a (2) (2).txt"]


def test_raw_stubs_work_on_the_channel(target):
    with relais.connect(target) as client:
        assert JobQueueServiceStub(client.channel).ListQueues(ListQueuesRequest()).queues[0].name == "queues/sandbox"


def test_progress_is_told_after_each_batch(target):
    told = []
    with relais.connect(target) as client, client.recordsql.rows(
            StreamRecordsRequest(query=MOVEMENTS, page_size=500, keyset_field="MOUV.MOUV_ID"), progress=told.append) as rows:
        for number, row in enumerate(rows, 1):
            if number == 1200:
                break
    assert [progress.resumes for progress in told] == [0] * len(told)
    assert told and told[-1].rows < 1200 <= told[-1].rows + 500 and told[-1].bytes > 10_000


def test_rows_have_names_in_any_case_and_can_be_pickled(target):
    with relais.connect(target) as client:
        row = next(iter(client.recordsql.rows(MOVEMENTS)))
    assert row["mouvno"] == row["MOUVNO"] == row[2] and isinstance(row, tuple)
    again = pickle.loads(pickle.dumps(row))
    assert again == row and again.as_dict() == row.as_dict()
    with pytest.raises(KeyError, match="NOPE"):
        row["NOPE"]


def test_cancelling_a_task_cancels_its_wait(target):
    async def cancelled():
        async with relais.aio.connect(target) as client:
            task = asyncio.ensure_future(client.robot.watch("orchestrators/sandbox/folders/36886").__aiter__().__anext__())
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await client.ping()
    asyncio.run(cancelled())


def test_a_token_may_be_fetched_asynchronously(target):
    asked = []

    async def token():
        await asyncio.sleep(0)
        asked.append(1)
        return "t"

    async def call():
        async with relais.aio.connect(target, token=token) as client:
            await client.jobqueue.ListQueues(ListQueuesRequest())
    asyncio.run(call())
    assert asked == [1]


def test_ping_says_at_once_that_nobody_is_there():
    began = time.monotonic()
    with relais.connect("127.0.0.1:1") as client, pytest.raises(relais.RelaisError, match="127.0.0.1:1") as caught:
        client.ping()
    assert caught.value.code is grpc.StatusCode.UNAVAILABLE and time.monotonic() - began < 2


def test_a_file_object_that_fails_is_the_error_of_the_submission(target):
    class Broken:
        def read(self, size):
            raise OSError("the disk is gone")

    from relais.jobqueue.v1 import JobDefinition, JobFile, TextImport
    definition = JobDefinition(display_name="broken", text_import=TextImport(template=JobFile(path="t"), data=[JobFile(path="d")]))
    with relais.connect(target) as client, pytest.raises(OSError, match="the disk is gone"):
        client.jobqueue.submit("queues/sandbox", definition, {"t": b"t", "d": Broken()})

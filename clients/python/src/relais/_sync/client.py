# Made by clients/python/generate. Do not edit.
"""The client, and what only one of its services has."""

from __future__ import annotations

import os
from collections.abc import Iterator, Callable, Mapping
from time import monotonic
from typing import Any
from uuid import uuid4

import grpc

from relais._sync import verbs
from relais._sync.calls import Calls, Item, Lister, Request, Response, Stream, Unary
from relais._sync.rows import Rows
from relais._sync_methods.campaign import CampaignService
from relais._sync_methods.exports import ExportService
from relais._sync_methods.jobqueue import JobQueueService
from relais._sync_methods.recordsql import RecordSqlService
from relais._sync_methods.robot import RobotService
from relais._files import Source, safe_names
from relais._io_sync import answer, api, start
from relais._types import Event, Progress, RelaisError, Retry, Saved, Tls, channel_options, credentials, error_of
from relais.campaign.v1 import campaign_pb2
from relais.exports.v1 import exports_pb2
from relais.jobqueue.v1 import jobqueue_pb2
from relais.recordsql.v1 import recordsql_pb2
from relais.robot.v1 import robot_pb2


class RecordSql(RecordSqlService):
    """RecordSqlService, with rows."""

    def rows(self, request: recordsql_pb2.StreamRecordsRequest | recordsql_pb2.Query, *,
             progress: Callable[[Progress], None] | None = None) -> Rows:
        """All rows of a query, or those behind a checkpoint; `progress` is called after each batch."""
        if isinstance(request, recordsql_pb2.Query):
            request = recordsql_pb2.StreamRecordsRequest(query=request)
        return Rows(self._calls, self.StreamRecords, request, progress)


class JobQueue(JobQueueService):
    """JobQueueService, with submissions, watches and files."""

    def submit(self, parent: str, definition: jobqueue_pb2.JobDefinition, sources: Mapping[str, Source] | None = None,
                     *, request_id: str = "") -> jobqueue_pb2.Job:
        """Submits a job with its files, once: `sources` has a path, bytes or a file object for each path in the
        definition. A file object is read once, so that a submission with one is not repeated."""
        start = jobqueue_pb2.SubmitJobRequest.Start(parent=parent, definition=definition, request_id=request_id or str(uuid4()))
        return verbs.upload(self._calls, self.SubmitJob, start, sources or {})  # type: ignore[no-any-return]

    def download_all(self, job: str, folder: str | os.PathLike[str]) -> list[Saved]:
        """Saves all output files of a job in a folder, which is made, under names that are safe there."""
        files = [file for file in self.ListOutputFiles.all(jobqueue_pb2.ListOutputFilesRequest(parent=job))]
        os.makedirs(folder, exist_ok=True)
        names = safe_names([file.file_name for file in files])
        return [self.download(file.name, os.path.join(folder, name)) for file, name in zip(files, names)]


class Robot(RobotService):
    """RobotService, with watches and logs."""

    def tail(self, request: robot_pb2.TailRobotLogsRequest, *, until_job: str = "") -> Stream[robot_pb2.RobotLog]:
        """Rows of robots' logs, each once, and those to come: until the caller leaves, with `history_only` to the last
        one there is, with `until_job` until that job has ended and its rows are told."""
        copy = robot_pb2.TailRobotLogsRequest()
        copy.CopyFrom(request)
        if until_job:
            copy.filter.job, copy.end_with_job = until_job, True
        return Stream(self._logs(copy))

    def _logs(self, request: robot_pb2.TailRobotLogsRequest) -> Iterator[robot_pb2.RobotLog]:
        endless = not (request.history_only or request.end_with_job)
        with Stream(self._calls.messages(self.TailRobotLogs, request, self._calls.retry.silence, endless=endless)) as told:
            for batch in told:
                request.resume_token = batch.resume_token
                for log in batch.logs:
                    yield log


class Campaign(CampaignService):
    """CampaignService, with runs that are followed, watches and files."""

    def run(self, method: Unary[Request, campaign_pb2.ActionRun], request: Request, timeout: float | None, *,
                  on_line: Callable[[campaign_pb2.LogLine], None] | None = None) -> campaign_pb2.ActionRun:
        """Starts an action, e.g. `campaign.LaunchCampaign`, and follows it to its end."""
        began = monotonic()
        run = method(request, timeout=None if timeout is None else min(timeout, self._calls.timeout))
        return self.follow(run.name, None if timeout is None else began + timeout - monotonic(), on_line=on_line)

    def follow(self, name: str, timeout: float | None, *,
                     on_line: Callable[[campaign_pb2.LogLine], None] | None = None) -> campaign_pb2.ActionRun:
        """The run when it has ended, well or not; each line of its log is told once, in order. DEADLINE_EXCEEDED after
        `timeout` seconds, None = for ever."""
        told = -1

        def tell(message: campaign_pb2.WatchActionRunResponse) -> None:
            nonlocal told
            for line in message.lines:
                if line.offset > told and on_line:
                    on_line(line)
                told = max(told, line.offset)

        return verbs.wait(self._calls, self.WatchActionRun, name, "action_run", timeout, tell)  # type: ignore[no-any-return]


class Exports(ExportService):
    """ExportService, with runs that are waited for, and their files."""

    def run(self, name: str, timeout: float | None) -> exports_pb2.ExportRun:
        """Runs an export, `exports/{export}`, for the last period, and waits for its end."""
        return self.wait((self.RunExport(exports_pb2.RunExportRequest(name=name))).name, timeout)


class Client:
    """A gateway. Every method of its services is an attribute: `client.jobqueue.GetJob(request)`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        #: For raw stubs: `JobQueueServiceStub(client.channel)`.
        self.channel: Any = calls.channel
        self.recordsql, self.jobqueue, self.robot = RecordSql(calls), JobQueue(calls), Robot(calls)
        self.campaign, self.exports = Campaign(calls), Exports(calls)

    def list(self, method: Lister[Request, Response, Item], request: Request) -> Iterator[Item]:
        """All items of a list, page by page as they are taken: `client.list(client.robot.ListRobots, request)`."""
        return method.all(request)

    def ping(self) -> None:
        """Returns when the gateway serves; else says at once what is wrong."""
        check = self.channel.unary_unary("/grpc.health.v1.Health/Check", None, None)
        call = start(check, b"", timeout=self._calls.timeout, metadata=self._calls.metadata())
        try:
            serves = answer(call, lambda: self._calls.timeout) == b"\x08\x01"
        except grpc.RpcError as error:
            raise error_of(error, self._calls.target) from None
        if not serves:
            raise RelaisError(grpc.StatusCode.UNAVAILABLE, f"{self._calls.target}: the gateway does not serve")

    def close(self) -> None:
        """Ends all calls."""
        self.channel.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(target: str, *, tls: Tls | None = None, insecure: bool = False,
            token: str | Callable[[], Any] | None = None, timeout: float = 60.0, retry: Retry = Retry(),
            observer: Callable[[Event], None] | None = None) -> Client:
    """A client of the gateway at `target` (`host:port`, `unix:path`). Nothing is sent before the first call.

    TLS with the system's certificates, but plain text to this machine itself, and elsewhere with `insecure`. `token` is
    sent as a bearer token; a function is asked for each attempt. `timeout`: seconds a call may take, repetitions
    included; streams have none. `observer` is told of each repetition and reconnect, and must not block.

    ValueError: a token would leave this machine over plain text.
    """
    secure, options = credentials(target, tls, insecure, token is not None), channel_options(tls)
    channel = api.secure_channel(target, secure, options) if secure else api.insecure_channel(target, options)
    return Client(Calls(target, channel, timeout, token, retry, observer))

# Made by clients/python/generate. Do not edit.
"""The blocking methods of JobQueueService, with their types."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

from relais._sync import verbs
from relais._sync.calls import Calls, Lister, Stream, Streamer, Unary, Uploader
from relais._types import Change, Saved
from relais.jobqueue.v1 import jobqueue_pb2


class JobQueueService:
    """Submits, watches and manages the jobs of Granta MI servers, and carries files in and out.  Errors carry a reason of `relais.error.v1.Reason`; besides those named at a method, every method that asks the upstream may return CONNECTION_NOT_FOUND, UPSTREAM_UNREACHABLE, UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_RATE_LIMITED, UPSTREAM_SATURATED, UPSTREAM_FAILED, UPSTREAM_REJECTED_REQUEST, UPSTREAM_MALFORMED_RESPONSE, UPSTREAM_CONTRACT_BROKEN, ACCESS_DENIED, GATEWAY_CREDENTIAL_REJECTED, CALLER_DEADLINE and CALLER_CANCELLED; every method with a `request_id` may return REQUEST_ID_REUSED, REQUEST_IN_PROGRESS and GATEWAY_INTERNAL (its state cannot be written).  A page of a list also ends before it has about 3 MiB, with a `next_page_token`: clients of gRPC refuse more than 4 MiB unless told otherwise."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.ListQueues: Lister[jobqueue_pb2.ListQueuesRequest, jobqueue_pb2.ListQueuesResponse, jobqueue_pb2.Queue] = Lister(
            calls, "/relais.jobqueue.v1.JobQueueService/ListQueues", jobqueue_pb2.ListQueuesRequest, jobqueue_pb2.ListQueuesResponse, "queues")
        """Lists the configured queues without asking the upstreams. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.GetQueue: Unary[jobqueue_pb2.GetQueueRequest, jobqueue_pb2.Queue] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/GetQueue", jobqueue_pb2.GetQueueRequest, jobqueue_pb2.Queue)
        """Tells version and readiness of one queue by asking it. A queue that does not answer is not an error here but is reported in `Queue.readiness`. Unary, read only. Reasons: INVALID_REQUEST."""
        self.GetProcessingConfiguration: Unary[jobqueue_pb2.GetProcessingConfigurationRequest, jobqueue_pb2.ProcessingConfiguration] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/GetProcessingConfiguration", jobqueue_pb2.GetProcessingConfigurationRequest, jobqueue_pb2.ProcessingConfiguration)
        """How the upstream processes its queue. Unary, read only. Reasons: INVALID_REQUEST."""
        self.GetCurrentUser: Unary[jobqueue_pb2.GetCurrentUserRequest, jobqueue_pb2.CurrentUser] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/GetCurrentUser", jobqueue_pb2.GetCurrentUserRequest, jobqueue_pb2.CurrentUser)
        """Who the gateway is to the upstream and what it may do there. Unary, read only. Reasons: INVALID_REQUEST."""
        self.UploadInputFile: Uploader[jobqueue_pb2.UploadInputFileRequest, jobqueue_pb2.InputFile] = Uploader(
            calls, "/relais.jobqueue.v1.JobQueueService/UploadInputFile", jobqueue_pb2.UploadInputFileRequest, jobqueue_pb2.InputFile)
        """Uploads one file for a job that will be created soon: the upstream keeps such files for a short, undocumented time. Client stream: one `start`, then any number of `chunk`, then `end`, which may be left out where `start` declares the size; a stream that ends otherwise is INVALID_REQUEST and commits nothing. The gateway takes the next chunk when it has stored the last one, and sends the file upstream when the stream has ended. Idempotent with `request_id`. Reasons: INVALID_REQUEST, REQUEST_OUT_OF_RANGE (larger than the configuration or the upstream allows), CHECKSUM_MISMATCH, GATEWAY_STORAGE_FULL."""
        self.CreateJob: Unary[jobqueue_pb2.CreateJobRequest, jobqueue_pb2.Job] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/CreateJob", jobqueue_pb2.CreateJobRequest, jobqueue_pb2.Job)
        """Submits a job whose files have been uploaded. Unary. With `request_id` it happens at most once, whatever is lost on the way; see `request_id`. Reasons: INVALID_REQUEST, SUBMISSION_OUTCOME_UNKNOWN."""
        self.SubmitJob: Uploader[jobqueue_pb2.SubmitJobRequest, jobqueue_pb2.Job] = Uploader(
            calls, "/relais.jobqueue.v1.JobQueueService/SubmitJob", jobqueue_pb2.SubmitJobRequest, jobqueue_pb2.Job)
        """Uploads all files of a job and submits it. Client stream: one `start`, then for every file of the definition that has no `input_file` one `file`, its `chunk`s and its `end`, which may be left out where `file` declares the size. Nothing is sent upstream before the stream has ended and is complete; one that ends in the middle of a file is INVALID_REQUEST. Happens at most once with `request_id`. Reasons: as UploadInputFile and CreateJob."""
        self.GetJob: Unary[jobqueue_pb2.GetJobRequest, jobqueue_pb2.Job] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/GetJob", jobqueue_pb2.GetJobRequest, jobqueue_pb2.Job)
        """Reads one job. Unary, read only. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.ListJobs: Lister[jobqueue_pb2.ListJobsRequest, jobqueue_pb2.ListJobsResponse, jobqueue_pb2.Job] = Lister(
            calls, "/relais.jobqueue.v1.JobQueueService/ListJobs", jobqueue_pb2.ListJobsRequest, jobqueue_pb2.ListJobsResponse, "jobs")
        """Lists jobs: by default the pending ones by position, then the others by submission, newest first. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.UpdateJob: Unary[jobqueue_pb2.UpdateJobRequest, jobqueue_pb2.Job] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/UpdateJob", jobqueue_pb2.UpdateJobRequest, jobqueue_pb2.Job)
        """Changes display name, description or schedule of a job. Unary; idempotent. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, RESOURCE_CONFLICT."""
        self.DeleteJob: Unary[jobqueue_pb2.DeleteJobRequest, jobqueue_pb2.DeleteJobResponse] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/DeleteJob", jobqueue_pb2.DeleteJobRequest, jobqueue_pb2.DeleteJobResponse)
        """Deletes a job and its outputs, in whatever state. Unary. Deleting a job that is gone is RESOURCE_NOT_FOUND, but the same `request_id` gives the first answer. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.BatchDeleteJobs: Unary[jobqueue_pb2.BatchDeleteJobsRequest, jobqueue_pb2.BatchDeleteJobsResponse] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/BatchDeleteJobs", jobqueue_pb2.BatchDeleteJobsRequest, jobqueue_pb2.BatchDeleteJobsResponse)
        """Deletes several jobs, each on its own: what became of each is told in the response. Unary. Reasons: INVALID_REQUEST."""
        self.CancelJob: Unary[jobqueue_pb2.CancelJobRequest, jobqueue_pb2.Job] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/CancelJob", jobqueue_pb2.CancelJobRequest, jobqueue_pb2.Job)
        """Cancels a job that has not ended. Unary; idempotent. Upstream: PATCH with `status: Cancelled`; which states allow it is not documented, the upstream decides. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, RESOURCE_CONFLICT."""
        self.MoveJobToTop: Unary[jobqueue_pb2.MoveJobToTopRequest, jobqueue_pb2.Job] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/MoveJobToTop", jobqueue_pb2.MoveJobToTopRequest, jobqueue_pb2.Job)
        """Makes a pending job the next one. Needs an administrator upstream. Unary; idempotent. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, ACCESS_DENIED."""
        self.ResubmitJob: Unary[jobqueue_pb2.ResubmitJobRequest, jobqueue_pb2.Job] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/ResubmitJob", jobqueue_pb2.ResubmitJobRequest, jobqueue_pb2.Job)
        """Submits the definition of an existing job as a new job. Unary. Happens at most once with `request_id`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN."""
        self.GetJobDefinition: Unary[jobqueue_pb2.GetJobDefinitionRequest, jobqueue_pb2.JobDefinition] = Unary(
            calls, "/relais.jobqueue.v1.JobQueueService/GetJobDefinition", jobqueue_pb2.GetJobDefinitionRequest, jobqueue_pb2.JobDefinition)
        """Reads what a job was created from. Unary, read only. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.WatchJob: Streamer[jobqueue_pb2.WatchJobRequest, jobqueue_pb2.WatchJobResponse] = Streamer(
            calls, "/relais.jobqueue.v1.JobQueueService/WatchJob", jobqueue_pb2.WatchJobRequest, jobqueue_pb2.WatchJobResponse)
        """Watches one job. A stream of states: the current one at once, then changes, newest only; a heartbeat at least every 15 s; ends OK after the state that ends the job, or after about 30 minutes (call again then), and with RESOURCE_NOT_FOUND when the job vanishes. All watchers of a queue share one poll. Reasons: INVALID_REQUEST, INVALID_RESUME_TOKEN, RESOURCE_NOT_FOUND, GATEWAY_DRAINING."""
        self.WatchJobs: Streamer[jobqueue_pb2.WatchJobsRequest, jobqueue_pb2.WatchJobsResponse] = Streamer(
            calls, "/relais.jobqueue.v1.JobQueueService/WatchJobs", jobqueue_pb2.WatchJobsRequest, jobqueue_pb2.WatchJobsResponse)
        """Watches all jobs of a queue. A stream of states: first all jobs in one or more messages, the last of them with `snapshot_complete`, then changes; a heartbeat at least every 15 s; ends OK after about 30 minutes (call again with the last `resume_token` then). All watchers of a queue share one poll. Reasons: INVALID_REQUEST, INVALID_RESUME_TOKEN, GATEWAY_DRAINING."""
        self.ListOutputFiles: Lister[jobqueue_pb2.ListOutputFilesRequest, jobqueue_pb2.ListOutputFilesResponse, jobqueue_pb2.OutputFile] = Lister(
            calls, "/relais.jobqueue.v1.JobQueueService/ListOutputFiles", jobqueue_pb2.ListOutputFilesRequest, jobqueue_pb2.ListOutputFilesResponse, "output_files")
        """Lists the files that a job has made. Their number and order depend on the server's version. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN, RESOURCE_NOT_FOUND."""
        self.DownloadOutputFile: Streamer[jobqueue_pb2.DownloadOutputFileRequest, jobqueue_pb2.DownloadOutputFileResponse] = Streamer(
            calls, "/relais.jobqueue.v1.JobQueueService/DownloadOutputFile", jobqueue_pb2.DownloadOutputFileRequest, jobqueue_pb2.DownloadOutputFileResponse)
        """Downloads one output file. A stream of rows: `metadata` first, then `chunk`s in order, fetched as the caller takes them, and `trailer` last; a stream without `trailer` is not the whole file. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, GATEWAY_DRAINING."""

    def watch_job(self, name: str) -> Stream[jobqueue_pb2.Job]:
        """The different states of `name` until the one that ends it."""
        return verbs.watch_one(self._calls, self.WatchJob, name, "job")

    def wait(self, name: str, timeout: float | None) -> jobqueue_pb2.Job:
        """The state in which `name` has ended, well or not. After `timeout` seconds, None = never,
        DEADLINE_EXCEEDED with the last state; what is waited for goes on."""
        return verbs.wait(self._calls, self.WatchJob, name, "job", timeout)  # type: ignore[no-any-return]

    def watch(self, parent: str) -> Stream[Change[jobqueue_pb2.Job]]:
        """Jobs of `parent`: all, then changes, until the caller leaves."""
        return verbs.watch_many(self._calls, self.WatchJobs, parent, "jobs", "removed_jobs")

    def download(self, name: str, path: str | os.PathLike[str]) -> Saved:
        """Saves a file as `path`, which is replaced when all has come, undamaged."""
        method: Any = self.DownloadOutputFile
        return verbs.download(self._calls, method, method.request_type(name=name), path)

    def download_to(self, name: str, file: BinaryIO) -> Saved:
        """Writes a file as it comes, once; it is whole only when this returns."""
        method: Any = self.DownloadOutputFile
        return verbs.download_to(self._calls, method, method.request_type(name=name), file)

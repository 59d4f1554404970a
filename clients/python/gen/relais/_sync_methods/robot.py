# Made by clients/python/generate. Do not edit.
"""The blocking methods of RobotService, with their types."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

from relais._sync import verbs
from relais._sync.calls import Calls, Lister, Stream, Streamer, Unary
from relais._types import Change, Saved
from relais.robot.v1 import robot_pb2


class RobotService:
    """Watches robots, tails their logs, and starts and stops their jobs.  In every name `{folder}` is the id of a folder, its key (a GUID), or its fully qualified name, escaped as in a URL ("/" as "%2F", "%" as "%25"), e.g. `Finance%2FInvoices`; answers always have the id.  Errors carry a reason of `relais.error.v1.Reason`; besides those named at a method, every method that asks the upstream may return CONNECTION_NOT_FOUND, RESOURCE_NOT_FOUND (the folder), PRECONDITION_FAILED, UPSTREAM_UNREACHABLE, UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_RATE_LIMITED, UPSTREAM_SATURATED, UPSTREAM_FAILED, UPSTREAM_REJECTED_REQUEST, UPSTREAM_MALFORMED_RESPONSE, UPSTREAM_CONTRACT_BROKEN, ACCESS_DENIED, GATEWAY_CREDENTIAL_REJECTED, CALLER_DEADLINE and CALLER_CANCELLED; metadata `upstreamCode` is Orchestrator's `errorCode` and `upstreamRequestId` its `traceId`. Every method with a `request_id` may return REQUEST_ID_REUSED, REQUEST_IN_PROGRESS and GATEWAY_INTERNAL (its state cannot be written).  A page of a list also ends before it has about 3 MiB, with a `next_page_token`: clients of gRPC refuse more than 4 MiB unless told otherwise."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.ListOrchestrators: Lister[robot_pb2.ListOrchestratorsRequest, robot_pb2.ListOrchestratorsResponse, robot_pb2.Orchestrator] = Lister(
            calls, "/relais.robot.v1.RobotService/ListOrchestrators", robot_pb2.ListOrchestratorsRequest, robot_pb2.ListOrchestratorsResponse, "orchestrators")
        """Lists the configured Orchestrators without asking them. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.GetOrchestrator: Unary[robot_pb2.GetOrchestratorRequest, robot_pb2.Orchestrator] = Unary(
            calls, "/relais.robot.v1.RobotService/GetOrchestrator", robot_pb2.GetOrchestratorRequest, robot_pb2.Orchestrator)
        """Tells whether an Orchestrator answers and lets the gateway in. One that does not is not an error here but is reported in `Orchestrator.readiness`. Unary, read only. Reasons: INVALID_REQUEST."""
        self.ListFolders: Lister[robot_pb2.ListFoldersRequest, robot_pb2.ListFoldersResponse, robot_pb2.Folder] = Lister(
            calls, "/relais.robot.v1.RobotService/ListFolders", robot_pb2.ListFoldersRequest, robot_pb2.ListFoldersResponse, "folders")
        """Lists the folders that the gateway's account may use. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.ListProcesses: Lister[robot_pb2.ListProcessesRequest, robot_pb2.ListProcessesResponse, robot_pb2.Process] = Lister(
            calls, "/relais.robot.v1.RobotService/ListProcesses", robot_pb2.ListProcessesRequest, robot_pb2.ListProcessesResponse, "processes")
        """Lists the processes of a folder. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.ListProcessRobots: Lister[robot_pb2.ListProcessRobotsRequest, robot_pb2.ListProcessRobotsResponse, robot_pb2.Robot] = Lister(
            calls, "/relais.robot.v1.RobotService/ListProcessRobots", robot_pb2.ListProcessRobotsRequest, robot_pb2.ListProcessRobotsResponse, "robots")
        """Lists the robots that can run a process (classic folders). Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN, RESOURCE_NOT_FOUND."""
        self.ListRobots: Lister[robot_pb2.ListRobotsRequest, robot_pb2.ListRobotsResponse, robot_pb2.Robot] = Lister(
            calls, "/relais.robot.v1.RobotService/ListRobots", robot_pb2.ListRobotsRequest, robot_pb2.ListRobotsResponse, "robots")
        """Lists the robots of a folder by id. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.GetRobot: Unary[robot_pb2.GetRobotRequest, robot_pb2.Robot] = Unary(
            calls, "/relais.robot.v1.RobotService/GetRobot", robot_pb2.GetRobotRequest, robot_pb2.Robot)
        """Reads one robot, with what lists leave out: `license_key` and `execution_settings`. Unary, read only. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.UpdateRobot: Unary[robot_pb2.UpdateRobotRequest, robot_pb2.Robot] = Unary(
            calls, "/relais.robot.v1.RobotService/UpdateRobot", robot_pb2.UpdateRobotRequest, robot_pb2.Robot)
        """Changes fields of a robot of a classic folder: reads it, merges the fields of the mask and writes it back whole; what the upstream knows beyond `Robot` stays. Robots of modern folders come from their users and cannot be changed here. Unary; idempotent. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, RESOURCE_CONFLICT (`etag`), RESOURCE_EXISTS (the name is taken), PRECONDITION_FAILED (a busy robot, a modern folder)."""
        self.DeleteRobot: Unary[robot_pb2.DeleteRobotRequest, robot_pb2.DeleteRobotResponse] = Unary(
            calls, "/relais.robot.v1.RobotService/DeleteRobot", robot_pb2.DeleteRobotRequest, robot_pb2.DeleteRobotResponse)
        """Deletes a robot of a classic folder. Unary. Deleting one that is gone is RESOURCE_NOT_FOUND, but the same `request_id` gives the first answer. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, PRECONDITION_FAILED (it has running jobs)."""
        self.BatchDeleteRobots: Unary[robot_pb2.BatchDeleteRobotsRequest, robot_pb2.BatchDeleteRobotsResponse] = Unary(
            calls, "/relais.robot.v1.RobotService/BatchDeleteRobots", robot_pb2.BatchDeleteRobotsRequest, robot_pb2.BatchDeleteRobotsResponse)
        """Deletes robots of any folders of one Orchestrator, with one request for each folder; within a folder all or none. What became of each is told in the response. Unary. Reasons: INVALID_REQUEST."""
        self.BatchSetRobotsEnabled: Unary[robot_pb2.BatchSetRobotsEnabledRequest, robot_pb2.BatchSetRobotsEnabledResponse] = Unary(
            calls, "/relais.robot.v1.RobotService/BatchSetRobotsEnabled", robot_pb2.BatchSetRobotsEnabledRequest, robot_pb2.BatchSetRobotsEnabledResponse)
        """Enables or disables robots of any folders of one Orchestrator, with one request for each folder; a disabled robot cannot connect. Unary; idempotent. Reasons: INVALID_REQUEST."""
        self.ListSessions: Lister[robot_pb2.ListSessionsRequest, robot_pb2.ListSessionsResponse, robot_pb2.Session] = Lister(
            calls, "/relais.robot.v1.RobotService/ListSessions", robot_pb2.ListSessionsRequest, robot_pb2.ListSessionsResponse, "sessions")
        """Lists the sessions of a folder's robots by id: a robot that has never connected has none, one on several machines has several. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.GetRobotState: Unary[robot_pb2.GetRobotStateRequest, robot_pb2.RobotState] = Unary(
            calls, "/relais.robot.v1.RobotService/GetRobotState", robot_pb2.GetRobotStateRequest, robot_pb2.RobotState)
        """Reads the state of one robot, from all its sessions. Unary, read only. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.WatchRobots: Streamer[robot_pb2.WatchRobotsRequest, robot_pb2.WatchRobotsResponse] = Streamer(
            calls, "/relais.robot.v1.RobotService/WatchRobots", robot_pb2.WatchRobotsRequest, robot_pb2.WatchRobotsResponse)
        """Watches the states of all robots of a folder. A stream of states: first all robots in one or more messages, the last of them with `snapshot_complete`, then changes, robots that are new and robots that are gone; a heartbeat message at least every 15 s; ends OK after about 30 minutes (call again with the last `resume_token` then). All watchers of a folder share one poll. Reasons: INVALID_REQUEST, INVALID_RESUME_TOKEN, GATEWAY_DRAINING."""
        self.ListRobotLogs: Lister[robot_pb2.ListRobotLogsRequest, robot_pb2.ListRobotLogsResponse, robot_pb2.RobotLog] = Lister(
            calls, "/relais.robot.v1.RobotService/ListRobotLogs", robot_pb2.ListRobotLogsRequest, robot_pb2.ListRobotLogsResponse, "logs")
        """Lists log rows of a folder, newest first. Of one query the upstream gives the first 10 000 rows only; narrow the times, or use TailRobotLogs, which has no such end. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN, REQUEST_OUT_OF_RANGE."""
        self.CountRobotLogs: Unary[robot_pb2.CountRobotLogsRequest, robot_pb2.CountRobotLogsResponse] = Unary(
            calls, "/relais.robot.v1.RobotService/CountRobotLogs", robot_pb2.CountRobotLogsRequest, robot_pb2.CountRobotLogsResponse)
        """Counts log rows of a folder. The upstream may stop counting at 10 000. Unary, read only. Reasons: INVALID_REQUEST."""
        self.TailRobotLogs: Streamer[robot_pb2.TailRobotLogsRequest, robot_pb2.TailRobotLogsResponse] = Streamer(
            calls, "/relais.robot.v1.RobotService/TailRobotLogs", robot_pb2.TailRobotLogsRequest, robot_pb2.TailRobotLogsResponse)
        """Streams log rows, oldest first: those there are from `start_time` on, then those that come. Lossless and each row once: rows are told apart by their fingerprint, rows that reach the upstream late are still found for a while (`RobotLog.late`), and results beyond the upstream's 10 000 rows are read in windows of time. The next rows are fetched when the caller has taken the last ones. Goes on behind any batch with its `resume_token`. Reasons: INVALID_REQUEST, INVALID_RESUME_TOKEN, REQUEST_OUT_OF_RANGE (more rows of one instant than the upstream can give), GATEWAY_DRAINING."""
        self.UpdateUnattendedCredentials: Unary[robot_pb2.UpdateUnattendedCredentialsRequest, robot_pb2.UpdateUnattendedCredentialsResponse] = Unary(
            calls, "/relais.robot.v1.RobotService/UpdateUnattendedCredentials", robot_pb2.UpdateUnattendedCredentialsRequest, robot_pb2.UpdateUnattendedCredentialsResponse)
        """Changes the credentials of a user's unattended robot: of the gateway's own account (`users/me`) with nothing else needed, of another one with a permission to edit users or robots. Unary; idempotent. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, ACCESS_DENIED."""
        self.StartJobs: Unary[robot_pb2.StartJobsRequest, robot_pb2.StartJobsResponse] = Unary(
            calls, "/relais.robot.v1.RobotService/StartJobs", robot_pb2.StartJobsRequest, robot_pb2.StartJobsResponse)
        """Starts jobs of a process. Unary. With `request_id` it happens at most once, whatever is lost on the way; see `request_id`. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, SUBMISSION_OUTCOME_UNKNOWN."""
        self.GetJob: Unary[robot_pb2.GetJobRequest, robot_pb2.Job] = Unary(
            calls, "/relais.robot.v1.RobotService/GetJob", robot_pb2.GetJobRequest, robot_pb2.Job)
        """Reads one job, with its arguments. Unary, read only. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND."""
        self.ListJobs: Lister[robot_pb2.ListJobsRequest, robot_pb2.ListJobsResponse, robot_pb2.Job] = Lister(
            calls, "/relais.robot.v1.RobotService/ListJobs", robot_pb2.ListJobsRequest, robot_pb2.ListJobsResponse, "jobs")
        """Lists the jobs of a folder by id, without their arguments. Orchestrator's cloud allows 100 such lists a minute and tenant; to follow a job, watch it. Unary, read only. Reasons: INVALID_REQUEST, INVALID_PAGE_TOKEN."""
        self.StopJob: Unary[robot_pb2.StopJobRequest, robot_pb2.Job] = Unary(
            calls, "/relais.robot.v1.RobotService/StopJob", robot_pb2.StopJobRequest, robot_pb2.Job)
        """Asks a job to stop, or kills it. A job that stops by itself when asked ends SUCCESSFUL, a killed one STOPPED. Unary; idempotent. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, PRECONDITION_FAILED (it has ended)."""
        self.RestartJob: Unary[robot_pb2.RestartJobRequest, robot_pb2.Job] = Unary(
            calls, "/relais.robot.v1.RobotService/RestartJob", robot_pb2.RestartJobRequest, robot_pb2.Job)
        """Starts a job anew that has ended; the answer is the new job. Unary. Happens at most once with `request_id`; since the upstream takes no marker here, a lost answer is SUBMISSION_OUTCOME_UNKNOWN. Reasons: INVALID_REQUEST, RESOURCE_NOT_FOUND, PRECONDITION_FAILED (it has not ended), SUBMISSION_OUTCOME_UNKNOWN."""
        self.WatchJob: Streamer[robot_pb2.WatchJobRequest, robot_pb2.WatchJobResponse] = Streamer(
            calls, "/relais.robot.v1.RobotService/WatchJob", robot_pb2.WatchJobRequest, robot_pb2.WatchJobResponse)
        """Watches one job. A stream of states: the current one at once, then changes, newest only; a heartbeat at least every 15 s; ends OK after the state that ends the job, or after about 30 minutes (call again then), and with RESOURCE_NOT_FOUND when the job vanishes. All watchers of a job share one poll, which the upstream does not count against its limits. Reasons: INVALID_REQUEST, INVALID_RESUME_TOKEN, RESOURCE_NOT_FOUND, GATEWAY_DRAINING."""
        self.GetSessionStats: Unary[robot_pb2.GetSessionStatsRequest, robot_pb2.SessionStats] = Unary(
            calls, "/relais.robot.v1.RobotService/GetSessionStats", robot_pb2.GetSessionStatsRequest, robot_pb2.SessionStats)
        """Counts the sessions of all folders by state. Unary, read only. Reasons: INVALID_REQUEST."""

    def watch(self, parent: str) -> Stream[Change[robot_pb2.RobotState]]:
        """Robots of `parent`: all, then changes, until the caller leaves."""
        return verbs.watch_many(self._calls, self.WatchRobots, parent, "robots", "removed_robots")

    def watch_job(self, name: str) -> Stream[robot_pb2.Job]:
        """The different states of `name` until the one that ends it."""
        return verbs.watch_one(self._calls, self.WatchJob, name, "job")

    def wait(self, name: str, timeout: float | None) -> robot_pb2.Job:
        """The state in which `name` has ended, well or not. After `timeout` seconds, None = never,
        DEADLINE_EXCEEDED with the last state; what is waited for goes on."""
        return verbs.wait(self._calls, self.WatchJob, name, "job", timeout)  # type: ignore[no-any-return]

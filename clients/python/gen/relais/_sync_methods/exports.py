# Made by clients/python/generate. Do not edit.
"""The blocking methods of ExportService, with their types."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

from relais._sync import verbs
from relais._sync.calls import Calls, Lister, Stream, Streamer, Unary
from relais._types import Change, Saved
from relais.exports.v1 import exports_pb2


class ExportService:
    """Defines exports, runs them by schedule or by hand, and follows their runs.  An export is a definition: what to read, for which period of data, when, in which format, and where the files go. For every period it has one run, ever; a run that is tried again keeps its name. A file is published whole or not at all, with a manifest beside it (`{file}.manifest.json`), and what is written is what was read: a run fails rather than leave rows out.  Errors carry a reason of `relais.error.v1.Reason`. Every method may return INVALID_REQUEST, CALLER_DEADLINE, CALLER_CANCELLED, GATEWAY_INTERNAL and GATEWAY_STORAGE_FULL (the state cannot be written); every method with a `request_id` also REQUEST_ID_REUSED and REQUEST_IN_PROGRESS. RESOURCE_NOT_FOUND: no such export, run or file. What ends a run is in `ExportRun.error` and is no error of a call."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.ListExports: Lister[exports_pb2.ListExportsRequest, exports_pb2.ListExportsResponse, exports_pb2.Export] = Lister(
            calls, "/relais.exports.v1.ExportService/ListExports", exports_pb2.ListExportsRequest, exports_pb2.ListExportsResponse, "exports")
        """Lists exports by name. Unary, read only. Reasons: INVALID_PAGE_TOKEN."""
        self.GetExport: Unary[exports_pb2.GetExportRequest, exports_pb2.Export] = Unary(
            calls, "/relais.exports.v1.ExportService/GetExport", exports_pb2.GetExportRequest, exports_pb2.Export)
        """Reads an export. Unary, read only. Reasons: RESOURCE_NOT_FOUND."""
        self.CreateExport: Unary[exports_pb2.CreateExportRequest, exports_pb2.Export] = Unary(
            calls, "/relais.exports.v1.ExportService/CreateExport", exports_pb2.CreateExportRequest, exports_pb2.Export)
        """Creates an export, whose schedule begins now. Unary; idempotent with a `request_id`. Reasons: RESOURCE_EXISTS (the id is taken), NOT_PERMITTED_BY_CONFIGURATION (exports are not configured), PRECONDITION_FAILED (there are as many as the configuration allows)."""
        self.UpdateExport: Unary[exports_pb2.UpdateExportRequest, exports_pb2.Export] = Unary(
            calls, "/relais.exports.v1.ExportService/UpdateExport", exports_pb2.UpdateExportRequest, exports_pb2.Export)
        """Changes fields of an export. Runs that are under way go on as they began. Unary; idempotent. Reasons: RESOURCE_NOT_FOUND, RESOURCE_CONFLICT (`etag` is not the current one), PRECONDITION_FAILED (the export stands in a file of the operator's, which alone changes it)."""
        self.DeleteExport: Unary[exports_pb2.DeleteExportRequest, exports_pb2.DeleteExportResponse] = Unary(
            calls, "/relais.exports.v1.ExportService/DeleteExport", exports_pb2.DeleteExportRequest, exports_pb2.DeleteExportResponse)
        """Deletes an export. Runs that are under way are cancelled; files that were delivered stay where they are, those kept for DownloadExportFile go. Unary; idempotent with a `request_id`. Reasons: RESOURCE_NOT_FOUND, PRECONDITION_FAILED (as UpdateExport)."""
        self.ValidateExport: Unary[exports_pb2.ValidateExportRequest, exports_pb2.ValidateExportResponse] = Unary(
            calls, "/relais.exports.v1.ExportService/ValidateExport", exports_pb2.ValidateExportRequest, exports_pb2.ValidateExportResponse)
        """Tells whether a definition is good, without keeping it: what is asked of the upstream for a period, the next five slots, and the first rows. Unary, read only. Reasons: those of the method that the source calls."""
        self.PauseExport: Unary[exports_pb2.PauseExportRequest, exports_pb2.Export] = Unary(
            calls, "/relais.exports.v1.ExportService/PauseExport", exports_pb2.PauseExportRequest, exports_pb2.Export)
        """Pauses the schedule of an export. Slots that pass meanwhile count as missed. A paused export is no error. Unary; idempotent. Reasons: RESOURCE_NOT_FOUND."""
        self.ResumeExport: Unary[exports_pb2.ResumeExportRequest, exports_pb2.Export] = Unary(
            calls, "/relais.exports.v1.ExportService/ResumeExport", exports_pb2.ResumeExportRequest, exports_pb2.Export)
        """Resumes the schedule of an export; `missed` of its schedule says what becomes of the slots that have passed. Unary; idempotent. Reasons: RESOURCE_NOT_FOUND."""
        self.RunExport: Unary[exports_pb2.RunExportRequest, exports_pb2.ExportRun] = Unary(
            calls, "/relais.exports.v1.ExportService/RunExport", exports_pb2.RunExportRequest, exports_pb2.ExportRun)
        """Runs an export for a period now, whatever its schedule and window say. When the period has a run already, that run is returned: a failed or cancelled one is tried again, a successful one only with `again`. Unary; idempotent. Reasons: RESOURCE_NOT_FOUND."""
        self.BackfillExport: Unary[exports_pb2.BackfillExportRequest, exports_pb2.BackfillExportResponse] = Unary(
            calls, "/relais.exports.v1.ExportService/BackfillExport", exports_pb2.BackfillExportRequest, exports_pb2.BackfillExportResponse)
        """Makes the runs of all periods from one day to another that have none that succeeded. They run one after the other, oldest first. Unary; idempotent. Reasons: RESOURCE_NOT_FOUND."""
        self.ListExportRuns: Lister[exports_pb2.ListExportRunsRequest, exports_pb2.ListExportRunsResponse, exports_pb2.ExportRun] = Lister(
            calls, "/relais.exports.v1.ExportService/ListExportRuns", exports_pb2.ListExportRunsRequest, exports_pb2.ListExportRunsResponse, "runs")
        """Lists the runs of an export, the newest first. Unary, read only. Reasons: RESOURCE_NOT_FOUND, INVALID_PAGE_TOKEN."""
        self.GetExportRun: Unary[exports_pb2.GetExportRunRequest, exports_pb2.ExportRun] = Unary(
            calls, "/relais.exports.v1.ExportService/GetExportRun", exports_pb2.GetExportRunRequest, exports_pb2.ExportRun)
        """Reads a run. Unary, read only. Reasons: RESOURCE_NOT_FOUND."""
        self.CancelExportRun: Unary[exports_pb2.CancelExportRunRequest, exports_pb2.ExportRun] = Unary(
            calls, "/relais.exports.v1.ExportService/CancelExportRun", exports_pb2.CancelExportRunRequest, exports_pb2.ExportRun)
        """Cancels a run: nothing of it becomes visible that is not yet. A run that has ended stays as it is. Unary; idempotent. Reasons: RESOURCE_NOT_FOUND."""
        self.WatchExportRun: Streamer[exports_pb2.WatchExportRunRequest, exports_pb2.WatchExportRunResponse] = Streamer(
            calls, "/relais.exports.v1.ExportService/WatchExportRun", exports_pb2.WatchExportRunRequest, exports_pb2.WatchExportRunResponse)
        """Watches a run until its end. A stream of states: first the current one, then changes (progress at most once a second); a heartbeat message at least every 15 s; ends OK after the terminal state, which comes last, or after about 30 minutes. Reasons: RESOURCE_NOT_FOUND, INVALID_RESUME_TOKEN, GATEWAY_DRAINING."""
        self.DownloadExportFile: Streamer[exports_pb2.DownloadExportFileRequest, exports_pb2.DownloadExportFileResponse] = Streamer(
            calls, "/relais.exports.v1.ExportService/DownloadExportFile", exports_pb2.DownloadExportFileRequest, exports_pb2.DownloadExportFileResponse)
        """Streams a file of a run: metadata, content, then size and SHA-256. Files are kept for `retention`. Reasons: RESOURCE_NOT_FOUND, PRECONDITION_FAILED (the run has not written its files yet)."""

    def watch_run(self, name: str) -> Stream[exports_pb2.ExportRun]:
        """The different states of `name` until the one that ends it."""
        return verbs.watch_one(self._calls, self.WatchExportRun, name, "run")

    def wait(self, name: str, timeout: float | None) -> exports_pb2.ExportRun:
        """The state in which `name` has ended, well or not. After `timeout` seconds, None = never,
        DEADLINE_EXCEEDED with the last state; what is waited for goes on."""
        return verbs.wait(self._calls, self.WatchExportRun, name, "run", timeout)  # type: ignore[no-any-return]

    def download(self, name: str, path: str | os.PathLike[str], *, file_name: str = "") -> Saved:
        """Saves a file as `path`, which is replaced when all has come, undamaged."""
        method: Any = self.DownloadExportFile
        return verbs.download(self._calls, method, method.request_type(name=name, file_name=file_name), path)

    def download_to(self, name: str, file: BinaryIO, *, file_name: str = "") -> Saved:
        """Writes a file as it comes, once; it is whole only when this returns."""
        method: Any = self.DownloadExportFile
        return verbs.download_to(self._calls, method, method.request_type(name=name, file_name=file_name), file)

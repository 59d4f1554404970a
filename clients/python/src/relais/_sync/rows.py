# Made by clients/python/generate. Do not edit.
"""Rows of a query."""

from __future__ import annotations

from collections.abc import Iterator, Callable
from time import monotonic
from typing import Any

import grpc

from relais._sync.calls import Calls, Method, Stream
from relais._reasons import Reason
from relais._rows import Decoder, Row
from relais._types import Progress, RelaisError
from relais.recordsql.v1 import recordsql_pb2 as pb


class Rows(Stream[Row]):
    """The rows of a query, in order, each once, whatever was cut. Read either rows or `batches()`."""

    def __init__(self, calls: Calls, method: Method, request: pb.StreamRecordsRequest,
                 progress: Callable[[Progress], None] | None) -> None:
        self._calls, self._method, self._progress = calls, method, progress
        self._request, self._used = pb.StreamRecordsRequest(), request.resume_token
        self._request.CopyFrom(request)
        self._decoder: Any = Decoder([])
        #: How often the stream was gone on with after it broke.
        self.resumes = -1
        self._received: Any = self._batches()
        super().__init__(self._rows())

    @property
    def columns(self) -> list[pb.Column]:
        """The columns; none before the first batch has come."""
        return self._decoder.columns  # type: ignore[no-any-return]

    def checkpoint(self) -> pb.StreamRecordsRequest:
        """The request that goes on behind the last batch that is used up: for `rows` in any process and language. A batch
        is used up when what follows its last row is asked for, one of `batches()` when it is handed out."""
        made = pb.StreamRecordsRequest(resume_token=self._used)
        self._request.resume_token, kept = "", self._request.resume_token
        made.MergeFrom(self._request)
        self._request.resume_token = kept
        return made

    def batches(self) -> Iterator[pb.StreamRecordsResponse]:
        """The messages as they come: the fastest way to read."""
        for batch in self._received:
            self._used = batch.resume_token
            yield batch

    def to_tuples(self, batch: pb.StreamRecordsResponse) -> list[Row]:
        """The rows of one of these batches."""
        return list(map(self._decoder.row, batch.rows))

    def _rows(self) -> Iterator[Row]:
        for batch in self._received:
            for row in map(self._decoder.row, batch.rows):
                yield row
            self._used = batch.resume_token

    def _batches(self) -> Iterator[Any]:
        rows, size, began = 0, 0, monotonic()

        def opened() -> None:
            self.resumes += 1

        with Stream(self._calls.messages(self._method, self._request, self._calls.retry.give_up, opened=opened)) as messages:
            for batch in messages:
                columns = list(batch.columns)
                if columns and self.columns and columns != self.columns:
                    raise RelaisError(grpc.StatusCode.FAILED_PRECONDITION, "the rows go on with other columns",
                                      reason=Reason.COLUMNS_CHANGED, raw_reason=Reason.COLUMNS_CHANGED.name)
                if columns:
                    self._decoder = Decoder(columns)
                self._request.resume_token = batch.resume_token
                yield batch
                if self._progress:
                    rows, size = rows + len(batch.rows), size + batch.ByteSize()
                    self._progress(Progress(rows, size, self.resumes, monotonic() - began))

    def close(self) -> None:
        """Cancels the call."""
        self._items.close()
        self._received.close()

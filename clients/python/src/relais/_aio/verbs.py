"""What is done with several calls: watching, waiting, files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Callable, Mapping
from math import inf
from time import monotonic
from typing import Any, BinaryIO

import grpc

from relais._aio.calls import Calls, Method, Repeats, Stream
from relais._files import Source, pieces, replacing
from relais._io_aio import blocking
from relais._types import Change, Event, RelaisError, Saved


async def states(calls: Calls, method: Method, name: str, field: str, deadline: float = inf,
                 each: Callable[[Any], None] = lambda message: None) -> AsyncIterator[Any]:
    """Different states of one resource, the one that ends it last. Without token: one could hide the last state."""
    last = None
    request = method.request_type(name=name)
    async with Stream(calls.messages(method, request, calls.retry.silence, deadline=deadline, endless=True)) as messages:
        async for message in messages:
            each(message)
            if message.HasField(field) and getattr(message, field) != last:
                last = getattr(message, field)
                yield last
                if last.ended:
                    return


def watch_one(calls: Calls, method: Method, name: str, field: str) -> Stream[Any]:
    return Stream(states(calls, method, name, field))


async def wait(calls: Calls, method: Method, name: str, field: str, timeout: float | None,
               each: Callable[[Any], None] = lambda message: None) -> Any:
    """The state that ends a resource. DEADLINE_EXCEEDED, with the last state, after `timeout` seconds; None = for ever."""
    last = None
    try:
        async with Stream(states(calls, method, name, field, inf if timeout is None else monotonic() + timeout, each)) as told:
            async for state in told:
                last = state
    except RelaisError as error:
        error.last = last
        raise
    return last


def watch_many(calls: Calls, method: Method, parent: str, items: str, removed: str) -> Stream[Change[Any]]:
    return Stream(_changes(calls, method, method.request_type(parent=parent), items, removed))


async def _changes(calls: Calls, method: Method, request: Any, items: str, removed: str) -> AsyncIterator[Change[Any]]:
    known: set[str] = set()
    missing: set[str] = set()
    begun = complete = fresh = told_start = False

    def opened() -> None:
        nonlocal fresh, told_start
        fresh, told_start = not request.resume_token, False

    async with Stream(calls.messages(method, request, calls.retry.silence, endless=True, anew=True, opened=opened)) as messages:
        async for message in messages:
            starts = not told_start and (fresh or message.restarted)
            told_start = told_start or starts
            if restarted := begun and starts:
                missing, complete = set(known), False
                calls.tell(Event("restart", method.path[1:], grpc.StatusCode.OK, "", "all is told anew", 0, 0.0, "", ""))
            changed, gone = list(getattr(message, items)), list(getattr(message, removed))
            names = {item.name for item in changed}
            missing -= names.union(gone)
            if message.snapshot_complete:
                gone += sorted(missing)
                missing = set()
            known = (known | names).difference(gone)
            request.resume_token = message.resume_token
            if changed or gone or restarted or message.snapshot_complete != complete:
                begun, complete = True, message.snapshot_complete
                yield Change(changed, gone, complete, restarted)


async def download_to(calls: Calls, method: Method, request: Any, file: BinaryIO, path: str = "") -> Saved:
    """Writes a file as it comes, once. DATA_LOSS when it is not whole."""
    size, digest, metadata, trailer = 0, hashlib.sha256(), None, None
    async with Stream(calls.messages(method, request, calls.retry.progress, attempts=1)) as messages:
        async for message in messages:
            if message.chunk:
                await blocking(file.write, message.chunk)
                digest.update(message.chunk)
                size += len(message.chunk)
            elif message.HasField("metadata"):
                metadata = message.metadata
            else:
                trailer = message.trailer
    if not (metadata and trailer and (size, digest.hexdigest()) == (trailer.size_bytes, trailer.sha256)):
        why = "it is not as its size and SHA-256 say" if trailer else "it ended early"
        raise RelaisError(grpc.StatusCode.DATA_LOSS, f"{request.name} is damaged: {why}", retry_after=0.0)
    return Saved(path, metadata.file_name, size, digest.hexdigest(), metadata.media_type)


async def download(calls: Calls, method: Method, request: Any, path: str | os.PathLike[str]) -> Saved:
    """Replaces the file at `path` when all has come; a file that came damaged is asked for thrice at most."""
    most = calls.retry.attempts
    repeats = Repeats(calls, method, "repeat", attempts=most)
    while True:
        try:
            with replacing(os.fspath(path)) as file:
                return await download_to(calls, method, request, file, os.fspath(path))
        except RelaisError as error:
            failure = error
        repeats.attempts = min(3, most) if failure.code is grpc.StatusCode.DATA_LOSS else most
        await repeats.after(failure)


async def upload(calls: Calls, method: Method, start: Any, sources: Mapping[str, Source]) -> Any:
    """The answer to a submission with its files. Sent anew for each attempt, unless a source can be read only once."""
    for source in sources.values():
        if isinstance(source, os.PathLike):
            open(source, "rb").close()
    once = any(hasattr(source, "read") for source in sources.values())
    repeats = Repeats(calls, method, "repeat", attempts=1 if once else calls.retry.attempts, request_id=start.request_id)
    deadline, failures = inf, []

    async def messages() -> AsyncIterator[Any]:
        nonlocal deadline
        deadline = monotonic() + calls.retry.progress
        try:
            yield method.request_type(start=start)
            for path, source in sources.items():
                yield method.request_type(file={"path": path})
                size, digest, content = 0, hashlib.sha256(), pieces(source)
                while piece := await blocking(next, content, b""):
                    size += len(piece)
                    digest.update(piece)
                    deadline = monotonic() + calls.retry.progress
                    yield method.request_type(chunk=piece)
                yield method.request_type(end={"size_bytes": size, "sha256": digest.hexdigest()})
            deadline = monotonic() + calls.retry.give_up
        except Exception as error:  # gRPC would only log it; an upload that ends here commits nothing.
            failures.append(error)

    try:
        return await calls.answer(method, messages, repeats, lambda: deadline - monotonic())
    except RelaisError as error:
        raise failures[0] if failures else error

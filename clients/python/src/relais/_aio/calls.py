"""Calls with deadline, request id, repetition and typed errors."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from math import inf
from time import monotonic
from typing import Any, Generic, TypeVar
from uuid import uuid4

import grpc

from relais._io_aio import answer, read, ready, sleep, start, value_of
from relais._reasons import Reason
from relais._types import Event, RelaisError, Retry, error_of

Request = TypeVar("Request")
Response = TypeVar("Response")
Item = TypeVar("Item")


class Calls:
    """What all services of a client share."""

    def __init__(self, target: str, channel: Any, timeout: float, token: Any, retry: Retry,
                 observer: Callable[[Event], None] | None) -> None:
        self.target, self.channel, self.timeout = target, channel, timeout
        self.token, self.retry, self.observer = token, retry, observer

    def tell(self, event: Event) -> None:
        if self.observer:
            self.observer(event)

    async def metadata(self) -> tuple[tuple[str, str], ...]:
        if self.token is None:
            return ()
        token = self.token if isinstance(self.token, str) else await value_of(self.token)
        return (("authorization", f"Bearer {token}"),)

    async def answer(self, method: Method, request: Callable[[], Any], repeats: Repeats,
                     seconds_left: Callable[[], float] = lambda: inf) -> Any:
        """The answer to `request()`, which is made anew for each attempt."""
        while True:
            left = repeats.deadline - monotonic()
            call = start(method.open, request(), timeout=None if left == inf else left, metadata=await self.metadata())
            try:
                return await answer(call, seconds_left)
            except grpc.RpcError as error:
                failure = error_of(error, self.target)
            except TimeoutError:
                failure = RelaisError(grpc.StatusCode.UNAVAILABLE, f"{self.target}: no progress for too long")
            finally:
                call.cancel()
            await repeats.after(failure)

    async def messages(self, method: Method, request: Any, silence: float, *, deadline: float = inf, attempts: float = inf,
                       endless: bool = False, anew: bool = False, opened: Callable[[], None] = lambda: None) -> AsyncIterator[Any]:
        """Messages of a stream, which is opened again, with `request` as it is then, when it breaks; also when it ends
        and is `endless`. `anew`: without its resume token when the gateway does not know that any more."""
        repeats = Repeats(self, method, "reconnect", deadline=deadline, attempts=attempts)
        while True:
            opened()
            call, heard = method.open(request, metadata=await self.metadata()), False
            try:
                while (message := await read(call, max(0.0, min(silence, repeats.limit() - monotonic())))) is not None:
                    heard = True
                    repeats.heard()
                    yield message
                    repeats.heard()
                if not endless:
                    return
                if heard:
                    continue
                failure = RelaisError(grpc.StatusCode.UNAVAILABLE, f"{self.target}: the stream ended at once")
            except grpc.RpcError as error:
                failure = error_of(error, self.target)
            except TimeoutError:
                code = grpc.StatusCode.DEADLINE_EXCEEDED if monotonic() >= deadline else grpc.StatusCode.UNAVAILABLE
                failure = RelaisError(code, f"{self.target}: no message within the time given")
            finally:
                call.cancel()
            if anew and failure.reason is Reason.INVALID_RESUME_TOKEN and request.resume_token:
                request.resume_token, failure.retry_after = "", 0.0
            await repeats.after(failure)


class Repeats:
    """Decides whether a call is made again, and waits before it is."""

    def __init__(self, calls: Calls, method: Method, kind: str, *, attempts: float = inf, request_id: str = "",
                 deadline: float = inf) -> None:
        self._calls, self._method, self._kind, self.attempts = calls, method, kind, attempts
        self._request_id, self.deadline, self._in_progress = request_id, deadline, inf
        self.heard()

    def heard(self) -> None:
        """The stream has told something: what failed before counts no longer."""
        self._failed, self._renewed, self._heard = 0, False, monotonic()

    def limit(self) -> float:
        """The instant at which the caller, or a stream that tells nothing, gives up."""
        since = self._heard if self.attempts == inf else self._in_progress
        return min(self.deadline, since + self._calls.retry.give_up)

    async def after(self, error: RelaisError) -> None:
        """Returns when it is time for the next attempt; raises `error` when there is none."""
        calls, retry = self._calls, self._calls.retry
        in_progress = error.reason is Reason.REQUEST_IN_PROGRESS
        self._in_progress = min(self._in_progress, monotonic()) if in_progress else inf
        self._failed += not in_progress
        error.attempts, error.request_id = max(1, self._failed), self._request_id
        renew = error.code is grpc.StatusCode.UNAUTHENTICATED and calls.token is not None and not self._renewed
        self._renewed = self._renewed or renew
        back_off = min(retry.first_wait * 2 ** min(max(0, self._failed - 1), 20), retry.longest_wait) * random.uniform(0.5, 1)
        wait = 0.0 if renew else max(back_off, error.retry_after or 0.0)
        now = monotonic()
        left = self.limit() - now
        if (not (renew or error.repeatable) or self.attempts <= 1 or self._failed >= self.attempts and not in_progress
                or left <= (error.retry_after or 0.0) or now + wait >= self.deadline):
            raise error
        wait = min(wait, left)
        calls.tell(Event(self._kind, self._method.path[1:], error.code, error.raw_reason, error.message,
                         error.attempts, wait, self._request_id, error.call_id))
        await sleep(wait)
        if not error.raw_reason:
            await ready(calls.channel, max(0.0, min(1.0, self.limit() - monotonic())))


class Stream(Generic[Item]):
    """What comes of a stream, once. Leaving the `async with` block cancels the call."""

    def __init__(self, items: AsyncIterator[Item]) -> None:
        self._items: Any = items

    def __aiter__(self) -> AsyncIterator[Item]:
        return self._items  # type: ignore[no-any-return]

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Cancels the call."""
        await self._items.aclose()


class Method:
    """A method of the gateway."""
    kind = ""

    def __init__(self, calls: Calls, path: str, request: Any, response: Any, items: str = "") -> None:
        self._calls, self.path, self.items = calls, path, items
        self.request_type, self.response_type = request, response
        self.open: Any = getattr(calls.channel, self.kind)(path, request.SerializeToString, response.FromString)


class Unary(Method, Generic[Request, Response]):
    """`await method(request)` calls, and repeats where that can help; an empty `request_id` is filled in a copy."""
    kind = "unary_unary"

    async def __call__(self, request: Request, *, timeout: float | None = None) -> Response:
        """`timeout`: seconds for all attempts together, `math.inf` = no limit; None = that of the client."""
        message: Any = request
        if "request_id" in message.DESCRIPTOR.fields_by_name and not message.request_id:
            message = type(message)()
            message.CopyFrom(request)
            message.request_id = str(uuid4())
        deadline = monotonic() + (self._calls.timeout if timeout is None else timeout)
        repeats = Repeats(self._calls, self, "repeat", attempts=self._calls.retry.attempts, deadline=deadline,
                          request_id=getattr(message, "request_id", ""))
        return await self._calls.answer(self, lambda: message, repeats)  # type: ignore[no-any-return]


class Lister(Unary[Request, Response], Generic[Request, Response, Item]):
    """A method that gives one page of a list."""

    async def all(self, request: Request) -> AsyncIterator[Item]:
        """All items, page by page as they are taken."""
        copy: Any = self.request_type()
        copy.CopyFrom(request)
        while True:
            page: Any = await self(copy)
            for item in getattr(page, self.items):
                yield item
            copy.page_token = page.next_page_token
            if not copy.page_token:
                return


class Streamer(Method, Generic[Request, Response]):
    """`method(request)` is one stream as it comes: neither repeated nor gone on with."""
    kind = "unary_stream"

    def __call__(self, request: Request) -> Stream[Response]:
        return Stream(self._calls.messages(self, request, self._calls.retry.give_up, attempts=1))


class Uploader(Method, Generic[Request, Response]):
    """`await method(requests)` sends them once, as they come."""
    kind = "stream_unary"

    async def __call__(self, requests: AsyncIterator[Request], *, timeout: float | None = None) -> Response:
        deadline = monotonic() + (self._calls.timeout if timeout is None else timeout)
        repeats = Repeats(self._calls, self, "repeat", attempts=1, deadline=deadline)
        return await self._calls.answer(self, lambda: requests, repeats)  # type: ignore[no-any-return]

"""What asynchronous and blocking code do differently; _io_aio has the same for the former."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Any

import grpc


api: Any = grpc
sleep = time.sleep


def ready(channel: Any, seconds: float) -> None:
    """Waits until `channel` is connected, at most so long."""
    future = grpc.channel_ready_future(channel)
    try:
        future.result(timeout=seconds)
    except grpc.FutureTimeoutError:
        future.cancel()


def value_of(function: Callable[[], Any]) -> Any:
    """What a function of the caller's gives."""
    return function()


def blocking(function: Callable[..., Any], *args: Any) -> Any:
    """Runs what waits for a disk or a pipe."""
    return function(*args)


def start(method: Any, request: Any, **options: Any) -> Any:
    """Begins a call that has one answer."""
    return method.future(request, **options)


def answer(call: Any, seconds_left: Callable[[], float]) -> Any:
    """The answer of a call; TimeoutError when no seconds are left."""
    while True:
        left = seconds_left()
        if left <= 0:
            raise TimeoutError
        try:
            return call.result(timeout=min(left, threading.TIMEOUT_MAX))
        except grpc.FutureTimeoutError:
            pass


# Streams that are read -> when they count as silent. One thread cancels them, whatever their number.
_due: dict[Any, float] = {}
_changed = threading.Condition()


def _watch() -> None:
    with _changed:
        while True:
            for call in [call for call, due in _due.items() if due <= time.monotonic()]:
                del _due[call]
                call.cancel()
            _changed.wait(min(_due.values(), default=math.inf) - time.monotonic() if _due else None)


def read(call: Any, seconds: float) -> Any:
    """The next message of a stream, None at its end; TimeoutError when none comes for so long."""
    global _watchdog
    due = time.monotonic() + min(seconds, threading.TIMEOUT_MAX / 2)
    with _changed:
        if _watchdog is None:
            _watchdog = threading.Thread(target=_watch, name="relais-watchdog", daemon=True)
            _watchdog.start()
        if due < min(_due.values(), default=math.inf):
            _changed.notify()
        _due[call] = due
    try:
        return next(call, None)
    except grpc.RpcError:
        if call not in _due:
            raise TimeoutError from None
        raise
    finally:
        _due.pop(call, None)


_watchdog: threading.Thread | None = None

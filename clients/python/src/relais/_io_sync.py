"""What asynchronous and blocking code do differently; _io_aio has the same for the former."""

from __future__ import annotations

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


def read(call: Any, seconds: float) -> Any:
    """The next message of a stream, None at its end; TimeoutError when none comes for so long."""
    silent = threading.Event()

    def break_off() -> None:
        silent.set()
        call.cancel()

    timer = threading.Timer(seconds, break_off)
    timer.daemon = True
    timer.start()
    try:
        return next(call, None)
    except grpc.RpcError:
        if silent.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()

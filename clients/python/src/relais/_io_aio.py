"""What asynchronous and blocking code do differently; _io_sync has the same for the latter."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import grpc
import grpc.aio


api: Any = grpc.aio
sleep = asyncio.sleep


async def ready(channel: Any, seconds: float) -> None:
    """Waits until `channel` is connected, at most so long."""
    try:
        await asyncio.wait_for(channel.channel_ready(), seconds)
    except asyncio.TimeoutError:
        pass


async def value_of(function: Callable[[], Any]) -> Any:
    """What a function of the caller's gives, asynchronous or not."""
    value = function()
    return await value if inspect.isawaitable(value) else value


async def blocking(function: Callable[..., Any], *args: Any) -> Any:
    """Runs what waits for a disk or a pipe."""
    return await asyncio.to_thread(function, *args)


def start(method: Any, request: Any, **options: Any) -> Any:
    """Begins a call that has one answer."""
    return method(request, **options)


async def answer(call: Any, seconds_left: Callable[[], float]) -> Any:
    """The answer of a call; TimeoutError when no seconds are left."""
    async def wait() -> Any:
        return await call
    task = asyncio.ensure_future(wait())
    try:
        while not task.done():
            left = seconds_left()
            if left <= 0:
                raise TimeoutError
            await asyncio.wait({task}, timeout=left)
        return task.result()
    finally:
        task.cancel()


async def read(call: Any, seconds: float) -> Any:
    """The next message of a stream, None at its end; TimeoutError when none comes for so long."""
    try:
        message = await asyncio.wait_for(call.read(), seconds)
    except asyncio.TimeoutError:
        raise TimeoutError from None
    return None if message is grpc.aio.EOF else message

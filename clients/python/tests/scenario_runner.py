#!/usr/bin/env python3
"""Carries out the commands of clients/scenarios with the Python client: the blocking one, or with --aio that for asyncio.

Reads commands from standard input and writes answers to standard output, a JSON object a line.
"""

import asyncio
import json
import os
import pathlib
import resource
import signal
import sys
import threading
import time

PYTHON = pathlib.Path(__file__).resolve().parents[3] / ".deps/python-client/bin/python"
if os.access(PYTHON, os.X_OK) and pathlib.Path(sys.prefix) != PYTHON.parents[1]:
    os.execv(PYTHON, [str(PYTHON), *sys.argv])

import relais  # noqa: E402
from scenario_ops import OPERATIONS  # noqa: E402
from scenario_text import error_as_json, event_as_json  # noqa: E402


class Leave(BaseException):
    """The time has come to leave a loop."""


class Runner:
    """Clients that are open, and how to wait for them."""

    def __init__(self, aio):
        self.aio = aio
        self._clients = {}

    def client(self, command):
        """The client for a command, and the list to which it adds its events."""
        connect = command.get("connect", {})
        key = command["target"] + json.dumps(connect, sort_keys=True)
        if key not in self._clients:
            events = []
            tokens = list(connect.get("tokens", []))
            token = (lambda: tokens.pop(0) if len(tokens) > 1 else tokens[0]) if tokens else connect.get("token")
            times = {name: connect[f"{name}_ms"] / 1000 for name in ("silence", "give_up", "progress") if f"{name}_ms" in connect}
            if "attempts" in connect:
                times["attempts"] = connect["attempts"]
            options = {"timeout": connect["timeout_ms"] / 1000} if "timeout_ms" in connect else {}
            make = relais.aio.connect if self.aio else relais.connect
            self._clients[key] = make(command["target"], token=token, insecure=connect.get("insecure", False),
                                      retry=relais.Retry(**times), observer=events.append, **options), events
        return self._clients[key]

    async def carry_out(self, command):
        """The answer to one command."""
        answer = {"id": command.get("id")}
        began, peak, heard = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0
        events = []
        try:
            if command["op"] == "parallel":
                calls = [{"target": command["target"], "connect": command.get("connect", {}), **call} for call in command["calls"]]
                answer["results"] = await self._all(calls)
            else:
                client, events = self.client(command)
                heard = len(events)
                await OPERATIONS[command["op"]](self, client, command, answer)
        except (KeyboardInterrupt, asyncio.CancelledError):
            answer["error"] = {"local": "cancelled"}
        except Exception as error:
            answer["error"] = error_as_json(error)
        answer["ms"] = round((time.monotonic() - began) * 1000)
        answer["events"] = [event_as_json(event) for event in events[heard:]]
        if command["op"] in ("rows", "submit", "tail", "watch"):
            answer["memory_kib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
        return answer

    async def _all(self, commands):
        if self.aio:
            return await asyncio.gather(*map(self.carry_out, commands))
        results = [None] * len(commands)

        def work(place):
            results[place] = run_blocking(self.carry_out(commands[place]))

        threads = [threading.Thread(target=work, args=(place,)) for place in range(len(commands))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    async def items(self, stream, seconds=None):
        """What comes of a stream, for at most so long; then the stream is left."""
        if self.aio:
            deadline = None if seconds is None else time.monotonic() + seconds
            async with stream:
                iterator = stream.__aiter__()
                while True:
                    try:
                        left = None if deadline is None else deadline - time.monotonic()
                        item = await asyncio.wait_for(iterator.__anext__(), left)
                    except (StopAsyncIteration, asyncio.TimeoutError):
                        return
                    yield item
        with stream:
            try:
                if seconds is not None:
                    alarm(Leave, seconds)
                for item in stream:
                    yield item
            except Leave:
                return
            finally:
                alarm(None, 0)


def alarm(error, seconds):
    """Raises `error` in this thread after so long; 0 = not."""
    if threading.current_thread() is not threading.main_thread() or error is None and signal.getitimer(signal.ITIMER_REAL)[0] == 0:
        return

    def strike(*_):
        raise error

    signal.setitimer(signal.ITIMER_REAL, 0)
    if error is not None:
        signal.signal(signal.SIGALRM, strike)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def run_blocking(coroutine):
    """Runs what never waits for an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("a blocking call has suspended")


def command_lines():
    for line in sys.stdin:
        yield json.loads(line)


def say(answer):
    print(json.dumps(answer, ensure_ascii=False), flush=True)


def run_sync():
    runner = Runner(aio=False)
    for command in command_lines():
        if "cancel_after_ms" in command:
            # Ctrl-C is how a blocking call is cancelled in Python.
            alarm(KeyboardInterrupt, command["cancel_after_ms"] / 1000)
        answer = run_blocking(runner.carry_out(command))
        alarm(None, 0)
        say(answer)


async def run_aio():
    runner = Runner(aio=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        task = asyncio.ensure_future(runner.carry_out(command))
        if "cancel_after_ms" in command:
            loop.call_later(command["cancel_after_ms"] / 1000, task.cancel)
        say(await task)
    for client, _ in runner._clients.values():
        await client.aclose()


if __name__ == "__main__":
    asyncio.run(run_aio()) if "--aio" in sys.argv[1:] else run_sync()

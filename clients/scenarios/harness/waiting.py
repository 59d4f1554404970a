"""Waiting for what nothing tells: a counter of a program, a line in its log, what another program has read.

Metrics, Envoy's admin port and Prometheus have no call that waits, and Python none that waits for a file: these are asked
again and again. What does tell is not awaited here: a program says where it listens, a stream its next message.
"""

import contextlib
import time


def eventually(read, what, seconds=60, pause=0.05):
    """The first true value of `read()`; a connection that is refused counts as not yet."""
    until = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            value = read()
            if value:
                return value
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause)

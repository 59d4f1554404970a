"""A gateway with its sandbox, for tests."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
RELAISD = os.environ.get("RELAISD", str(ROOT / "build/release/bin/relaisd"))
LISTEN = [word for name in ("listen", "admin-listen", "sandbox-listen", "campaign-listen") for word in (f"--{name}", "127.0.0.1:0")]


@contextlib.contextmanager
def running(*arguments):
    """Target of a gateway that runs until the block ends."""
    process = subprocess.Popen([RELAISD, "dev", *LISTEN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        target = next(found[1] for line in process.stdout if (found := re.match(r"gRPC on ([^,]+),", line)))
        yield target
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)

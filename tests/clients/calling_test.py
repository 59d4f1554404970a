#!/usr/bin/env python3
"""Runs the programs of docs/clients.md against a gateway: all say the same.

    tests/clients/calling_test.py LANGUAGE…     # go, python, java

RELAISD names the gateway: build/release/bin/relaisd. Python takes the interpreter that runs this; Java what
`make test-clients-java` has built. The C++ one is built and run by clients/cpp/tests/package_test.py, as a user builds it.
"""

import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs/examples/clients"
RELAISD = os.environ.get("RELAISD", str(ROOT / "build/release/bin/relaisd"))
LISTEN = [f"--{name}listen=127.0.0.1:0" for name in ("", "admin-", "sandbox-", "campaign-")]
WRITTEN = "localhost:50051"
SAID = ["no such job", "01000 BOURG EN BRESSE", "01000 BROU", "67000 STRASBOURG"]
SECONDS = 600


def run(*command, cwd, **more):
    done = subprocess.run([str(word) for word in command], cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=SECONDS, check=False, **more)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def go(source):
    return run("go", "run", source, cwd=ROOT / "clients/go")


def python(source):
    return run(sys.executable, source, cwd=source.parent)


def java(source):
    tools = ROOT / "clients/java/tools/target"
    return run("java", "-cp", f"{tools / 'classes'}:{tools / 'lib'}/*", source, cwd=source.parent)


LANGUAGES = {"go": (go, "calling.go"), "python": (python, "calling.py"), "java": (java, "Calling.java")}


@contextlib.contextmanager
def gateway():
    """A gateway with its sandbox: its address."""
    process = subprocess.Popen([RELAISD, "dev", *LISTEN], text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield next(found[1] for line in process.stdout if (found := re.match(r"gRPC on ([^ ,]+),", line)))
    finally:
        process.terminate()
        process.communicate(timeout=60)


def program(name, target):
    """The text of a program that calls `target` instead."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert text.count(WRITTEN) == 1, f"{name} does not call {WRITTEN}"
    return text.replace(WRITTEN, target)


def main(languages):
    if not languages or not set(languages) <= set(LANGUAGES):
        raise SystemExit(__doc__)
    with gateway() as target:
        for language in languages:
            execute, name = LANGUAGES[language]
            text = program(name, target)
            with tempfile.TemporaryDirectory(prefix="relais-calling-") as folder:
                source = pathlib.Path(folder) / name
                source.write_text(text, encoding="utf-8")
                said = execute(source).splitlines()
            if said != SAID:
                raise SystemExit(f"{name} says {said}, not {SAID}")
            print(f"{name}: {len(text.splitlines())} lines, says what it should")


if __name__ == "__main__":
    main(sys.argv[1:])

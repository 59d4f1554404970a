#!/usr/bin/env python3
"""Runs the programs of docs/clients.md against a gateway: all say the same.

    tests/clients/calling_test.py LANGUAGE…     # go, python, java, cpp

RELAISD names the gateway: build/release/bin/relaisd. Python takes the interpreter that runs this; Java what
`make test-clients-java` has built; C++ the client that is configured in build/clients/cpp, which it installs elsewhere.
"""

import os
import pathlib
import re
import shutil
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
PROJECT = """cmake_minimum_required(VERSION 3.16)
project(calling LANGUAGES CXX)
find_package(relais CONFIG REQUIRED)
add_executable(calling calling.cc)
target_link_libraries(calling PRIVATE relais::client)
"""


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


def cpp(source):
    folder = source.parent
    run("cmake", "--install", ROOT / "build/clients/cpp", "--prefix", folder / "prefix", cwd=folder)
    (folder / "CMakeLists.txt").write_text(PROJECT, encoding="utf-8")
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    run("cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={folder / 'prefix'}", *launcher, cwd=folder)
    run("cmake", "--build", folder / "build", "-j", os.cpu_count(), cwd=folder,
        env={**os.environ, "CCACHE_BASEDIR": str(folder / "build"), "CCACHE_NOHASHDIR": "1"})
    return run(folder / "build/calling", cwd=folder)


LANGUAGES = {"go": (go, "calling.go"), "python": (python, "calling.py"), "java": (java, "Calling.java"), "cpp": (cpp, "calling.cc")}


def main(languages):
    if not languages or not set(languages) <= set(LANGUAGES):
        raise SystemExit(__doc__)
    gateway = subprocess.Popen([RELAISD, "dev", *LISTEN], text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        target = next(found[1] for line in gateway.stdout if (found := re.match(r"gRPC on ([^ ,]+),", line)))
        for language in languages:
            execute, name = LANGUAGES[language]
            text = (EXAMPLES / name).read_text(encoding="utf-8")
            assert text.count(WRITTEN) == 1, f"{name} does not call {WRITTEN}"
            with tempfile.TemporaryDirectory(prefix="relais-calling-") as folder:
                source = pathlib.Path(folder) / name
                source.write_text(text.replace(WRITTEN, target), encoding="utf-8")
                said = execute(source).splitlines()
            if said != SAID:
                raise SystemExit(f"{name} says {said}, not {SAID}")
            print(f"{name}: {len(text.splitlines())} lines, says what it should")
    finally:
        gateway.terminate()
        gateway.communicate(timeout=60)


if __name__ == "__main__":
    main(sys.argv[1:])

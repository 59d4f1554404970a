#!/usr/bin/env python3
"""Uses the C++ client as a user does: installs it outside of the tree and builds the examples there by find_package, runs
them against a gateway, and builds the first of them with the client as a folder of another project.

    package_test.py BUILD       folder in which the client was configured
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/clients/cpp").resolve()
CPP = pathlib.Path(__file__).resolve().parent.parent
ROOT = CPP.parent.parent
# What each example prints, as a pattern.
PRINTS = {
    "first_call": r"queues/sandbox runs version \d",
    "recordsql": r"the first is 67\d+\n[1-9]\d* postcodes, [1-9]\d* columns",
    "jobqueue": r"queues/sandbox/jobs/\S+ succeeded\n.*: [1-9]\d* bytes",
    "robot": r"\w.* succeeded\n.*execution started",
    "campaign": r"(?s).+instances/sandbox/actionRuns/\S+ succeeded",
    "exports": r"exports/postcodes/runs/\S+: [1-9]\d* rows\n[1-9]\d* bytes of text/csv",
}
sys.path.insert(0, str(ROOT / "tests/clients"))
import calling_test  # noqa: E402


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=800, check=False, **more)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(str(word) for word in command)}: {done.returncode}\n{done.stdout[-6000:]}")
    return done.stdout


def build(source, binary, cached, *settings, targets=()):
    """Configures and builds. `cached`: the folder from which a compiler cache takes paths, the same in each build."""
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    run("cmake", "-S", source, "-B", binary, "-DCMAKE_BUILD_TYPE=Release", *launcher, *settings)
    environment = {**os.environ, "CCACHE_BASEDIR": str(cached), "CCACHE_NOHASHDIR": "1"}
    run("cmake", "--build", binary, "-j", os.cpu_count(), *(["--target", *targets] if targets else []), env=environment)


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="relais-cpp-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.outside = pathlib.Path(cls.folder.name)
        shutil.copytree(CPP / "examples", cls.outside / "project")

    def test_installed_found_and_run(self):
        prefix, binary = self.outside / "prefix", self.outside / "build"
        run("cmake", "--install", BUILD, "--prefix", prefix)
        with calling_test.gateway() as target:
            # The program of docs/clients.md is one of them.
            (self.outside / "project/calling.cc").write_text(calling_test.program("calling.cc", target), encoding="utf-8")
            with open(self.outside / "project/CMakeLists.txt", "a", encoding="utf-8") as file:
                file.write("add_executable(calling calling.cc)\ntarget_link_libraries(calling PRIVATE relais::client)\n")
            build(self.outside / "project", binary, binary, f"-DCMAKE_PREFIX_PATH={prefix}")
            self.assertEqual(run(binary / "calling").splitlines(), calling_test.SAID)
            for example, pattern in PRINTS.items():
                with self.subTest(example):
                    self.assertRegex(run(binary / example, target), pattern)

    def test_as_a_folder_of_another_project(self):
        binary = self.outside / "subdirectory"
        build(self.outside / "project", binary, binary / "relais", f"-DRELAIS_SOURCE={ROOT}", targets=["first_call"])
        self.assertTrue((binary / "first_call").exists())

    def test_readme_shows_the_examples_as_they_are(self):
        readme = (CPP / "README.md").read_text(encoding="utf-8")
        for example in PRINTS:
            with self.subTest(example):
                code = (CPP / "examples" / f"{example}.cc").read_text(encoding="utf-8")
                self.assertIn(f"```cpp\n{code}```", readme)
        first = (CPP / "examples/first_call.cc").read_text(encoding="utf-8")
        self.assertLess(len(first.splitlines()), 30)


if __name__ == "__main__":
    unittest.main()

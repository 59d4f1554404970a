#!/usr/bin/env python3
"""Holds the lists of files that CMake and Bazel build in step.

    tools/bazel_test.py BUILD/sources.txt

Every target of bazel/BUILD.bazel that CMake has too must have the same sources, and the libraries and programs of the
gateway, the sandbox and the client must be there. Bazel need not be installed: its files are Starlark that Python
reads as well, and are run here with functions that only take down what each target is made of.
"""

import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "bazel"

# What Bazel need not have: most tests and what only they need, and other languages' parts.
WITHOUT = re.compile(r"_test$|^relais_packed$|_fuzz$|^relais_test_|^stepped_clock$|^bench_")


def matches(pattern):
    """The files of a pattern of glob, by their paths in bazel/, whose links it follows."""
    top, _, rest = pattern.partition("/")
    folder = (FOLDER / top).resolve()
    return {f"{top}/{path.relative_to(folder)}" for path in folder.glob(rest) if path.is_file()}


def glob(include, exclude=()):
    found = set().union(*map(matches, include))
    for pattern in exclude:
        # ** at the end means files at any depth; to pathlib, folders.
        found -= matches(pattern + "/*" if pattern.endswith("**") else pattern)
    return sorted(found)


class Targets:
    """The functions of Bazel that bazel/ calls."""

    def __init__(self):
        self.sources = {}
        self.functions = dict.fromkeys(["package", "filegroup", "genrule", "config_setting"], lambda **_: None)
        self.functions |= dict.fromkeys(["cc_library", "cc_binary", "cc_test"], self.add)
        self.functions |= {"glob": glob, "load": self.load, "fail": self.fail, "select": self.select}
        self.functions["native"] = type("Native", (), {k: staticmethod(f) for k, f in self.functions.items()})

    def add(self, name, srcs=(), **_):
        assert name not in self.sources, f"{name} stands twice in bazel/"
        self.sources[name] = {source.removeprefix(":") for source in srcs}

    def select(self, choices):
        return choices["//conditions:default"]

    def fail(self, text):
        raise AssertionError(text)

    def run(self, file):
        scope = dict(self.functions)
        exec(compile((FOLDER / file).read_text(), file, "exec"), scope)
        return scope

    def load(self, label, *names):
        scope = self.run(label.removeprefix("//").removeprefix(":"))
        self.functions |= {name: scope[name] for name in names}


def bazel():
    targets = Targets()
    build = FOLDER / "BUILD.bazel"
    # load() adds names while the file runs.
    scope = targets.functions
    exec(compile(build.read_text(), build.name, "exec"), scope)
    return targets.sources


def cmake(file):
    targets = {}
    for line in pathlib.Path(file).read_text().splitlines():
        target, source = line.split(" ", 1)
        targets.setdefault(target, set()).add(source)
    return targets


def plain(source):
    """A source as both can name it: generated ones by what they are made from."""
    stem = re.sub(r"(\.grpc)?\.pb\.(cc|h)$", ".proto", source)
    if stem != source:
        return stem.removeprefix("protos/")
    if re.search("described_|embedded_|fixtures", source):
        return "generated " + re.sub(r"^.*?(\w*described_\w+|embedded_\w+|fixtures)(\.cc)?$", r"\1", source)
    return source


class Lists(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.bazel = bazel()
        cls.cmake = cmake(SOURCES)

    def test_targets_of_both_have_the_same_sources(self):
        common = sorted(self.bazel.keys() & self.cmake.keys())
        self.assertGreater(len(common), 30)
        for target in common:
            with self.subTest(target):
                code = {plain(source) for source in self.bazel[target] if not source.endswith(".h")}
                self.assertEqual(code, {plain(s) for s in self.cmake[target] if not s.endswith(".h")})

    def test_bazel_has_every_library_and_program(self):
        product = {target for target in self.cmake if not WITHOUT.search(target)}
        self.assertEqual(product - self.bazel.keys(), set())

    def test_bazel_has_the_tests_of_core_and_sandbox(self):
        tests = {target for target, sources in self.cmake.items()
                 if target.endswith("_test") and all(re.match("server/core/|sandbox/", source) for source in sources)}
        self.assertGreater(len(tests), 10)
        self.assertEqual(tests - self.bazel.keys(), set())

    def test_bazel_has_nothing_else(self):
        # NAME_sources are the files of NAME once more, for --config=unity.
        found = {target for target in self.bazel if not target.endswith("_sources")}
        self.assertEqual(found - self.cmake.keys(), {"headers", "relais_client"})

    def test_the_client_is_made_of_its_folder(self):
        folder = ROOT / "clients" / "cpp" / "src"
        self.assertEqual({s for s in self.bazel["relais_client"] if s.endswith(".cc")},
                         {f"clients/cpp/src/{path.name}" for path in folder.glob("*.cc")})

    def test_all_have_the_same_version(self):
        version = re.search(r"project\(relais VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
        self.assertIn(f'VERSION = "{version}"\n', (FOLDER / "BUILD.bazel").read_text())
        self.assertIn(f'version = "{version}"', (FOLDER / "MODULE.bazel").read_text())
        self.assertEqual(json.loads((ROOT / "vcpkg.json").read_text())["version"], version)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: tools/bazel_test.py BUILD/sources.txt")
    SOURCES = sys.argv.pop()
    unittest.main()

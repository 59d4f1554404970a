#!/usr/bin/env python3
"""Shows that tools/check_includes catches what it promises to catch, and nothing else."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest

TOOLS = os.path.dirname(os.path.abspath(__file__))
SCRIPT = os.path.join(TOOLS, "check_includes")
LOADER = importlib.machinery.SourceFileLoader("check_includes", SCRIPT)
SPEC = importlib.util.spec_from_loader("check_includes", LOADER)
check_includes = importlib.util.module_from_spec(SPEC)
sys.dont_write_bytecode = True
LOADER.exec_module(check_includes)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def run(files, *options):
    """Runs check_includes on a tree of {path: text}; returns (exit code, standard output, the tree afterwards)."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run([sys.executable, SCRIPT, *options, root], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, {path: read(os.path.join(root, path)) for path in files}


class CheckIncludes(unittest.TestCase):

    def refuses(self, text, what, others=None):
        status, output, _ = run({"server/a.cc": text, **(others or {})})
        self.assertEqual(status, 1, output)
        self.assertEqual(output, f"server/a.cc:{what}\n")

    def accepts(self, text, others=None):
        status, output, _ = run({"server/a.cc": text, **(others or {})})
        self.assertEqual(status, 0, output)

    def test_a_name_needs_its_header(self):
        self.refuses("#include <vector>\nstd::optional<int> a;\n", "2: std::optional needs optional")
        self.refuses("bool b = absl::StartsWith(c, d);\n", "1: absl::StartsWith needs absl/strings/match.h")
        self.accepts("#include <optional>\nstd::optional<int> a;\n")
        self.accepts('#include "absl/strings/match.h"\nbool b = absl::StartsWith(c, d);\n')

    def test_a_name_is_reported_once_at_its_first_use(self):
        self.refuses("\nstd::optional<int> a;\nstd::optional<int> b;\n", "2: std::optional needs optional")

    def test_headers_of_the_project_bring_what_they_include(self):
        text = '#include "server/b.h"\nstd::optional<int> a;\n'
        self.accepts(text, {"server/b.h": '#include "server/c.h"\n', "server/c.h": "#include <optional>\n"})
        self.refuses(text, "2: std::optional needs optional", {"server/b.h": '#include "server/c.h"\n', "server/c.h": ""})
        self.accepts(text, {"server/b.h": '#include "server/a.h"\n#include <optional>\n', "server/a.h": '#include "server/b.h"\n'})

    def test_libraries_bring_what_they_are_made_for(self):
        self.accepts('#include "absl/status/statusor.h"\nabsl::Status a();\n')
        self.refuses("#include <gtest/gtest.h>\nstd::optional<int> a;\n", "2: std::optional needs optional")

    def test_an_unknown_name_must_be_added_to_the_table(self):
        self.refuses("std::no_such_thing a;\n",
                     "1: std::no_such_thing is not in tools/includes.txt: add it to the header that provides it")

    def test_names_of_the_project_need_the_header_that_declares_them(self):
        header = {"server/b.h": "class Widget {\n};\nint CountOf(int a);\ninline constexpr int kLimit = 1;\n"}
        for use, name in (("Widget a;\n", "Widget"), ("int a = CountOf(1);\n", "CountOf"), ("int a = kLimit;\n", "kLimit")):
            self.refuses(use, f"1: {name} needs server/b.h", header)
            self.accepts(f'#include "server/b.h"\n{use}', header)
        self.refuses("rooms::Widget a;\n", "1: Widget needs server/b.h", header)
        self.accepts("v1::Widget a;\n", header)  # a message
        self.accepts("template <typename Widget>\nWidget Make();\n", header)
        self.accepts("class Widget;\nWidget* a;\n", header)
        self.accepts("int a = b.CountOf(1) + c->CountOf(2) + D::CountOf(3);\n", header)

    def test_names_that_are_not_only_of_one_header_say_nothing(self):
        header = {"server/b.h": "class Widget {\n};\n"}
        self.accepts("Widget a;\n", {**header, "server/c.h": "class Widget {\n};\n"})
        self.accepts("Widget a;\n", {**header, "server/c.h": "class Other {\n  class Widget {};\n};\n"})
        self.accepts("class Widget {\n};\nWidget a;\n", header)

    def test_comments_and_strings_name_nothing(self):
        self.accepts('// std::optional\n/* std::optional\n*/ const char* a = "std::optional";\n'
                     'const char* b = R"(\n"std::optional)";\nchar c = \'"\'; int d = 1\'000;\n')

    def test_fix_adds_what_is_missing(self):
        _, _, after = run({"server/a.cc": '#include "server/a.h"\n\n#include <string>\n\nstd::optional<int> a;\n',
                           "server/a.h": ""}, "--fix")
        self.assertIn("#include <optional>\n", after["server/a.cc"])
        self.assertEqual(run(after)[0], 0)

    def test_includes_that_once_were_missing_would_be_missed(self):
        table, tree = check_includes.Table(check_includes.TABLE), check_includes.Tree(os.path.dirname(TOOLS))
        found = 0
        for path, text in list(tree.files.items()):
            for name, include in (("odata/match.cc", "<optional>"), ("simulator/jobs.cc", '"absl/strings/match.h"')):
                if not path.endswith(name) or f"#include {include}" not in text:
                    continue
                found += 1
                tree.files[path] = text.replace(f"#include {include}\n", "")
                tree.forget_includes()
                missing = [header for _, _, header in check_includes.violations_of(tree, table, path)]
                self.assertIn(include.strip('<">'), missing, path)
                tree.files[path] = text
        self.assertGreater(found, 0, "the files have moved: name others here")


if __name__ == "__main__":
    unittest.main()

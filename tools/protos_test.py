#!/usr/bin/env python3
"""Shows that tools/check_protos refuses what breaks clients, that tools/pack_protos packs what stubs can be made of,
and that tools/gen_go finds stale ones."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUF = os.path.join(ROOT, ".deps", "bin", "buf")
JOBS = "protos/relais/jobqueue/v1/jobqueue.proto"


def run(*command, cwd=ROOT):
    done = subprocess.run(command, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


class Tree:
    """A copy of what the tools read, to be changed at will."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.path = self._folder.name
        for name in ("protos", "tools", "clients/go"):
            shutil.copytree(os.path.join(ROOT, name), os.path.join(self.path, name))
        for name in ("buf.yaml", "buf.gen.yaml"):
            shutil.copy(os.path.join(ROOT, name), self.path)
        os.symlink(os.path.join(ROOT, ".deps"), os.path.join(self.path, ".deps"))
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def change(self, name, old, new):
        path = os.path.join(self.path, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        assert old in text, old
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new, 1))

    def check(self):
        return run("tools/check_protos", cwd=self.path)


class CheckProtos(unittest.TestCase):
    def test_a_tree_as_it_is_passes_and_an_added_field_too(self):
        with Tree() as tree:
            tree.change(JOBS, "  string request_id = 23 [", "  string colour = 99;\n  // An id.\n  string request_id = 23 [")
            code, output = tree.check()
            self.assertEqual(code, 0, output)

    def test_what_breaks_clients_is_refused(self):
        for old, new, word in (
                ("  string culture = 8;", "  string culture = 9;", "culture"),
                ("  bool validate_only = 4;", "  string validate_only = 4;", "validate_only"),
                ("STATE_CANCELLED = 6;", "STATE_STOPPED = 6;", "STATE_STOPPED"),
                ("rpc GetQueue(", "rpc ReadQueue(", "GetQueue")):
            with self.subTest(old), Tree() as tree:
                tree.change(JOBS, old, new)
                code, output = tree.check()
                self.assertNotEqual(code, 0)
                self.assertIn(word, output)

    def test_what_has_no_comment_is_refused(self):
        with Tree() as tree:
            tree.change(JOBS, "// A file that a job has made.\n", "")
            code, output = tree.check()
            self.assertNotEqual(code, 0)
            self.assertIn("OutputFile", output)


class GenGo(unittest.TestCase):
    def test_stale_missing_and_left_over_stubs_are_found(self):
        with Tree() as tree:
            check = ("tools/gen_go", "--check")
            self.assertEqual(run(*check, cwd=tree.path)[0], 0)
            tree.change(JOBS, "  string request_id = 23 [", "  string colour = 99;\n  // An id.\n  string request_id = 23 [")
            os.remove(os.path.join(tree.path, "clients/go/type/v1/type.pb.go"))
            with open(os.path.join(tree.path, "clients/go/robot/v1/old.pb.go"), "w", encoding="utf-8") as file:
                file.write("package robotv1\n")
            code, output = run(*check, cwd=tree.path)
            self.assertNotEqual(code, 0)
            for name in ("jobqueue/v1/jobqueue.pb.go", "type/v1/type.pb.go", "robot/v1/old.pb.go"):
                self.assertIn(name + " is stale", output)


class PackProtos(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory()
        cls.packed = []
        for name in ("one", "two"):
            code, output = run("tools/pack_protos", os.path.join(cls._folder.name, name))
            assert code == 0, output
            cls.packed.append(output.split()[-2:])
        run("tar", "-xzf", cls.packed[0][0], "-C", cls._folder.name)
        cls.unpacked = os.path.join(cls._folder.name, os.path.basename(cls.packed[0][0])[:-len(".tar.gz")])
        cls.protos = sorted(os.path.relpath(os.path.join(folder, name), cls.unpacked)
                            for folder, _, names in os.walk(cls.unpacked) for name in names if name.endswith(".proto"))

    @classmethod
    def tearDownClass(cls):
        cls._folder.cleanup()

    def test_the_same_tree_gives_the_same_bytes(self):
        for one, two in zip(*self.packed):
            with open(one, "rb") as a, open(two, "rb") as b:
                self.assertEqual(a.read(), b.read(), one)

    def test_protoc_needs_nothing_else(self):
        self.assertIn("google/rpc/error_details.proto", self.protos)
        self.assertEqual([p for p in self.protos if p.startswith("relais/")], sorted(
            os.path.relpath(os.path.join(folder, name), os.path.join(ROOT, "protos"))
            for folder, _, names in os.walk(os.path.join(ROOT, "protos")) for name in names if name.endswith(".proto")))
        code, output = run("protoc", "-I.", "--descriptor_set_out=/dev/null", *self.protos, cwd=self.unpacked)
        self.assertEqual((code, output), (0, ""))

    def test_the_descriptor_set_has_comments_and_all_files(self):
        code, output = run(BUF, "build", self.packed[0][1], "-o", "-#format=json")
        self.assertEqual(code, 0, output)
        files = {file["name"]: file for file in json.loads(output)["file"]}
        self.assertEqual(sorted(name for name in files if not name.startswith("google/protobuf/")), self.protos)
        comments = [place.get("leadingComments", "") for place in files["relais/error/v1/reason.proto"]["sourceCodeInfo"]["location"]]
        self.assertTrue(any("The upstream does not know the resource" in comment for comment in comments))

    def test_the_service_config_repeats_only_what_changes_nothing(self):
        with open(os.path.join(self.unpacked, "relais_service_config.json"), encoding="utf-8") as file:
            configs = json.load(file)["methodConfig"]
        repeated = {name["method"] for config in configs if "retryPolicy" in config for name in config["name"]}
        others = {name["method"] for config in configs if "retryPolicy" not in config for name in config["name"]}
        self.assertLessEqual({"GetQueue", "QueryRecords", "StreamRecords", "ListCampaigns"}, repeated)
        self.assertLessEqual({"CreateJob", "LaunchCampaign", "StartJobs", "DeleteExport"}, others)
        timed = {name["method"] for config in configs if "timeout" in config for name in config["name"]}
        self.assertFalse({"StreamRecords", "WatchJobs", "TailRobotLogs"} & timed)


if __name__ == "__main__":
    unittest.main()

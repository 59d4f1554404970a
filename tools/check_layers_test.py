#!/usr/bin/env python3
"""Shows that tools/check_layers catches what it promises to catch, and nothing else."""

import os
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check_layers")


def check(files):
    """Runs check_layers on a tree of {path: text}; returns (exit code, standard output)."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run([sys.executable, SCRIPT, root], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout


class CheckLayers(unittest.TestCase):

    def refuses(self, path, include, rule):
        status, output = check({path: f"// First line.\n#include {include}\n"})
        self.assertEqual(status, 1, output)
        self.assertEqual(len(output.splitlines()), 1, output)
        self.assertIn(f"{path}:2: ", output)
        self.assertIn(rule, output)

    def accepts(self, path, include):
        status, output = check({path: f"#include {include}\n"})
        self.assertEqual(status, 0, output)

    def test_layers_include_only_what_lies_below(self):
        self.refuses("server/base/a.cc", '"server/net/b.h"', "base may include only base")
        self.refuses("server/net/a.h", '"server/upstream/b.h"', "net may include only base, net")
        self.refuses("server/watch/a.h", '"server/net/b.h"', "watch may include only base, watch")
        self.refuses("server/rpc/a.cc", '"server/upstream/b.h"', "rpc may include only")
        self.refuses("server/upstream/a.cc", '"server/recordsql/codec.h"', "upstream may include only")
        self.refuses("server/upstream/a.cc", '"server/config.h"', "wiring")
        self.refuses("server/json/a.cc", '"server/net/b.h"', "json may include only base, json")
        self.refuses("server/net/a.cc", '"server/json/b.h"', "net may include only base, net")
        self.refuses("server/robot/backend.cc", '"server/json/b.h"', "a backend file")
        self.accepts("server/robot/codec.cc", '"server/json/b.h"')
        self.accepts("server/upstream/a.cc", '"server/net/b.h"')
        self.accepts("server/rpc/a.cc", '"server/watch/b.h"')

    def test_the_core_knows_no_grpc_protobuf_or_json(self):
        for layer in ("base", "net", "upstream", "watch"):
            self.refuses(f"server/{layer}/a.cc", "<grpcpp/server.h>", "knows no gRPC")
            self.refuses(f"server/{layer}/a.h", '"google/protobuf/message.h"', "knows no Protobuf")
            self.refuses(f"server/{layer}/a.cc", '"relais/error/v1/reason.pb.h"', "knows no Protobuf")
            self.refuses(f"server/{layer}/a.cc", "<nlohmann/json.hpp>", "knows no JSON")
            self.refuses(f"server/{layer}/a.cc", '"simdjson.h"', "knows no JSON")
        self.refuses("server/json/a.h", '"google/protobuf/message.h"', "knows no Protobuf")
        self.accepts("server/json/a.h", "<simdjson.h>")

    def test_a_service_is_built_in_one_direction(self):
        self.refuses("server/robot/codec.cc", '"server/robot/backend.h"', "codec <- backend <- service")
        self.refuses("server/robot/backend.cc", '"server/robot/service.h"', "codec <- backend <- service")
        self.refuses("server/robot/codec.cc", '"server/net/http_transport.h"', "codec file")
        self.refuses("server/robot/jobs_backend.cc", '"server/rpc/rows.h"', "not rpc")
        self.refuses("server/robot/filter.cc", '"server/robot/backend.h"', "codec <- backend <- service")
        self.accepts("server/robot/service.cc", '"server/robot/backend.h"')
        self.accepts("server/robot/backend.cc", '"server/robot/jobs_codec.h"')
        self.accepts("server/robot/codec_test.cc", '"server/robot/backend.h"')

    def test_only_the_service_sees_generated_grpc_code_and_only_rpc_the_library(self):
        self.refuses("server/robot/backend.cc", '"relais/robot/v1/robot.grpc.pb.h"', "knows no gRPC")
        self.refuses("server/robot/codec.cc", "<grpcpp/support/status.h>", "knows no gRPC")
        self.refuses("server/robot/service.cc", "<grpcpp/server.h>", "does not touch gRPC itself")
        self.accepts("server/robot/service.cc", '"relais/robot/v1/robot.grpc.pb.h"')
        self.accepts("server/robot/codec.cc", '"relais/robot/v1/robot.pb.h"')
        self.accepts("server/rpc/unary.h", "<grpcpp/support/async_unary_call.h>")

    def test_services_do_not_include_each_other(self):
        self.refuses("server/robot/service.cc", '"server/jobqueue/backend.h"', "must not include service jobqueue")
        self.refuses("server/robot/codec_test.cc", '"server/jobqueue/codec.h"', "must not include service jobqueue")

    def test_gateway_and_sandbox_meet_only_where_the_tables_say(self):
        self.refuses("server/services.cc", '"sandbox/sandbox.h"', "may include sandbox/")
        self.refuses("sandbox/recordsql/engine.cc", '"server/base/error.h"', "sandbox/ may include of server/ only")
        self.accepts("server/dev.cc", '"sandbox/sandbox.h"')
        self.accepts("sandbox/recordsql/engine.cc", '"server/recordsql/dictionary.h"')

    def test_the_product_does_not_include_its_tests(self):
        self.refuses("server/base/clock.cc", '"tests/support/manual_scheduler.h"', "must not include tests/")
        self.accepts("server/base/clock_test.cc", '"tests/support/manual_scheduler.h"')

    def test_slow_headers_stay_out_of_headers(self):
        self.refuses("tests/support/client.h", "<grpcpp/grpcpp.h>", "too slow to compile")
        self.refuses("sandbox/http.h", "<nlohmann/json.hpp>", "too slow to compile")
        self.accepts("sandbox/http.h", "<nlohmann/json_fwd.hpp>")
        self.accepts("sandbox/http.cc", "<nlohmann/json.hpp>")

    def test_includes_are_written_from_the_root(self):
        tree = {"server/base/a.h": "", "server/base/a.cc": '#include "a.h"\n'}
        status, output = check(tree)
        self.assertEqual(status, 1)
        self.assertIn("server/base/a.cc:1: include files of the project by their path", output)
        self.refuses("server/base/b.cc", '"../net/b.h"', "by their path from its root")

    def test_long_files_are_refused_unless_they_are_tests(self):
        status, output = check({"server/base/a.cc": "\n" * 301})
        self.assertEqual(status, 1)
        self.assertIn("server/base/a.cc:301: 301 lines", output)
        self.assertEqual(check({"server/base/a.cc": "\n" * 300})[0], 0)
        self.assertEqual(check({"server/base/a_test.cc": "\n" * 900})[0], 0)

    def test_a_tree_without_sources_is_an_error(self):
        self.assertEqual(check({})[0], 1)


if __name__ == "__main__":
    unittest.main()

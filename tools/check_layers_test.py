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

    def test_rooms_include_only_what_lies_below(self):
        self.refuses("server/core/base/a.cc", '"server/core/net/b.h"', "core/base may include only core/base")
        self.refuses("server/core/net/a.h", '"server/core/upstream/b.h"', "core/net may include only")
        self.refuses("server/core/watch/a.h", '"server/core/net/b.h"', "core/watch may include only")
        self.refuses("server/rpc/a.cc", '"server/core/upstream/b.h"', "rpc may include only")
        self.refuses("server/core/upstream/a.cc", '"server/services/robot/codec/codec.h"', "not robot")
        self.refuses("server/core/upstream/a.cc", '"server/server.h"', "wiring")
        self.refuses("server/core/net/a.cc", '"server/json/b.h"', "core/net may include only")
        self.refuses("server/json/a.cc", '"server/core/net/b.h"', "json may include only")
        self.refuses("server/gateway/a.cc", '"server/services/robot/names.h"', "not robot")
        self.refuses("server/attic/a.cc", '"server/core/base/b.h"', "there is no room attic")
        self.accepts("server/core/upstream/a.cc", '"server/core/net/b.h"')
        self.refuses("server/cli/a.cc", '"server/rpc/b.h"', "cli may include only")
        self.refuses("server/cli/a.cc", '"server/services/robot/names.h"', "not robot")
        self.accepts("server/rpc/a.cc", '"server/core/watch/b.h"')
        self.accepts("server/cli/a.cc", '"server/core/base/b.h"')
        self.accepts("server/gateway/a.cc", '"server/rpc/b.h"')
        self.accepts("server/server.cc", '"server/services/robot/module.h"')

    def test_a_room_reads_in_one_sitting(self):
        room = {f"server/core/net/{letter}{end}": "" for letter in "abcdefghijklmnopqr" for end in (".h", ".cc", "_test.cc")}
        self.assertEqual(check(room)[0], 0)
        status, output = check({**room, "server/core/net/s.h": ""})
        self.assertEqual(status, 1)
        self.assertIn("server/core/net: 19 files", output)

    def test_what_serves_every_service_names_none(self):
        services = "RELAIS_SERVICE(robot)\nRELAIS_SERVICE(jobqueue)\n"
        for path, text in (("server/config/a.h", "// The robot's.\n"),
                           ("server/config/a.proto", "// One line.\nmessage JobQueue {}\n"),
                           ("server/core/net/a.cc", "int robots = 0;\n"),
                           ("server/admin.cc", 'const char* a = "robot";\n')):
            status, output = check({"server/services.def": services, path: text})
            self.assertEqual(status, 1, output)
            self.assertIn(f"{path}:{len(text.splitlines())}: ", output)
            self.assertIn("is a service's word", output)
        for path in ("server/config/a_test.cc", "server/services/robot/config.cc", "server/services.cc"):
            self.assertEqual(check({"server/services.def": services, path: "// robot\n"})[0], 0)

    def test_one_file_looks_at_the_clock(self):
        for text in ("auto a = absl::Now();\n", "auto a = std::chrono::steady_clock::now();\n"):
            status, output = check({"server/core/net/a.cc": text})
            self.assertEqual(status, 1, output)
            self.assertIn("server/core/net/a.cc:1: only server/core/base/clock.cc looks at a clock", output)
            for path in ("server/core/base/clock.cc", "server/core/net/a_test.cc", "sandbox/a.cc"):
                self.assertEqual(check({path: text})[0], 0)

    def test_one_file_asks_for_random_numbers(self):
        text = "std::random_device device;\n"
        status, output = check({"server/core/net/a.cc": text})
        self.assertEqual(status, 1, output)
        self.assertIn("server/core/net/a.cc:1: only server/core/base/randomness.cc asks for random", output)
        for path in ("server/core/base/randomness.cc", "server/core/net/a_test.cc", "sandbox/a.cc"):
            self.assertEqual(check({path: text})[0], 0)

    def test_a_section_needs_no_more_of_its_service(self):
        robot = "server/services/robot"
        self.accepts(f"{robot}/config.cc", '"server/config/section.h"')
        self.accepts(f"{robot}/config.cc", f'"{robot}/config_key.pb.h"')
        self.accepts(f"{robot}/module.cc", f'"{robot}/config.h"')
        self.accepts("server/config/a_test.cc", '"server/sections.h"')
        self.refuses("server/config/a.cc", '"server/sections.h"', "wiring")
        self.refuses(f"{robot}/config.cc", f'"{robot}/names.h"', "codec <- backend <- api")
        self.refuses(f"{robot}/config.cc", '"server/gateway/settings.h"', "config of a service")

    def test_the_core_knows_no_grpc_protobuf_or_json(self):
        for room in ("base", "aip", "os", "net", "upstream", "watch", "state"):
            self.refuses(f"server/core/{room}/a.cc", "<grpcpp/server.h>", "knows no gRPC")
            self.refuses(f"server/core/{room}/a.h", '"google/protobuf/message.h"', "knows no Protobuf")
            self.refuses(f"server/core/{room}/a.cc", '"relais/error/v1/reason.pb.h"', "knows no Protobuf")
            self.refuses(f"server/core/{room}/a.cc", "<nlohmann/json.hpp>", "knows no JSON")
            self.refuses(f"server/core/{room}/a.cc", '"simdjson.h"', "knows no JSON")
        self.refuses("server/json/a.h", '"google/protobuf/message.h"', "knows no Protobuf")
        self.accepts("server/json/a.h", "<simdjson.h>")

    def test_a_service_is_built_in_one_direction(self):
        robot = "server/services/robot"
        self.refuses(f"{robot}/codec/jobs.cc", f'"{robot}/backend/backend.h"', "codec <- backend <- api")
        self.refuses(f"{robot}/backend/backend.cc", f'"{robot}/api/service.h"', "codec <- backend <- api")
        self.refuses(f"{robot}/names.cc", f'"{robot}/codec/codec.h"', "codec <- backend <- api")
        self.refuses(f"{robot}/api/jobs.cc", f'"{robot}/module.h"', "codec <- backend <- api")
        self.refuses(f"{robot}/codec/jobs.cc", '"server/core/net/http_transport.h"', "codec of a service")
        self.refuses(f"{robot}/backend/jobs.cc", '"server/rpc/calls/rows.h"', "not rpc")
        self.refuses(f"{robot}/api/jobs.cc", '"server/json/reader.h"', "not json")
        self.refuses(f"{robot}/attic/jobs.cc", '"server/json/reader.h"', "a service has no room attic")
        self.refuses("server/services/recordsql/query/a.cc", '"server/services/recordsql/codec/b.h"', "codec <- backend")
        self.accepts(f"{robot}/module.cc", f'"{robot}/api/service.h"')
        self.accepts(f"{robot}/api/jobs.cc", f'"{robot}/names.h"')
        self.accepts(f"{robot}/codec/jobs_test.cc", f'"{robot}/backend/backend.h"')

    def test_upstreams_of_the_sandbox_do_not_know_each_other(self):
        robot, campaign = "sandbox/upstreams/robot", "sandbox/upstreams/campaign"
        self.refuses(f"{robot}/front.cc", f'"{campaign}/options.h"', "only upstreams/campaign itself")
        self.refuses("sandbox/sandbox.cc", f'"{robot}/upstream.h"', "sandbox/upstreams.def names it")
        self.refuses("sandbox/http/a.cc", f'"{robot}/upstream.h"', "sandbox/upstreams.def names it")
        self.refuses("sandbox/http/a.cc", '"sandbox/faults/b.h"', "sandbox/http may include only http")
        self.refuses("sandbox/faults/a.cc", '"sandbox/upstream.h"', "not the top")
        self.refuses("sandbox/attic/a.cc", '"sandbox/upstream.h"', "no room attic")
        self.accepts("sandbox/faults/a.cc", '"sandbox/http/b.h"')
        self.accepts("sandbox/sandbox.cc", '"sandbox/http/b.h"')
        self.accepts(f"{robot}/front.cc", '"sandbox/upstream.h"')
        self.accepts(f"{robot}/front.cc", f'"{robot}/options.h"')
        self.accepts("tests/integration/a.cc", f'"{robot}/options.h"')
        self.accepts("server/dev.cc", f'"{robot}/upstream.h"')

    def test_only_rpc_touches_grpc(self):
        robot = "server/services/robot"
        self.refuses(f"{robot}/backend/backend.cc", '"relais/robot/v1/robot.grpc.pb.h"', "does not touch gRPC")
        self.refuses(f"{robot}/codec/jobs.cc", "<grpcpp/support/status.h>", "does not touch gRPC")
        self.refuses(f"{robot}/api/service.cc", "<grpcpp/server.h>", "does not touch gRPC itself")
        self.refuses("server/config/config.cc", "<grpcpp/server.h>", "knows no gRPC")
        self.accepts(f"{robot}/codec/jobs.cc", '"relais/robot/v1/robot.pb.h"')
        self.accepts("server/rpc/calls/unary.h", "<grpcpp/support/async_unary_call.h>")

    def test_services_do_not_include_each_other(self):
        other = '"server/services/jobqueue/codec/codec.h"'
        self.refuses("server/services/robot/api/service.cc", other, "must not include service jobqueue")
        self.refuses("server/services/robot/codec/codec_test.cc", other, "must not include service jobqueue")

    def test_gateway_and_sandbox_meet_only_where_the_tables_say(self):
        self.refuses("server/server.cc", '"sandbox/sandbox.h"', "may include sandbox/")
        self.refuses("sandbox/upstreams/recordsql/engine.cc", '"server/core/base/error.h"', "sandbox/ may include of server/ only")
        self.accepts("server/dev.cc", '"sandbox/sandbox.h"')
        self.accepts("sandbox/upstreams/recordsql/engine.cc", '"server/services/recordsql/dictionary/dictionary.h"')

    def test_the_product_does_not_include_its_tests(self):
        self.refuses("server/core/base/clock.cc", '"tests/support/manual_scheduler.h"', "must not include tests/")
        self.accepts("server/core/base/clock_test.cc", '"tests/support/manual_scheduler.h"')

    def test_slow_headers_stay_out_of_headers(self):
        self.refuses("tests/support/client.h", "<grpcpp/grpcpp.h>", "too slow to compile")
        self.refuses("sandbox/http.h", "<nlohmann/json.hpp>", "too slow to compile")
        self.accepts("sandbox/http.h", "<nlohmann/json_fwd.hpp>")
        self.accepts("sandbox/http.cc", "<nlohmann/json.hpp>")

    def test_includes_are_written_from_the_root(self):
        tree = {"server/core/base/a.h": "", "server/core/base/a.cc": '#include "a.h"\n'}
        status, output = check(tree)
        self.assertEqual(status, 1)
        self.assertIn("server/core/base/a.cc:1: include files of the project by their path", output)
        self.refuses("server/core/base/b.cc", '"../net/b.h"', "by their path from its root")

    def test_long_files_are_refused_unless_they_are_tests(self):
        status, output = check({"server/core/base/a.cc": "\n" * 301})
        self.assertEqual(status, 1)
        self.assertIn("server/core/base/a.cc:301: 301 lines", output)
        self.assertEqual(check({"server/core/base/a.cc": "\n" * 300})[0], 0)
        self.assertEqual(check({"server/core/base/a_test.cc": "\n" * 900})[0], 0)

    def test_a_tree_without_sources_is_an_error(self):
        self.assertEqual(check({})[0], 1)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Clients without a proxy: gRPC's own xDS, in gRPC C++ 1.51 (`relaisd call`) and in a current one, before two gateways."""

import os
import re
import subprocess
import sys
import threading
import unittest

from control_plane import NAME, REQUEST_ID, ControlPlane
from processes import RELAISD, SECONDS, Gateway, eventually

METHOD = "/relais.recordsql.v1.RecordSqlService/ListErps"
# A client of a current gRPC that calls until its input ends, then says how many calls failed. A program of its own, since the
# bootstrap is read once.
LASTING = f"""
import sys, threading, grpc
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
with grpc.insecure_channel("xds:///{NAME}") as channel:
    call = channel.unary_unary("{METHOD}")
    done = failed = 0
    while not ended.is_set():
        try:
            assert b"sandbox" in call(b"", timeout=10, metadata=[("{REQUEST_ID}", str(done))])
        except grpc.RpcError as error:
            failed += 1
            print(error.code(), error.details(), file=sys.stderr)
        done += 1
        if done == 20:
            print("calling", flush=True)
print(done, failed, flush=True)
"""
SAME_ID = f"""
import grpc
with grpc.insecure_channel("xds:///{NAME}") as channel:
    for _ in range(8):
        channel.unary_unary("{METHOD}")(b"", timeout=10, metadata=[("{REQUEST_ID}", "the-same")])
"""


class Proxyless(unittest.TestCase):
    def setUp(self):
        self.gateways = [Gateway("--set", "server.drain_delay=1s") for _ in range(2)]
        for gateway in self.gateways:
            self.addCleanup(gateway.stop)

    def serve(self, policy):
        self.plane = ControlPlane((gateway.address for gateway in self.gateways), policy)
        self.addCleanup(self.plane.stop)
        self.environment = {**os.environ, "GRPC_XDS_BOOTSTRAP_CONFIG": self.plane.bootstrap()}

    def calls(self, gateway, method="ListErps"):
        """That have ended well; of any method without one."""
        return sum(int(count) for code, name, count in re.findall(
            r'^grpc_server_handled_total{grpc_code="(\w+)",grpc_method="(\w+)".*} (\d+)$', gateway.metrics(), re.MULTILINE)
            if code == "OK" and method in (name, None))

    def counts(self, method="ListErps"):
        return [self.calls(gateway, method) for gateway in self.gateways]

    def test_grpc_1_51_finds_both_gateways(self):
        self.serve("ROUND_ROBIN")
        for _ in range(4):
            called = subprocess.run([RELAISD, "call", "--address", f"xds:///{NAME}", "RecordSqlService/ListErps"],
                                    env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False)
            self.assertEqual(called.returncode, 0, called.stderr)
            self.assertIn("erps/sandbox", called.stdout)
        self.assertEqual(sum(self.counts()), 4)
        # Its questions to reflection are calls too.
        self.assertTrue(all(self.counts(method=None)), self.counts(method=None))
        self.assertEqual(self.plane.refused, [])

    def test_a_current_client_sends_equal_request_ids_to_one_gateway(self):
        self.serve("RING_HASH")
        called = subprocess.run([sys.executable, "-c", SAME_ID], env=self.environment, capture_output=True, text=True,
                                timeout=SECONDS, check=False)
        self.assertEqual(called.returncode, 0, called.stderr)
        self.assertEqual(sorted(self.counts()), [0, 8])

    def test_a_gateway_that_is_taken_out_and_stopped_costs_a_current_client_no_call(self):
        self.serve("RING_HASH")
        with subprocess.Popen([sys.executable, "-c", LASTING], env=self.environment, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as client:
            timer = threading.Timer(SECONDS, client.kill)
            timer.start()
            self.assertEqual(client.stdout.readline().strip(), "calling")
            self.assertTrue(all(self.counts()), self.counts())
            staying, going = self.gateways
            self.plane.change([staying.address])
            self.assertEqual(going.stop(), 0)
            before = self.calls(staying)
            eventually(lambda: self.calls(staying) > before + 20, "calls go on")
            client.stdin.close()
            done, failed = map(int, client.stdout.read().split())
            timer.cancel()
        self.assertGreater(done, 40)
        self.assertEqual(failed, 0)
        self.assertEqual(self.plane.refused, [])


if __name__ == "__main__":
    unittest.main()

"""Certificates are replaced under load: of the gateways, of the front on both of its sides, and of the authority inside."""

import os
import threading

from harness.waiting import eventually
from mesh.calls import RECORDS, call, code
from mesh.certificates import Authority, replace, write_pair
from mesh.mesh import Mesh

ROTATIONS = int(os.environ.get("RELAIS_ROTATIONS", "3"))
# Connections between front and gateways last a second, so that every certificate is used.
SETTINGS = {"server.max_connection_age": "1s", "server.max_connection_grace": "10s"}


class Caller:
    """Calls on new connections, each of which shakes hands anew, until the block ends."""

    def __init__(self, mesh):
        self._mesh, self._over = mesh, threading.Event()
        self.made, self.failures = 0, []
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        token = self._mesh.token("reader")
        while not self._over.wait(0.005):
            with self._mesh.channel(token) as channel:
                for _ in range(5):
                    ended = code(channel, f"{RECORDS}/ListErps")
                    self.made += 1
                    if ended != "OK":
                        self.failures.append(ended)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


def await_taken(mesh, count):
    eventually(lambda: min(gateway.metric("relais_tls_reloads_total", result="taken_over") for gateway in mesh.gateways) >= count,
               "gateways have taken over their certificates", 30)


def issue_all(mesh, inside, number):
    write_pair(mesh.certificates, "gateway", inside.issue(f"gateway {number}", dns=["relais-gateway"]))
    write_pair(mesh.certificates, "front", inside.issue(f"front {number}", dns=["relais-front"]))
    write_pair(mesh.certificates, "edge", mesh.callers.issue(f"edge {number}", dns=["localhost"]))


def test_certificates_and_their_authority_change_and_no_call_fails():
    with Mesh(settings=SETTINGS) as mesh, Caller(mesh) as caller:
        for number in range(1, ROTATIONS + 1):
            issue_all(mesh, mesh.inside, number)
            await_taken(mesh, number)
        # A new authority: trusted beside the old one, then used, then alone.
        old, new = mesh.inside, Authority("inside anew")
        replace(mesh.certificates / "gateways-ca.pem", old.pem + new.pem)
        await_taken(mesh, ROTATIONS + 1)
        issue_all(mesh, new, ROTATIONS + 1)
        await_taken(mesh, ROTATIONS + 2)
        handshakes = mesh.front.stat("cluster.gateways.ssl.handshake")
        eventually(lambda: mesh.front.stat("cluster.gateways.ssl.handshake") >= handshakes + 4, "all connections to gateways are new ones", 20)
        replace(mesh.certificates / "gateways-ca.pem", new.pem)
        await_taken(mesh, ROTATIONS + 3)
    print(f"{ROTATIONS + 2} rotations, {caller.made} calls, {len(caller.failures)} failed, {handshakes} handshakes with gateways")
    assert caller.failures == [] and caller.made > 50


def test_a_pair_that_does_not_match_is_kept_out_on_both_sides():
    with Mesh(gateways=1, settings=SETTINGS) as mesh:
        gateway = mesh.inside.issue("gateway", dns=["relais-gateway"])
        replace(mesh.certificates / "gateway.pem", gateway[0])  # its key does not come
        edge = mesh.callers.issue("edge", dns=["localhost"])
        replace(mesh.certificates / "edge.pem", edge[0])
        eventually(lambda: mesh.gateways[0].metric("relais_tls_reloads_total", result="kept_out") >= 1
                   and mesh.front.stat("sds.edge.key_rotation_failed") >= 1, "both have noticed", 20)
        assert "certificate kept out" in mesh.gateways[0].log.read_text()
        with mesh.channel(mesh.token("reader")) as channel:
            assert call(channel, f"{RECORDS}/ListErps")
        # With the keys the pairs are right.
        replace(mesh.certificates / "gateway.key", gateway[1])
        replace(mesh.certificates / "edge.key", edge[1])
        await_taken(mesh, 1)
        with mesh.channel(mesh.token("reader")) as channel:
            assert call(channel, f"{RECORDS}/ListErps")

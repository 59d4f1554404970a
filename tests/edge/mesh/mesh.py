"""All of it together, and ways to call it."""

import http.client
import pathlib
import signal
import ssl
import tempfile

import grpc
from harness.waiting import eventually

from mesh.certificates import Authority, write_pair
from mesh.envoy import Envoy
from mesh.gateway import Gateway, Sandbox
from mesh.issuer import Issuer

ROOT = pathlib.Path(__file__).resolve().parents[3]
ORIGIN = "https://app.example"
CALLER = "spiffe://relais/caller/"


class Mesh:
    """`settings` of the gateways, of the `sandbox`; `front`: values of deploy/envoy/generate; `drain` in seconds."""

    def __init__(self, gateways=2, settings=None, drain=2, sandbox=None, **front):
        self._temporary = tempfile.TemporaryDirectory(prefix="relais-mesh-")
        self._folder = pathlib.Path(self._temporary.name)
        self.certificates = self._folder / "certificates"
        self.certificates.mkdir()
        self.callers, self.inside = Authority("callers"), Authority("inside")
        (self.certificates / "callers-ca.pem").write_bytes(self.callers.pem)
        (self.certificates / "gateways-ca.pem").write_bytes(self.inside.pem)
        write_pair(self.certificates, "edge", self.callers.issue("edge", dns=["localhost"]))
        write_pair(self.certificates, "front", self.inside.issue("front", dns=["relais-front"]))
        write_pair(self.certificates, "gateway", self.inside.issue("gateway", dns=["relais-gateway"]))
        tls = {"certificate_file": "gateway.pem", "key_file": "gateway.key", "client_ca_file": "gateways-ca.pem"}
        self.settings = {**{f"server.tls.{key}": str(self.certificates / file) for key, file in tls.items()},
                         "server.tls.client_names": "relais-front", "server.caller_header": "x-relais-caller",
                         "server.watches.heartbeat": "0.5s",
                         "server.drain_delay": f"{drain}s", "server.drain_deadline": "5s", **(settings or {})}
        self.issuer, self.sandbox, self.gateways, self.front = None, None, [], None
        try:
            self.issuer = Issuer()
            self.sandbox = Sandbox(self._folder, sandbox or {})
            for number in range(gateways):
                self.gateways.append(Gateway(self._folder / f"gateway-{number}", self.sandbox, self.settings))
            folder = self._folder / "front"
            folder.mkdir()
            self.front = Envoy(folder, self.certificates, self.gateways, self.issuer.keys, [ORIGIN], **front)
        except BaseException:
            self.close()
            raise

    @property
    def target(self):
        return f"localhost:{self.front.port}"

    def token(self, *roles, **more):
        return self.issuer.token(*roles, **more)

    def caller(self, name):
        """A certificate for a caller, and its key."""
        return self.callers.issue(name, uris=[CALLER + name])

    def channel(self, token=None, pair=None, target=None, roots=None):
        """A connection of gRPC, with a token in each call or a certificate."""
        key, chain = (pair[1], pair[0]) if pair else (None, None)
        credentials = grpc.ssl_channel_credentials(roots or self.callers.pem, key, chain)
        if token:
            credentials = grpc.composite_channel_credentials(credentials, grpc.access_token_call_credentials(token))
        return grpc.secure_channel(target or self.target, credentials, [("grpc.use_local_subchannel_pool", 1)])

    def context(self, pair=None):
        context = ssl.create_default_context(cadata=self.callers.pem.decode())
        if pair:
            with tempfile.NamedTemporaryFile(dir=self._folder) as file:
                file.write(pair[0] + pair[1])
                file.flush()
                context.load_cert_chain(file.name)
        return context

    def http(self, pair=None, timeout=30):
        """A connection of HTTP/1.1."""
        return http.client.HTTPSConnection("localhost", self.front.port, context=self.context(pair), timeout=timeout)

    def request(self, method, path, body=None, headers=None, role="administrator", pair=None):
        """One request: status, headers, body. `role`: of a token; None: without."""
        token = {"authorization": f"Bearer {self.token(role)}"} if role else {}
        connection = self.http(pair)
        try:
            connection.request(method, path, body, {**token, **(headers or {})})
            reply = connection.getresponse()
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
        finally:
            connection.close()

    def logged(self, part, seconds=20):
        """The first line with `part` in the log of a gateway, who writes it a moment later."""
        def found():
            lines = (line for gateway in self.gateways for line in gateway.log.read_text().splitlines())
            return next((line for line in lines if part in line), None)

        return eventually(found, f"a gateway has logged {part}", seconds)

    def close(self):
        for part in (self.front, self.issuer):
            if part is not None:
                part.close()
        for gateway in self.gateways:
            gateway.stop(signal.SIGKILL)
        if self.sandbox is not None:
            self.sandbox.close()
        self._temporary.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

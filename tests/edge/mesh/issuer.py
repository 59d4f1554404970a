"""Who makes the tokens of callers: keys over HTTP as any issuer publishes them, and tokens, right ones and wrong ones."""

import http.server
import json
import threading
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

NAME = "https://issuer.example"
AUDIENCE = "relais"


class Issuer:
    def __init__(self):
        self._keys = {"rsa": ("RS256", rsa.generate_private_key(65537, 2048)), "ec": ("ES256", ec.generate_private_key(ec.SECP256R1()))}
        # Not published.
        self._foreign = rsa.generate_private_key(65537, 2048)
        keys = []
        for name, (algorithm, key) in self._keys.items():
            public = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
            keys.append({**public, "kid": name, "alg": algorithm, "use": "sig"})
        body = json.dumps({"keys": keys}).encode()

        class Published(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Published)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.keys = f"http://127.0.0.1:{self._server.server_port}/jwks.json"

    def token(self, *roles, key="rsa", without=(), headers=None, **claims):
        """A token of a caller named after its roles; `without` and `claims` make it a wrong one."""
        now = int(time.time())
        content = {"iss": NAME, "aud": AUDIENCE, "sub": f"{'-'.join(roles) or 'nobody'}@example", "iat": now, "exp": now + 3600,
                   "roles": list(roles), **claims}
        for name in without:
            del content[name]
        if key == "none":
            return jwt.encode(content, None, algorithm="none", headers={"kid": "rsa"})
        if key == "foreign":
            return jwt.encode(content, self._foreign, algorithm="RS256", headers={"kid": "rsa"})
        algorithm, private = self._keys[key]
        return jwt.encode(content, private, algorithm=algorithm, headers={"kid": key, **(headers or {})})

    def close(self):
        self._server.shutdown()
        self._server.server_close()

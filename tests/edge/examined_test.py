"""Schemathesis asks REST what the description promises, and much that it does not; examined/schemathesis.toml says what it checks.

RELAIS_EXAMINE=all asks every boundary of every parameter too, some 15 000 requests; without, one random one an
operation is asked beside the examples.
"""

import os
import pathlib
import subprocess
import sys

import pytest
from mesh.description import FILE, OPERATIONS
from mesh.mesh import Mesh

EXAMINED = pathlib.Path(__file__).parent / "examined"
ALL = os.environ.get("RELAIS_EXAMINE") == "all"
PHASES = ["examples,coverage,fuzzing", "--max-examples", "10"] if ALL else ["examples,fuzzing", "--max-examples", "1"]


@pytest.fixture
def short_mesh():
    # A watch of what there is ends before schemathesis gives it up.
    with Mesh(gateways=1, settings={"server.watches.max_age": "1s"}) as mesh:
        yield mesh


def test_nothing_is_found(short_mesh, tmp_path):
    mesh = short_mesh
    authorities = tmp_path / "callers-ca.pem"
    authorities.write_bytes(mesh.callers.pem)
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", EXAMINED / "schemathesis.toml", "run", FILE,
         "--url", f"https://{mesh.target}", "--tls-verify", authorities, "-H", f"Authorization: Bearer {mesh.token('administrator')}",
         "--phases", *PHASES, "--generation-database", "none", "--no-color", "--seed", "14", "--continue-on-failure", "--workers", "2",
         "--request-timeout", "20"],
        cwd=tmp_path, env={**os.environ, "SCHEMATHESIS_HOOKS": str(EXAMINED / "lines.py")}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=3000 if ALL else 120, check=False)
    print(done.stdout[-900:])
    assert f"{len(OPERATIONS)} selected / {len(OPERATIONS)} total" in done.stdout, "operations are left out"
    assert done.returncode == 0, done.stdout[-20_000:]

"""A client of a gateway with its sandbox: one for each file of tests, since they change what is there."""

import pathlib
import sys

import pytest
import relais

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "clients/python/tests"))
import gateway  # noqa: E402


@pytest.fixture(scope="module")
def client():
    with gateway.running("--set", "recordsql.erps.sandbox.permissions.debug=true") as target, relais.connect(target) as connected:
        yield connected

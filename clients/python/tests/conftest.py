import gateway
import pytest


@pytest.fixture(scope="session")
def target():
    with gateway.running() as address:
        yield address
